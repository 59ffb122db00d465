import { item } from './items';
import type { Place } from './addresses';
import type { SearchAnswer } from './answers';
import type { SearchResult } from '../search/queries';

/** One page of a search: public fields of each briefing, and pieces of texts that are open to whoever asked. */
export function search(
  { found, total, more, pages, suggestions }: SearchResult,
  page: number,
  place: Place,
): SearchAnswer {
  return {
    page,
    pages,
    total,
    more,
    items: found.map(({ card, snippets }) => ({
      briefing: item(card, place),
      pieces: snippets.map(({ of, segments }) => ({
        text: segments.map(({ text }) => text).join(''),
        language: of.lang,
      })),
    })),
    suggestions: [...suggestions.values()].flat(),
  };
}
