import type { WallTransaction } from '../../stores/postgres/wall';

/** Which briefings are meant. */
export type BriefingFilter = NonNullable<NonNullable<Parameters<WallTransaction['briefing']['count']>[0]>['where']>;

/** Titles said of the briefings that name a record; the rest is a number. */
const NAMED = 5;

/** What names a record: a briefing, or a page of the publisher's own. */
export interface RecordUser {
  readonly section: 'briefings' | 'pages';
  readonly id: string;
  readonly slug: string;
  readonly original: string;
  /** By language code. */
  readonly titles: Readonly<Record<string, string>>;
}

/** How much keeps a record, and some of it. */
export interface RecordUsers {
  readonly count: number;
  readonly first: readonly RecordUser[];
}

/** The briefings that name a record, as readers have them or in their working copy, and whatever else does. */
export async function findUsers(
  db: WallTransaction,
  names: BriefingFilter,
  others: readonly RecordUser[] = [],
): Promise<RecordUsers> {
  const where = { copyOf: null, OR: [names, { copy: names }] };
  const rows = await db.briefing.findMany({
    where,
    take: NAMED,
    orderBy: { slug: 'asc' },
    select: { id: true, slug: true, originalLang: true, editions: { select: { lang: true, title: true } } },
  });
  const briefings = rows.map(({ id, slug, originalLang, editions }): RecordUser => ({
    ...{ section: 'briefings', id, slug, original: originalLang },
    titles: Object.fromEntries(editions.flatMap(({ lang, title }) => (title === null ? [] : [[lang, title]]))),
  }));
  return {
    count: (await db.briefing.count({ where })) + others.length,
    first: [...briefings, ...others].slice(0, NAMED),
  };
}
