import { z } from 'zod';
import { BANDS } from '../briefings/confidence';
import { Failure } from '../lib/failure';
import { searchWords } from '../lib/search-words';

export const SORTS = ['relevance', 'newest', 'oldest'] as const;
export type Sort = (typeof SORTS)[number];

/** Characters of what is typed that are looked for. */
export const MOST_TYPED = 200;

/** What a search may be narrowed to: what stands in the address, one value each. */
export const FILTERS = ['category', 'type', 'domain', 'impact', 'region', 'band', 'organization', 'year'] as const;
export type Filter = (typeof FILTERS)[number];

const slug = z.string().regex(/^[a-z0-9-]{1,80}$/);
const none = z.literal('').transform(() => undefined);
const some = <T extends z.ZodType>(schema: T) => z.union([none, schema]).optional();

const asked = z.object({
  q: z
    .string()
    .max(MOST_TYPED * 20)
    .optional(),
  category: some(slug),
  type: some(slug),
  domain: some(slug),
  impact: some(slug),
  region: some(searchWords(120)),
  band: some(z.enum(BANDS.map(({ name }) => name))),
  organization: some(slug),
  year: some(z.string().regex(/^(?:19|20|21)\d\d$/)),
  sort: some(z.enum(SORTS)),
  page: some(z.string().regex(/^[1-9]\d{0,3}$/)),
});

/** What was asked for, as it stands in the address. */
export interface SearchQuery {
  /** As it was typed, in the form a form shows it again. */
  readonly q: string;
  readonly filters: Readonly<Partial<Record<Filter, string | undefined>>>;
  readonly sort: Sort;
  readonly page: number;
  /** What was typed is longer than what is looked for. */
  readonly tooLong: boolean;
}

/** @throws Failure 400 for what no form of ours asks for. */
export function parseSearch(query: unknown): SearchQuery {
  const parsed = asked.safeParse(query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for in a search');
  const { q = '', sort, page, ...filters } = parsed.data;
  const words = searchWords(MOST_TYPED * 20).safeParse(q);
  if (!words.success) throw new Failure(400, 'what is looked for holds what no form sends');
  return {
    q: words.data,
    filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
    sort: sort ?? (words.data === '' ? 'newest' : 'relevance'),
    page: Number(page ?? 1),
    tooLong: words.data.length > MOST_TYPED,
  };
}

/** Where that search stands: `/search?q=…`, with what differs from what is usual. */
export function searchPath(prefix: string, query: Partial<Omit<SearchQuery, 'tooLong'>>): string {
  const { q = '', filters = {}, sort, page = 1 } = query;
  const usual = q === '' ? 'newest' : 'relevance';
  const given = [
    ['q', q],
    ...FILTERS.map((name) => [name, filters[name] ?? '']),
    ['sort', sort === undefined || sort === usual ? '' : sort],
    ['page', page > 1 ? String(page) : ''],
  ].filter(([, value]) => value !== '') as [string, string][];
  return `${prefix}/search${given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`}`;
}
