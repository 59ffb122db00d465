import { bandOf, BANDS } from '../briefings/confidence';
import { categoryLabel } from '../briefings/reading/cards';
import type { Link } from '../briefings/reading/page-types';
import type { Language } from '../lib/language';
import { longNameOf, nameOf, type BriefingShape } from '../site/shape/shape';
import type { FacetCount, Facets } from './facets';
import { FILTERS, searchPath, type Filter, type SearchQuery } from './forms';
import type { FacetView } from './page-types';

/** Values that are shown at once; the others stand folded. */
const FIRST = 6;
const MOST = 40;

/** What stands for a value in this language; a word the pages do not know stands for itself. */
export function labelOf(
  facet: Filter,
  { value, names }: Pick<FacetCount, 'value' | 'names'>,
  language: Language,
  shape: BriefingShape,
): string {
  switch (facet) {
    case 'category': {
      const texts = [...names].map(([lang, name]) => ({ lang, name }));
      return categoryLabel(value, texts, language).name.text;
    }
    case 'organization':
      return names.get('') ?? value;
    case 'type':
      return nameOf(shape.types, value, language);
    case 'domain':
      return nameOf(shape.domains, value, language);
    case 'impact':
      return longNameOf(shape.impact, value, language);
    case 'band':
      return nameOf(shape.bands, value, language);
    case 'region':
    case 'year':
      return value;
  }
}

/** Scores by the band they fall into, highest band first. */
function inBands(scores: readonly FacetCount[]): FacetCount[] {
  return [...BANDS].reverse().flatMap(({ name }) => {
    const count = scores
      .filter(({ value }) => bandOf(Number(value)).name === name)
      .reduce((sum, one) => sum + one.count, 0);
    return count === 0 ? [] : [{ value: name, count, names: new Map<string, string>() }];
  });
}

function countsOf(facet: Filter, facets: Facets): readonly FacetCount[] {
  if (facet === 'band') return inBands(facets.band);
  if (facet === 'year') return [...facets.year].sort((a, b) => Number(b.value) - Number(a.value));
  return facets[facet];
}

/** What a search can be narrowed to further, without what it is narrowed to already. */
export function facetViews(
  facets: Facets,
  query: SearchQuery,
  language: Language,
  shape: BriefingShape,
  countLabel: (count: number) => string,
): FacetView[] {
  return FILTERS.filter((facet) => query.filters[facet] === undefined).flatMap((facet) => {
    const values = countsOf(facet, facets)
      .slice(0, MOST)
      .map((one) => ({
        label: labelOf(facet, one, language, shape),
        count: countLabel(one.count),
        href: searchPath(language.prefix, {
          ...query,
          filters: { ...query.filters, [facet]: one.value },
          page: 1,
        }),
      }));
    if (values.length === 0) return [];
    return [
      {
        name: facet,
        heading: language.say(`search.facet.${facet}`),
        values: values.slice(0, FIRST),
        rest: values.slice(FIRST),
      },
    ];
  });
}

/** What a search is narrowed to, as the way out of it. A name is said only where something found bears it. */
export function narrowedTo(facets: Facets, query: SearchQuery, language: Language, shape: BriefingShape): Link[] {
  return FILTERS.flatMap((facet) => {
    const value = query.filters[facet];
    if (value === undefined) return [];
    const found = facet === 'band' ? undefined : facets[facet].find((one) => one.value === value);
    const { [facet]: _left, ...others } = query.filters;
    const name = labelOf(facet, found ?? { value, names: new Map() }, language, shape);
    return [
      {
        label: language.say('search.narrowed', { facet: language.say(`search.facet.${facet}`), name }),
        href: searchPath(language.prefix, { ...query, filters: others, page: 1 }),
      },
    ];
  });
}
