import { formError, limited } from '../accounts/pages';
import { cardView } from '../briefings/reading/cards';
import { pagingOf } from '../briefings/reading/paging';
import { tierTextsIn } from '../membership/tiers';
import type { Language } from '../lib/language';
import { facetViews, narrowedTo } from './facet-views';
import { longNameOf, type BriefingShape } from '../site/shape/shape';
import { FILTERS, SORTS, searchPath, type SearchQuery } from './forms';
import { savedQuery } from './matches';
import type { MarkedText, ResultView, SearchPage } from './page-types';
import type { FoundBriefing, SearchResult } from './queries';
import type { Segment } from './snippets';

/**
 * The page of a search in this language; `result` null: nothing is looked for yet, or it cannot be. `wait`: seconds
 * until somebody who has asked too often may ask again. `follows`: is it a member's?
 */
export function searchPage(
  query: SearchQuery,
  result: SearchResult | null,
  shape: BriefingShape,
  language: Language,
  { wait = null, follows = false }: { readonly wait?: number | null; readonly follows?: boolean } = {},
): SearchPage {
  const { say, prefix } = language;
  const more = result?.more ?? false;
  const count = (n: number) => (more ? `${language.number(n)}+` : language.number(n));
  const holding = result?.found.filter(({ locked }) => locked.length > 0).length ?? 0;
  return {
    action: `${prefix}/search`,
    q: query.q,
    error:
      wait !== null ? formError(language, { refused: limited(wait) }) : query.tooLong ? say('search.too-long') : null,
    hidden: [
      ...FILTERS.map((name) => ({ name, value: query.filters[name] ?? '' })),
      { name: 'sort', value: query.sort },
    ].filter(({ value }) => value !== '' && value !== 'relevance'),
    state: result === null ? 'start' : result.total === 0 ? 'empty' : 'found',
    count: result && (more ? say('search.count.more', { n: result.total }) : say('search.count', { n: result.total })),
    holdMore: holding > 0 ? say('search.hold-more', { n: holding }) : null,
    sorts: SORTS.filter((sort) => sort !== 'relevance' || query.q !== '').map((sort) => ({
      label: say(`search.sort.${sort}`),
      href: searchPath(prefix, { ...query, sort, page: 1 }),
      current: sort === query.sort,
    })),
    narrowed: result ? narrowedTo(result.facets, query, language, shape) : [],
    follow: follows && savedQuery(query) !== '' ? `${prefix}/account/follow?${savedQuery(query)}` : null,
    facets: result && result.total > 0 ? facetViews(result.facets, query, language, shape, count) : [],
    results: (result?.found ?? []).map((one) => resultView(one, shape, language)),
    suggestions: result ? suggestionsOf(query, result, language) : [],
    paging: result && pagingOf(query.page, result.pages, (page) => searchPath(prefix, { ...query, page })),
  };
}

/** The same search with one of its words replaced. */
function suggestionsOf(
  query: SearchQuery,
  { suggestions }: SearchResult,
  { prefix }: Language,
): SearchPage['suggestions'] {
  return [...suggestions].flatMap(([typed, words]) =>
    words.map((word) => ({
      label: query.q.replace(typed, word),
      href: searchPath(prefix, { ...query, q: query.q.replace(typed, word), page: 1 }),
    })),
  );
}

function resultView(found: FoundBriefing, shape: BriefingShape, language: Language): ResultView {
  const card = cardView(found.card, language, shape);
  const marked = (segments: readonly Segment[] | null, whole: { text: string; lang: string | null }): MarkedText => ({
    segments: segments ?? [{ text: whole.text, hit: false }],
    lang: whole.lang,
  });
  return {
    card,
    title: marked(found.title, card.title),
    summary: card.summary && marked(found.summary, card.summary),
    snippets: found.snippets.map(({ of, segments }) => ({
      label:
        typeof of.of === 'string' ? language.say(`search.in.${of.of}`) : longNameOf(shape.kinds, of.of.kind, language),
      segments,
      lang: of.lang === language.code ? null : of.lang,
    })),
    locked: lockedLabels(found, language),
  };
}

/** One line for each tier that opens more of it. */
function lockedLabels({ locked }: FoundBriefing, language: Language): string[] {
  const tiers = [...new Set(locked.map(({ tier }) => tier))];
  return tiers.map((tier) =>
    language.say('search.locked', {
      n: locked.filter((one) => one.tier === tier).reduce((sum, one) => sum + one.passages, 0),
      tier: tierTextsIn(tier, language).name,
    }),
  );
}
