/** How many of a list are answered without a word about it. */
export const FIRST_PAGE = 10;

interface List {
  readonly object: 'list';
  data: unknown[];
  has_more: boolean;
}

/**
 * Cuts the lists within an answer (the lines of an invoice, the items of a subscription) to their first page, in place:
 * the whole of each is at its own address. A list that is the answer itself stays as it is.
 */
export function cutSublists<T>(answer: T): T {
  if (typeof answer !== 'object' || answer === null) return answer;
  for (const value of Object.values(answer) as unknown[]) {
    if (isList(value) && value.data.length > FIRST_PAGE) {
      value.data.length = FIRST_PAGE;
      value.has_more = true;
    }
    cutSublists(value);
  }
  return answer;
}

function isList(value: unknown): value is List {
  return typeof value === 'object' && value !== null && (value as { object?: unknown }).object === 'list';
}
