import type { Paging } from './page-types';

/** Pages that are linked to on either side of this one, beside the first and the last. */
const AROUND = 2;

/** The way through a list: its first and last page, and those around this one; null where one page is all there is. */
export function pagingOf(page: number, pages: number, at: (page: number) => string): Paging | null {
  if (pages === 1) return null;
  const around = Array.from({ length: 2 * AROUND + 1 }, (_, index) => page - AROUND + index);
  const numbers = [...new Set([1, ...around, pages])].filter((number) => number >= 1 && number <= pages);
  return {
    page,
    pages,
    previous: page > 1 ? at(page - 1) : null,
    next: page < pages ? at(page + 1) : null,
    numbers: numbers.map((number) => ({ number, href: at(number), current: number === page })),
  };
}
