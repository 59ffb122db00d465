import type { Language } from '../../lib/language';
import { renderMarkdown, type Placing } from '../../lib/markdown';
import type { BriefingShape } from '../../site/shape/shape';
import { tierTextsIn } from '../../membership/tiers';
import type { BriefingContent, Picture } from '../file/content';
import { picturePath, pictureSet } from '../pictures/queries';
import type { LocaleFallback } from './localized';
import type { LocalizedHtml, TierMark } from './page-types';
import type { ReadBriefing, TierRow } from './queries';

const WORDS_PER_MINUTE = 220;

/** Where the pictures of a page are to be had. */
export type AddressOf = (picture: Picture, name: string) => { readonly src: string; readonly srcset: string | null };

/** A tier by its name; one that nobody knows by its slug. */
export function markOf(slug: string, tiers: readonly TierRow[], language: Language): TierMark {
  const tier = tiers.find((one) => one.slug === slug);
  return { slug, name: tier ? tierTextsIn(tier, language).name : slug };
}

/** Where readers find the pictures of a page. */
export const forReaders =
  ({ widths }: Pick<ReadBriefing, 'widths'>): AddressOf =>
  (picture) => ({ src: picturePath(picture), srcset: pictureSet(picture, widths.get(picture.id) ?? []) });

/** Markdown as HTML, with the words of the page's language. */
export function html(
  { value, lang }: { value: string; lang: string | null },
  placing: Omit<Placing, 'words'>,
  { say, code }: Language,
): LocalizedHtml {
  const words: Placing['words'] = {
    note: (n) => say('footnote.note', { n }),
    back: (n) => say('footnote.back', { n }),
    heading: say('footnote.heading'),
    lang: lang === null ? null : code,
  };
  return { html: renderMarkdown(value, { ...placing, words }), lang };
}

/** Minutes to read what is open to everybody: never a measure of what is gated. */
export function minutes(content: BriefingContent, { lists }: BriefingShape, fallback: LocaleFallback): number {
  const inStory = lists.filter(({ place }) => place === 'story');
  const texts = [
    fallback.text((lang) => content.editions[lang]?.lead)?.text,
    fallback.text((lang) => content.editions[lang]?.summary)?.text,
    fallback.choose((lang) => content.editions[lang]?.body)?.value,
    ...inStory.flatMap(({ slug }) => fallback.list((lang) => content.editions[lang]?.lists[slug])?.items ?? []),
  ];
  const words = texts.join(' ').split(/\s+/).filter(Boolean).length;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE));
}
