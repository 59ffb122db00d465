import type { WallTransaction } from '../../stores/postgres/wall';

/** Which briefings are meant. */
export type BriefingFilter = NonNullable<NonNullable<Parameters<WallTransaction['briefing']['count']>[0]>['where']>;

/** Titles said of the briefings that name a record; the rest is a number. */
const NAMED = 5;

/** What keeps a record: the briefings that name it, as readers have them or in their working copy. */
export async function findUsers(db: WallTransaction, names: BriefingFilter) {
  const where = { copyOf: null, OR: [names, { copy: names }] };
  return {
    count: await db.briefing.count({ where }),
    first: await db.briefing.findMany({
      where,
      take: NAMED,
      orderBy: { slug: 'asc' },
      select: { id: true, slug: true, originalLang: true, editions: { select: { lang: true, title: true } } },
    }),
  };
}

export type RecordUsers = Awaited<ReturnType<typeof findUsers>>;
