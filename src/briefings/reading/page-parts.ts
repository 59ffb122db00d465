import { mayGive } from '../../access/gifts';
import type { Viewer } from '../../access/viewer';
import type { PageHead } from '../../http/site-context';
import type { Language } from '../../lib/language';
import { renderMarkdown, type Placing } from '../../lib/markdown';
import type { BriefingShape } from '../../site/shape/shape';
import { tierTextsIn } from '../../membership/tiers';
import { KeptTexts } from '../../stores/kept-texts';
import type { BriefingContent, Picture } from '../content';
import { READER_TEXTS } from '../fields';
import { picturePath, pictureSet } from '../pictures/queries';
import { formatDay } from './cards';
import { LocaleFallback } from './localized';
import type { BriefingPage, LocalizedHtml, TierMark } from './page-types';
import type { ReadBriefing, TierRow } from './queries';

const WORDS_PER_MINUTE = 220;

/** Where the pictures of a page are to be had. */
export type AddressOf = (picture: Picture, name: string) => { readonly src: string; readonly srcset: string | null };

/** A tier by its name; one that nobody knows by its slug. */
export function markOf(slug: string, tiers: readonly TierRow[], language: Language): TierMark {
  const tier = tiers.find((one) => one.slug === slug);
  return { slug, name: tier ? tierTextsIn(tier, language).name : slug };
}

/** What was put right after publishing, in the page's language or the best there is. */
export function correctionsOf(read: ReadBriefing, language: Language): BriefingPage['corrections'] {
  return read.corrections.map(({ createdAt, texts }) => {
    const langs = texts.map(({ lang }) => lang);
    const fallback = new LocaleFallback(language.code, read.content.original, langs);
    const said = fallback.text((lang) => texts.find((one) => one.lang === lang)?.text);
    return { day: formatDay(createdAt, language), text: said ?? { text: '', lang: null } };
  });
}

/** Where this viewer may give a briefing away; null: they may not. */
export const giveAddress = (
  slug: string,
  viewer: Viewer,
  tiers: readonly TierRow[],
  { prefix }: Language,
): string | null =>
  (viewer.role === 'reader' || viewer.role === 'preview') && viewer.gift === undefined && mayGive(viewer.rank, tiers)
    ? `${prefix}/account/gifts/new?briefing=${slug}`
    : null;

/** Where readers find the pictures of a page. */
export const forReaders =
  ({ widths }: Pick<ReadBriefing, 'widths'>): AddressOf =>
  (picture) => ({ src: picturePath(picture), srcset: pictureSet(picture, widths.get(picture.id) ?? []) });

/** Characters of texts and their HTML that are kept. */
const MOST_KEPT = 4_000_000;

const rendered = new KeptTexts(MOST_KEPT);

/**
 * Markdown as HTML, with the words of the page's language. Kept by the text itself and everything else it depends on,
 * so that nobody gets what they did not have the text of; but for texts with footnotes, whose words a publisher may
 * change.
 */
export function html(
  { value, lang }: { value: string; lang: string | null },
  placing: Omit<Placing, 'words'>,
  language: Language,
): LocalizedHtml {
  const { top, id, pictures } = placing;
  const render = () => rendering({ value, lang }, placing, language);
  if (value.includes('[^')) return { html: render(), lang };
  const shown = value.includes('![') ? [...(pictures ?? [])] : [];
  return { html: rendered.get(JSON.stringify([top, id, shown]) + value, render), lang };
}

function rendering(
  { value, lang }: { value: string; lang: string | null },
  placing: Omit<Placing, 'words'>,
  { say, code }: Language,
): string {
  const words: Placing['words'] = {
    note: (n) => say('footnote.note', { n }),
    back: (n) => say('footnote.back', { n }),
    heading: say('footnote.heading'),
    lang: lang === null ? null : code,
  };
  return renderMarkdown(value, { ...placing, words });
}

/** Pixels of the picture that is drawn of a briefing's title. */
export const SHARING_SIZE = { width: 1200, height: 630 } as const;

/** What stands for a briefing where it is shared: its cover, else the picture that is drawn of its title. */
export function sharedPicture(
  { cover, path, title }: Pick<BriefingPage, 'cover' | 'path' | 'title'>,
  publicUrl: string,
): NonNullable<PageHead['ogImage']> {
  const absolute = (address: string) => new URL(address, publicUrl).href;
  return cover
    ? { href: absolute(cover.src), width: cover.width, height: cover.height, alt: cover.alt.text || null }
    : { href: absolute(`${path}/sharing.png`), ...SHARING_SIZE, alt: title.text };
}

/** Minutes to read what is open to everybody: never a measure of what is gated. */
export function minutes(content: BriefingContent, { lists }: BriefingShape, fallback: LocaleFallback): number {
  const inStory = lists.filter(({ place }) => place === 'story');
  const texts = [
    ...READER_TEXTS.map((name) => fallback.text((lang) => content.editions[lang]?.[name])?.text),
    fallback.choose((lang) => content.editions[lang]?.body)?.value,
    ...inStory.flatMap(({ slug }) => fallback.list((lang) => content.editions[lang]?.lists[slug])?.items ?? []),
  ];
  const words = texts.join(' ').split(/\s+/).filter(Boolean).length;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE));
}
