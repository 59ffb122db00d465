import { dayIn } from '../../lib/local-time';
import type { Language } from '../../lib/language';
import type { SitePages } from '../../site/pages/catalogue';
import { LEGAL_PAGES } from '../../site/pages/names';
import type { Settings } from '../../site/settings/schemas';
import { shownIn, textFor, type ShownText } from '../../site/settings/text-by-language';
import type { Layout } from './layout';

type Way = Settings['navigation']['main'][number];

/** Where a way leads in a language: ours have its prefix. */
const hrefIn = ({ href }: Way, { prefix }: Language): string =>
  href.startsWith('/') ? `${prefix}${href === '/' && prefix ? '' : href}` : href;

const nameOf = (href: string): string => (href.startsWith('/') ? href : new URL(href).hostname.replace(/^www\./, ''));

/** The page of the publisher's own that a way leads to, by its slug; null: it leads elsewhere. */
const slugOf = ({ href }: Pick<Way, 'href'>): string | null => /^\/([a-z0-9-]+)(?:[?#]|$)/.exec(href)?.[1] ?? null;

/** Is there something where a way leads? A page that readers do not meet now is not led to. */
const leadsSomewhere = (pages: SitePages, way: Way): boolean => {
  const slug = slugOf(way);
  return slug === null || !pages.isHidden(slug);
};

/**
 * Ways as a page shows them; one without a name of its own has that of the page or category it leads to, or its
 * address.
 */
export function waysIn(
  ways: readonly Way[],
  language: Language,
  pages: SitePages,
  categories: Layout['nav'] = [],
): Layout['nav'] {
  const titleOf = (way: Way): string | undefined => {
    const page = pages.find(slugOf(way) ?? '');
    return page ? pages.titleOf(page, language.code).text : undefined;
  };
  return ways
    .filter((way) => leadsSomewhere(pages, way))
    .map((way) => {
      const href = hrefIn(way, language);
      const category = categories.find((one) => one.href === href);
      const own = textFor(way.label, language.code, language.firstCode);
      const label = own ?? category?.label ?? titleOf(way) ?? nameOf(way.href);
      return { label, href, current: category?.current ?? false };
    });
}

/** What is led to from the foot of each page where the publisher has placed it nowhere. */
const ALWAYS_LED_TO = ['contact', ...LEGAL_PAGES];

/**
 * What stands at the foot: ways without a heading, then a column for each heading with those behind it. Who publishes
 * this, and on what terms, is led to in any case.
 */
export function footerIn(
  { main, footer, social }: Settings['navigation'],
  language: Language,
  pages: SitePages,
  categories?: Layout['nav'],
): Layout['footer'] {
  const ways: Way[] = [];
  const columns: { heading: ShownText; ways: Way[] }[] = [];
  for (const { heading, ...way } of footer) {
    const shown = shownIn(heading, language.code, language.firstCode);
    if (shown) columns.push({ heading: shown, ways: [way] });
    else (columns.at(-1)?.ways ?? ways).push(way);
  }
  const placed = new Set([...main, ...footer].map(slugOf));
  const others = ALWAYS_LED_TO.filter((slug) => pages.find(slug) && !placed.has(slug));
  ways.push(...others.map((slug) => ({ href: `/${slug}`, label: {} })));
  const shown = (some: readonly Way[]) => waysIn(some, language, pages, categories);
  return {
    ways: shown(ways),
    columns: columns
      .map((one) => ({ heading: one.heading, ways: shown(one.ways) }))
      .filter((one) => one.ways.length > 0),
    social: waysIn(social, language, pages),
  };
}

/**
 * The line above the page; null where there is none for this reader.
 * @param rank the reader's; undefined where the page is nobody's in particular.
 */
export function announcementFor(
  { announcement, announcementLink, announcementTier, announcementEnd }: Settings['navigation'],
  language: Language,
  { rank, rankOf, now }: { rank: number | undefined; rankOf: (slug: string) => number | null; now: Date },
): (ShownText & { readonly href: string | null }) | null {
  const shown = shownIn(announcement, language.code, language.firstCode);
  const over = announcementEnd !== '' && dayIn(now, language.zone) > announcementEnd;
  const meant = announcementTier === '' || (rank !== undefined && rankOf(announcementTier) === rank);
  if (shown === null || over || !meant) return null;
  return { ...shown, href: announcementLink === '' ? null : hrefIn({ href: announcementLink, label: {} }, language) };
}
