/**
 * Pages that other rooms know by their address, which is theirs for good: what is accepted, what must be there before
 * money is taken, the words above the form that reaches the publisher, and the questions on the page of prices.
 */
export const FIXED_PAGES = ['terms', 'privacy', 'imprint', 'contact', 'questions'] as const;
export type FixedPage = (typeof FIXED_PAGES)[number];

/** Pages with versions, of which an account accepts one. */
export const ACCEPTED_PAGES = ['terms', 'privacy'] as const satisfies readonly FixedPage[];
export type AcceptedPage = (typeof ACCEPTED_PAGES)[number];

/** What an admin alone publishes: it binds the publisher, or says who that is. */
export const LEGAL_PAGES = ['terms', 'privacy', 'imprint'] as const satisfies readonly FixedPage[];
export type LegalPage = (typeof LEGAL_PAGES)[number];

const among =
  <Name extends string>(names: readonly Name[]) =>
  (slug: string): slug is Name =>
    (names as readonly string[]).includes(slug);

export const isFixed = among(FIXED_PAGES);
export const isAccepted = among(ACCEPTED_PAGES);
export const isLegal = among(LEGAL_PAGES);

/**
 * Names that a page does not take, though no route has them today: what programs look for at the top of a site, and
 * what rooms are called that are there in some installations alone.
 */
const KEPT_FREE = [
  ...['admin', 'api', 'assets', 'auth', 'authors', 'briefings', 'categories', 'dev', 'export', 'feed', 'feeds'],
  ...['import', 'invitations', 'oauth', 'organizations', 'pages', 'pictures', 'public', 'saml', 'sandbox', 'setup'],
  ...['sso', 'static', 'tag', 'tags', 'topics', 'webhooks', 'well-known'],
];

/** Is this the code of a language, or may it become one? Then it stands before the addresses of that language. */
export function isLanguageCode(slug: string): boolean {
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/.test(slug)) return false;
  if (/^[a-z]{2}(?:-|$)/.test(slug) && slug.length <= 5) return true;
  try {
    const named = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    return named.of(slug.split('-')[0]!) !== undefined && named.of(slug) !== undefined;
  } catch {
    return false;
  }
}

/** Has something else this name already? @param taken the first parts of the addresses that routes answer. */
export const isReserved = (slug: string, taken: ReadonlySet<string>): boolean =>
  !isFixed(slug) && (taken.has(slug) || KEPT_FREE.includes(slug) || isLanguageCode(slug));
