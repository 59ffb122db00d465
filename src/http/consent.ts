import type { Language } from '../lib/language';
import { writeShown } from '../site/pages/acceptances';
import type { AcceptablePage, SitePages } from '../site/pages/catalogue';

/** What stands in a form by which somebody accepts the terms, as `partials/consent` prints it. */
export interface Consent {
  readonly text: string;
  /** Each at the address of that very version. */
  readonly documents: readonly { readonly label: string; readonly href: string; readonly lang: string | null }[];
  /** Says which versions were shown; goes back with the form, as `accepted`. */
  readonly shown: string;
}

/**
 * What is accepted by sending a form; null where there is nothing.
 * @param what the phrase that says by what: `consent.<what>`.
 */
export function consentOf(
  pages: Pick<SitePages, 'acceptable' | 'titleOf'>,
  { say, code, prefix }: Language,
  what: 'join' | 'pay' | 'visit',
  asked: readonly AcceptablePage[] = pages.acceptable,
): Consent | null {
  if (asked.length === 0) return null;
  return {
    text: say(`consent.${what}`),
    documents: asked.map((page) => {
      const { text, lang } = pages.titleOf(page, code);
      const label = say('page.version.title', { title: text, n: page.version });
      return { label, lang, href: `${prefix}/${page.slug}/versions/${page.version}` };
    }),
    shown: writeShown(asked),
  };
}
