import { dayIn } from '../lib/local-time';
import type { Language } from '../lib/language';
import type { Settings } from '../site/settings/schemas';
import { shownIn, textFor, type ShownText } from '../site/settings/text-by-language';
import type { Layout } from './layout';

type Way = Settings['navigation']['main'][number];

/** Where a way leads in a language: ours have its prefix. */
const hrefIn = ({ href }: Way, { prefix }: Language): string =>
  href.startsWith('/') ? `${prefix}${href === '/' && prefix ? '' : href}` : href;

const nameOf = (href: string): string => (href.startsWith('/') ? href : new URL(href).hostname.replace(/^www\./, ''));

/** Ways as a page shows them; one without a name of its own has that of the category it leads to, or its address. */
export function waysIn(ways: readonly Way[], language: Language, categories: Layout['nav'] = []): Layout['nav'] {
  return ways.map((way) => {
    const href = hrefIn(way, language);
    const category = categories.find((one) => one.href === href);
    const label = textFor(way.label, language.code, language.firstCode) ?? category?.label ?? nameOf(way.href);
    return { label, href, current: category?.current ?? false };
  });
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
