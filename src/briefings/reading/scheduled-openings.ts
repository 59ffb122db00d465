import { editorialViewer } from '../../access/viewer';
import { endOfDay, startOfDay } from '../../lib/local-time';
import type { Logger } from '../../lib/log';
import { loadSetting } from '../../site/settings/save';
import { momentOf, type Wall, type WallTransaction } from '../../stores/postgres/wall';
import { nextPassageOpening } from '../writing/passages';

/**
 * Calls back at each moment something opens to readers: a published briefing, for a tier or for all, or a passage whose
 * own tier's time has passed.
 */
export interface Openings {
  /** Something was saved: the next moment may be another one. */
  reschedule(): void;
  close(): void;
}

/** Longer than this a timer is not trusted: it looks again instead. */
const MOST = 3_600_000;

/** When the line above the pages has been shown long enough; null: there is no such day. */
async function announcementEnd(db: WallTransaction): Promise<Date | null> {
  const { announcementEnd: last } = await loadSetting(db, 'navigation');
  const { zone } = await loadSetting(db, 'time');
  const begins = startOfDay(last, zone);
  return begins && endOfDay(begins, zone);
}

/**
 * Milliseconds until the next opening, null when none is in sight; once it has come by the clock of Postgres and by
 * this process's own.
 */
async function untilNext(wall: Wall): Promise<number | null> {
  const [next, now] = await wall.read(editorialViewer, async (db) => {
    const moment = await momentOf(db);
    const briefing = await db.briefing.findFirst({
      where: { state: 'published', publishedAt: { gt: moment } },
      orderBy: { publishedAt: 'asc' },
      select: { publishedAt: true },
    });
    const early = await db.briefing.findFirst({
      where: { state: 'published', earlyUntil: { gt: moment } },
      orderBy: { earlyUntil: 'asc' },
      select: { earlyUntil: true },
    });
    const page = await db.pageRevision.findFirst({
      where: { publishedAt: { gt: moment } },
      orderBy: { publishedAt: 'asc' },
      select: { publishedAt: true },
    });
    const announced = await announcementEnd(db);
    const ends = announced && announced > moment ? announced : null;
    return [
      [briefing?.publishedAt, early?.earlyUntil, page?.publishedAt, await nextPassageOpening(db, moment), ends].flatMap(
        (one) => one?.getTime() ?? [],
      ),
      moment,
    ] as const;
  });
  return next.length === 0 ? null : Math.min(...next) - Math.min(now.getTime(), Date.now());
}

/** Watches for the next opening; `opened` is told when it has come. */
export function watchOpenings(wall: Wall, opened: () => void, log: Pick<Logger, 'warn'>): Openings {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let looks = 0;

  const check = (): void => {
    const mine = ++looks;
    untilNext(wall).then(
      (left) => wait(mine, left),
      (error: unknown) => {
        if (!closed) log.warn({ err: error }, 'could not ask when the next briefing opens');
        wait(mine, null);
      },
    );
  };

  const wait = (mine: number, left: number | null): void => {
    if (closed || mine !== looks) return;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (left !== null && left <= MOST) opened();
        check();
      },
      Math.min(Math.max(left ?? MOST, 0) + 5, MOST),
    ).unref();
  };

  return {
    reschedule: check,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
