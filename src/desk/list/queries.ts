import { openingOf } from '../../access/matrix';
import { editorialViewer } from '../../access/viewer';
import { embargoedPassages } from '../../briefings/writing/passages';
import { findTexts } from '../../briefings/reading/rows';
import { findCategories } from '../../briefings/reading/queries';
import { loadMatrix } from '../../membership/matrix';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';

/** What a list of the desk may be narrowed to; null narrows nothing. */
export interface ListQuery {
  readonly q: string | null;
  readonly state: 'draft' | 'in-review' | 'scheduled' | 'published' | 'archived' | null;
  readonly category: string | null;
  /** `es missing` or `es stale`. */
  readonly language: { readonly code: string; readonly is: 'missing' | 'stale' } | null;
  readonly author: string | null;
  readonly sort: 'changed' | 'published' | 'title';
  readonly page: number;
}

export const ROWS_PER_PAGE = 25;

/** What a row of the list is made of: the working copy's words where there is one. */
const rowOf = {
  category: { include: { texts: true } },
  editions: { select: { lang: true, title: true, changedAt: true } },
  copy: {
    select: {
      id: true,
      categorySlug: true,
      originalLang: true,
      savedAt: true,
      saverId: true,
      editions: { select: { lang: true, title: true, changedAt: true } },
    },
  },
  revisions: { orderBy: { number: 'desc' }, take: 1, select: { createdAt: true } },
} as const;

const findRows = (
  db: WallTransaction,
  where: NonNullable<Parameters<WallTransaction['briefing']['findMany']>[0]>['where'] & object,
  take: number,
) => db.briefing.findMany({ where, include: rowOf, orderBy: [{ publishedAt: 'asc' }, { slug: 'asc' }], take });
export type ListRow = Awaited<ReturnType<typeof findRows>>[number];

/** One page of the desk's list, with how many there are, how many in each state, and who has begun any. */
export function readList(wall: Wall, { q, state, category, language, author, sort, page }: ListQuery, now: Date) {
  return wall.read(editorialViewer, async (db) => {
    // A space finds every kind of space: a title may hold one that does not break.
    const like = q === null ? null : `%${q.replace(/[\\%_]/g, '\\$&').replaceAll(' ', '_')}%`;
    const found = await db.$queryRaw<{ id: string; total: number }[]>`
      SELECT b.id::text, (count(*) OVER ())::int AS total
      FROM briefings b
      LEFT JOIN briefings c ON c.copy_of = b.id
      LEFT JOIN LATERAL (SELECT max(r.created_at) AS at FROM revisions r WHERE r.briefing_id = b.id) kept ON true
      LEFT JOIN LATERAL (SELECT min(e.title) AS title FROM editions e WHERE e.briefing_id = coalesce(c.id, b.id)
        AND e.lang = coalesce(c.original_lang, b.original_lang)) named ON true
      WHERE b.copy_of IS NULL
        AND (${like}::text IS NULL OR b.slug ILIKE ${like} OR EXISTS (SELECT FROM editions e
          WHERE e.briefing_id IN (b.id, c.id) AND e.title ILIKE ${like}))
        AND (${state}::text IS NULL OR replace(CASE WHEN b.state = 'published' AND b.published_at > ${now}
          THEN 'scheduled' ELSE b.state::text END, '_', '-') = ${state})
        AND (${category}::text IS NULL OR coalesce(c.category_slug, b.category_slug) = ${category})
        AND (${author}::uuid IS NULL OR b.author_id = ${author}::uuid)
        AND (${language?.is ?? null}::text IS DISTINCT FROM 'missing' OR NOT EXISTS (SELECT FROM editions e
          WHERE e.briefing_id = coalesce(c.id, b.id) AND e.lang = ${language?.code ?? null} AND e.title IS NOT NULL))
        AND (${language?.is ?? null}::text IS DISTINCT FROM 'stale' OR EXISTS (
          SELECT FROM editions e JOIN editions o ON o.briefing_id = e.briefing_id
            AND o.lang = coalesce(c.original_lang, b.original_lang)
          WHERE e.briefing_id = coalesce(c.id, b.id) AND e.lang = ${language?.code ?? null} AND e.title IS NOT NULL
            AND o.changed_at > e.changed_at + interval '1 second'))
      ORDER BY
        CASE WHEN ${sort} = 'changed' THEN coalesce(c.saved_at, kept.at) WHEN ${sort} = 'published'
          THEN b.published_at END DESC NULLS LAST,
        CASE WHEN ${sort} = 'title' THEN lower(named.title) END NULLS LAST, b.slug
      LIMIT ${ROWS_PER_PAGE} OFFSET ${(page - 1) * ROWS_PER_PAGE}`;
    const rows = await findRows(db, { id: { in: found.map(({ id }) => id) } }, ROWS_PER_PAGE);
    const counts = await db.$queryRaw<{ state: string; n: number }[]>`
      SELECT replace(CASE WHEN state = 'published' AND published_at > ${now} THEN 'scheduled'
        ELSE state::text END, '_', '-') AS state, count(*)::int AS n
      FROM briefings WHERE copy_of IS NULL GROUP BY 1`;
    const authors = await db.briefing.findMany({
      where: { copyOf: null, authorId: { not: null } },
      distinct: ['authorId'],
      select: { authorId: true },
    });
    const texts = await findTexts(
      db,
      rows.map(({ id, copy }) => copy?.id ?? id),
    );
    return {
      rows: found.flatMap(({ id }) => rows.find((row) => row.id === id) ?? []),
      texts,
      total: found[0]?.total ?? 0,
      counts: new Map(counts.map((one) => [one.state, one.n])),
      authors: authors.map(({ authorId }) => authorId!),
      categories: await findCategories(db),
    };
  });
}

/**
 * A moment of the calendar: a briefing comes out, opens for those it was held back from, or so many of its passages
 * open for a lower tier.
 */
export interface CalendarEvent {
  readonly at: Date;
  readonly row: ListRow;
  readonly opens: { readonly tier: string; readonly passages: number } | 'to all' | null;
}

const MOST_EVENTS = 500;

/** What is to come, and what came in the last days, in order of time; with the tiers that openings name. */
export function readCalendar(wall: Wall, from: Date) {
  return wall.read(editorialViewer, async (db) => {
    const published = await findRows(db, { copyOf: null, state: 'published', publishedAt: { gte: from } }, MOST_EVENTS);
    const early = await findRows(db, { copyOf: null, state: 'published', earlyUntil: { gte: from } }, MOST_EVENTS);
    const waiting = await embargoedPassages(db, from, MOST_EVENTS);
    const rows = await findRows(
      db,
      { id: { in: [...new Set(waiting.map(({ briefingId }) => briefingId))] } },
      MOST_EVENTS,
    );
    const matrix = await loadMatrix(db);
    const openings = new Map<
      string,
      CalendarEvent & { readonly opens: { readonly tier: string; readonly passages: number } }
    >();
    for (const { briefingId, ...passage } of waiting) {
      const row = rows.find(({ id }) => id === briefingId);
      // Asked just before the moment: what is past shows in the calendar too, for some days.
      const opening = openingOf(matrix, passage, new Date(passage.until.getTime() - 1));
      if (!row || !opening) continue;
      const name = `${briefingId} ${opening.tier.slug} ${opening.at.getTime()}`;
      openings.set(name, {
        at: opening.at,
        row,
        opens: { tier: opening.tier.slug, passages: (openings.get(name)?.opens.passages ?? 0) + 1 },
      });
    }
    const events: CalendarEvent[] = [
      ...published.map((row) => ({ at: row.publishedAt!, row, opens: null })),
      ...early.map((row) => ({ at: row.earlyUntil!, row, opens: 'to all' as const })),
      ...openings.values(),
    ];
    return {
      events: events
        .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.row.slug < b.row.slug ? -1 : 1))
        .slice(0, MOST_EVENTS),
      tiers: await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } }),
    };
  });
}
