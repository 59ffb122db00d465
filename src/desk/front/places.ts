import { editorialViewer } from '../../access/viewer';
import type { FrontAuditAction } from '../../briefings/writing/audit-actions';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import type { ActorAt } from '../../membership/actor';
import { writeAudit } from '../../stores/postgres/audit';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';

/** What can be said of a briefing's place on the front page. */
export const FRONT_ACTS = ['lead', 'first', 'hide', 'release'] as const;
export type FrontAct = (typeof FRONT_ACTS)[number];

const DONE: Readonly<Record<FrontAct, FrontAuditAction>> = {
  lead: 'front-led',
  first: 'front-shelved',
  hide: 'front-hidden',
  release: 'front-released',
};

/** What a row of the section needs of a briefing. */
const row = {
  id: true,
  slug: true,
  publishedAt: true,
  originalLang: true,
  categorySlug: true,
  category: { select: { texts: { select: { lang: true, name: true } } } },
  editions: { select: { lang: true, title: true } },
  frontPlace: { select: { place: true, position: true } },
} as const;

const NEWEST = 10;
const MOST_FOUND = 20;

const findRows = (
  db: WallTransaction,
  where: NonNullable<Parameters<WallTransaction['briefing']['findMany']>[0]>['where'] & object,
  take?: number,
) =>
  db.briefing.findMany({
    where: { ...where, copyOf: null, state: 'published' },
    select: row,
    orderBy: [{ publishedAt: 'desc' }, { slug: 'asc' }],
    ...(take === undefined ? {} : { take }),
  });
export type PlaceRow = Awaited<ReturnType<typeof findRows>>[number];

/** Those with a place of their own, the newest, and those that are called by what is looked for. */
export async function readPlaces(db: WallTransaction, q: string) {
  const placed = await findRows(db, { frontPlace: { isNot: null } });
  const at = (place: string) =>
    placed
      .filter(({ frontPlace }) => frontPlace?.place === place)
      .sort((one, other) => one.frontPlace!.position - other.frontPlace!.position);
  const title = { contains: q, mode: 'insensitive' } as const;
  return {
    lead: at('lead'),
    shelves: at('shelf'),
    hidden: at('hidden'),
    latest: await findRows(db, { publishedAt: { lte: await momentOf(db) } }, NEWEST),
    found: q === '' ? [] : await findRows(db, { OR: [{ slug: title }, { editions: { some: { title } } }] }, MOST_FOUND),
  };
}

/**
 * Gives a briefing its place on the front page, for readers at once, with an audit entry. Whatever led before goes by
 * its date again.
 * @returns false when there is no such published briefing.
 */
export function setPlace(
  { invalidatingWall, clock }: DeskParts,
  id: string,
  act: FrontAct,
  by: ActorAt,
): Promise<FrontAuditAction | null> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const [briefing] = await findRows(db, { id });
    if (!briefing) return null;
    if (act === 'lead') await db.frontPlace.deleteMany({ where: { place: 'lead' } });
    await db.frontPlace.deleteMany({ where: { briefingId: id } });
    const place = ({ lead: 'lead', first: 'shelf', hide: 'hidden', release: null } as const)[act];
    if (place !== null) {
      const { _min: least } = await db.frontPlace.aggregate({ _min: { position: true } });
      await db.frontPlace.create({
        data: { briefingId: id, place, position: (least.position ?? 0) - 1 },
        select: { briefingId: true },
      });
    }
    await writeAudit(db, {
      ...by,
      at: clock.now(),
      action: DONE[act],
      target: { kind: 'briefing', id, name: briefing.slug },
      before: { place: briefing.frontPlace?.place ?? null },
      after: { place },
    });
    return DONE[act];
  });
}
