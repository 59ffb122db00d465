import { editorialViewer } from '../../access/viewer';
import type { Series } from '../../stores/postgres/series';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import type { Range } from './range';

/** A briefing as the numbers name it. */
export interface Named {
  readonly slug: string;
  readonly titles: ReadonlyMap<string, string>;
  readonly lang: string;
}

/** How often a briefing was read, by rank of whoever read it. */
export interface BriefingReads extends Named {
  readonly reads: ReadonlyMap<number, number>;
  readonly total: number;
}

/** How often the gates of a tier on a briefing were shown, and how far they led. */
export interface GateUse {
  readonly tier: string;
  /** Null: on all briefings together. */
  readonly briefing: Named | null;
  readonly shown: number;
  readonly begun: number;
  readonly done: number;
}

/** What was counted of readings in a range. */
export interface Readings {
  /** By rank, in each bucket. */
  readonly byTime: Series;
  /** The most read ones, most read first. */
  readonly briefings: readonly BriefingReads[];
  /** By tier on all briefings, then the ones shown most. */
  readonly gates: readonly GateUse[];
}

/** Briefings shown; all of them are in the table one takes along. */
const MOST = 20;

/**
 * Days that a range is made of. They were counted as days of the time zone that was set then: after a change of it
 * there may be one that has not begun yet, so there is no last one.
 */
const daysOf = ({ buckets }: Range) => ({ gte: new Date(buckets[0]!.key) });

/** Everything that was counted, as an editor: briefings are named with it. */
export function readReadings(wall: Wall, range: Range): Promise<Readings> {
  return wall.read(editorialViewer, async (db) => {
    const day = daysOf(range);
    const byTime = await readByTime(db, range, day);
    const most = await db.readCount.groupBy({
      by: ['briefingId'],
      where: { day },
      _sum: { reads: true },
      orderBy: [{ _sum: { reads: 'desc' } }, { briefingId: 'asc' }],
      take: MOST,
    });
    const split = await db.readCount.groupBy({
      by: ['briefingId', 'rank'],
      where: { day, briefingId: { in: most.map(({ briefingId }) => briefingId) } },
      _sum: { reads: true },
    });
    const tiers = await db.gateCount.groupBy({ by: ['tierSlug'], where: { day }, _sum: SUMS });
    const gates = await db.gateCount.groupBy({
      by: ['tierSlug', 'briefingId'],
      where: { day },
      _sum: SUMS,
      orderBy: [{ _sum: { shown: 'desc' } }, { briefingId: 'asc' }, { tierSlug: 'asc' }],
      take: MOST,
    });
    const ids = [...most, ...gates].map(({ briefingId }) => briefingId);
    const names = await nameBriefings(db, ids);
    const byRank = (id: string) =>
      new Map(split.filter(({ briefingId }) => briefingId === id).map(({ rank, _sum }) => [rank, _sum.reads ?? 0]));
    return {
      byTime,
      briefings: most.flatMap(({ briefingId, _sum: { reads } }) => {
        const named = names.get(briefingId);
        return named ? [{ ...named, total: reads ?? 0, reads: byRank(briefingId) }] : [];
      }),
      gates: [
        ...tiers.map(({ tierSlug, _sum }) => ({ tier: tierSlug, briefing: null, ...sums(_sum) })),
        ...gates.flatMap(({ tierSlug, briefingId, _sum }) =>
          names.has(briefingId) ? [{ tier: tierSlug, briefing: names.get(briefingId)!, ...sums(_sum) }] : [],
        ),
      ],
    };
  });
}

/** How often was read, by rank and along the buckets of the range. */
async function readByTime(
  db: WallTransaction,
  { step, buckets }: Range,
  day: ReturnType<typeof daysOf>,
): Promise<Map<string, number[]>> {
  const rows = await db.$queryRaw<{ at: string; rank: number; n: number }[]>`
    SELECT to_char(date_trunc(${step}, day::timestamp), 'YYYY-MM-DD') AS at, rank, sum(reads)::int AS n
    FROM read_counts WHERE day >= ${day.gte}::date GROUP BY 1, 2`;
  const places = new Map(buckets.map(({ key }, place) => [key, place]));
  const byTime = new Map<string, number[]>();
  for (const { at, rank, n } of rows) {
    const values = byTime.get(String(rank)) ?? buckets.map(() => 0);
    values[places.get(at) ?? buckets.length - 1]! += n;
    byTime.set(String(rank), values);
  }
  return byTime;
}

const SUMS = { shown: true, begun: true, done: true } as const;
const sums = ({
  shown,
  begun,
  done,
}: {
  readonly shown: number | null;
  readonly begun: number | null;
  readonly done: number | null;
}) => ({ shown: shown ?? 0, begun: begun ?? 0, done: done ?? 0 });

async function nameBriefings(db: WallTransaction, ids: readonly string[]): Promise<Map<string, Named>> {
  const rows = await db.briefing.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, slug: true, originalLang: true, editions: { select: { lang: true, title: true } } },
  });
  return new Map(
    rows.map(({ id, slug, originalLang, editions }) => [
      id,
      {
        slug,
        lang: originalLang,
        titles: new Map(editions.flatMap(({ lang, title }) => (title === null ? [] : [[lang, title] as const]))),
      },
    ]),
  );
}

/** Rows read at a time. */
const BATCH = 1_000;

/**
 * Every sum of readings of a range, by day, briefing and rank, in batches that each take a transaction of their own.
 */
export async function* readBatches(wall: Wall, range: Range): AsyncGenerator<(string | number)[][]> {
  let last: { readonly day: Date; readonly briefingId: string; readonly rank: number } | null = null;
  for (;;) {
    const after = last && { day_briefingId_rank: { day: last.day, briefingId: last.briefingId, rank: last.rank } };
    const rows: { day: Date; briefingId: string; rank: number; reads: number; briefing: { slug: string } }[] =
      await wall.read(editorialViewer, (db) =>
        db.readCount.findMany({
          where: { day: daysOf(range) },
          orderBy: [{ day: 'asc' }, { briefingId: 'asc' }, { rank: 'asc' }],
          take: BATCH,
          ...(after ? { cursor: after, skip: 1 } : {}),
          include: { briefing: { select: { slug: true } } },
        }),
      );
    yield rows.map(({ day, briefing, rank, reads }) => [day.toISOString().slice(0, 10), briefing.slug, rank, reads]);
    last = rows.at(-1) ?? null;
    if (rows.length < BATCH) return;
  }
}

/** Every sum of gates of a range, by day, briefing and tier. */
export async function* gateBatches(wall: Wall, range: Range): AsyncGenerator<(string | number)[][]> {
  let last: { readonly day: Date; readonly briefingId: string; readonly tierSlug: string } | null = null;
  for (;;) {
    const after = last && {
      day_briefingId_tierSlug: { day: last.day, briefingId: last.briefingId, tierSlug: last.tierSlug },
    };
    const rows: {
      day: Date;
      briefingId: string;
      tierSlug: string;
      shown: number;
      begun: number;
      done: number;
      briefing: { slug: string };
    }[] = await wall.read(editorialViewer, (db) =>
      db.gateCount.findMany({
        where: { day: daysOf(range) },
        orderBy: [{ day: 'asc' }, { briefingId: 'asc' }, { tierSlug: 'asc' }],
        take: BATCH,
        ...(after ? { cursor: after, skip: 1 } : {}),
        include: { briefing: { select: { slug: true } } },
      }),
    );
    yield rows.map(({ day, briefing, tierSlug, shown, begun, done }) => [
      day.toISOString().slice(0, 10),
      briefing.slug,
      tierSlug,
      shown,
      begun,
      done,
    ]);
    last = rows.at(-1) ?? null;
    if (rows.length < BATCH) return;
  }
}
