import type { Language } from '../../lib/language';
import type { BriefingShape } from '../../site/shape/shape';
import { cardView, categoryLabel, categoryPath } from './cards';
import { LocaleFallback } from './localized';
import type { CategoryPage, LocalizedText } from './page-types';
import { pagingOf } from './paging';
import type { CategoryRow, ReadCategory } from './queries';

/** One page of a category. */
export function categoryPage(
  { category, cards, count, page, pages }: ReadCategory,
  shape: BriefingShape,
  language: Language,
): CategoryPage {
  return {
    slug: category.slug,
    name: categoryLabel(category.slug, category.texts, language).name,
    description: describe(category, language),
    count: language.say('category.count', { n: count }),
    cards: cards.map((row) => cardView(row, language, shape)),
    paging: pagingOf(page, pages, (number) => categoryPath(language, category.slug, number)),
  };
}

function describe(category: CategoryRow, language: Language): LocalizedText | null {
  const fallback = new LocaleFallback(
    language.code,
    language.code,
    category.texts.map(({ lang }) => lang),
  );
  return fallback.text((lang) => category.texts.find((one) => one.lang === lang)?.description);
}
