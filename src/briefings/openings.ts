import { desk } from '../access/viewer';
import type { Logger } from '../lib/log';
import type { Wall } from '../stores/wall';

/** Calls back at each moment a published briefing opens to readers. */
export interface Openings {
  /** Something was saved: the next moment may be another one. */
  look(): void;
  close(): void;
}

/** Longer than this a timer is not trusted: it looks again instead. */
const MOST = 3_600_000;

/** Watches for the next opening, on this process's own clock; `opened` is told when it has come. */
export function watchOpenings(wall: Wall, opened: () => void, log: Pick<Logger, 'warn'>): Openings {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let looks = 0;

  const look = (): void => {
    const mine = ++looks;
    wall.read(desk, (db) => db.briefing.findFirst({ where: { state: 'published', publishedAt: { gt: new Date() } }, orderBy: { publishedAt: 'asc' }, select: { publishedAt: true } })).then(
      (next) => wait(mine, next?.publishedAt ?? null),
      (error: unknown) => {
        if (!closed) log.warn({ err: error }, 'could not ask when the next briefing opens');
        wait(mine, null);
      },
    );
  };

  const wait = (mine: number, next: Date | null): void => {
    if (closed || mine !== looks) return;
    clearTimeout(timer);
    const left = next ? next.getTime() - Date.now() : MOST;
    timer = setTimeout(() => {
      if (left <= MOST && next) opened();
      look();
    }, Math.min(Math.max(left, 0) + 5, MOST)).unref();
  };

  return {
    look,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
