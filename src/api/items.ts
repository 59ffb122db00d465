import { briefingPath, categoryLabel, type CardRow } from '../briefings/reading/cards';
import { bandOf } from '../briefings/confidence';
import { toSlug } from '../briefings/vocabulary';
import type { LocalizedText } from '../briefings/reading/page-types';
import type { BriefingList } from '../briefings/reading/list-filters';
import { LocaleFallback } from '../briefings/reading/localized';
import type { Language } from '../lib/language';
import { absolute, selfOf, type Place } from './addresses';
import type { BriefingAnswer, ItemAnswer, ListAnswer, TextAnswer } from './answers';

/** A text with the language it is in, spelled out: a program has no page around it to inherit from. */
export function text(localized: LocalizedText, { code }: Pick<Language, 'code'>): TextAnswer {
  return { text: localized.text, language: localized.lang ?? code };
}

/** A score in hundredths as a decimal, with its grade. */
export function confidence(hundredths: number): BriefingAnswer['confidence'] {
  return { score: hundredths / 100, grade: bandOf(hundredths).grade };
}

/** A category by slug and name. */
export function category(
  slug: string,
  texts: readonly { lang: string; name: string }[],
  language: Language,
): BriefingAnswer['category'] {
  return { slug, name: text(categoryLabel(slug, texts, language).name, language) };
}

/** A briefing in a list: public fields, one by one. */
export function item(row: CardRow, place: Place): ItemAnswer {
  const { language } = place;
  const fallback = new LocaleFallback(
    language.code,
    row.originalLang,
    row.editions.map(({ lang }) => lang),
  );
  const edition = (lang: string) => row.editions.find((one) => one.lang === lang);
  const summary = fallback.text((lang) => edition(lang)?.summary);
  return {
    slug: row.slug,
    title: text(fallback.text((lang) => edition(lang)?.title) ?? { text: row.slug, lang: null }, language),
    summary: summary && text(summary, language),
    type: toSlug(row.type),
    category: category(row.categorySlug, row.category.texts, language),
    published: row.publishedAt!.toISOString(),
    updated: row.updatedAt?.toISOString() ?? null,
    confidence: confidence(row.confidence.times(100).toNumber()),
    impact: toSlug(row.impact),
    url: absolute(briefingPath(language, row.slug), place),
    self: selfOf(row.slug, place),
  };
}

/** One page of the list. */
export function list({ cards, count, pages }: BriefingList, page: number, place: Place): ListAnswer {
  return { page, pages, total: count, items: cards.map((row) => item(row, place)) };
}
