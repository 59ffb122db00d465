import { accountsViewer } from '../access/viewer';
import type { Wall } from '../stores/postgres/wall';
import type { StoredLetter } from './compose';

/** A letter that one worker alone may send for as long as the claim lasts. */
export interface ClaimedLetter extends StoredLetter {
  /** Which try this is; the first is 1. */
  readonly attempts: number;
}

/** How often a letter is tried: with the pauses below, over some sixteen hours. */
export const MOST_ATTEMPTS = 20;

/** Seconds a claim lasts. Longer than any send can take, so that a letter is tried again only when its worker died. */
const CLAIM = 300;

/** Seconds until the next try: twice as long each time, an hour at most. */
const pauseAfter = (attempts: number): number => Math.min(30 * 2 ** (attempts - 1), 3_600);

/** The letters to be sent, as the workers of all processes share them. The database's clock is the one they go by. */
export interface Queue {
  /** Takes up to `most` letters that are due, so that no other worker does. */
  claim(most: number): Promise<ClaimedLetter[]>;
  /** Notes that letters are on their way; nothing of their words is kept. */
  sent(ids: readonly string[]): Promise<void>;
  /** Notes why a letter did not go. After the last try its words go too: its links have long ended. */
  failed(letter: ClaimedLetter, why: string, forGood: boolean): Promise<void>;
  /** Milliseconds until the next letter is due; null when none waits. */
  nextDue(): Promise<number | null>;
}

export function openQueue(wall: Wall): Queue {
  return {
    claim: (most) =>
      wall.write(
        accountsViewer,
        (db) => db.$queryRaw<ClaimedLetter[]>`
      UPDATE letters SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => ${CLAIM})
      WHERE id IN (
        SELECT id FROM letters WHERE sent_at IS NULL AND due_at <= clock_timestamp() AND attempts < ${MOST_ATTEMPTS}
        ORDER BY due_at LIMIT ${most} FOR UPDATE SKIP LOCKED
      )
      RETURNING id, kind, lang, recipient, data, attempts`,
      ),
    sent: async (ids) => {
      await wall.write(
        accountsViewer,
        (db) =>
          db.$executeRaw`UPDATE letters SET sent_at = clock_timestamp(), failure = NULL, data = '{}' WHERE id = ANY(${[...ids]}::uuid[])`,
      );
    },
    failed: async ({ id, attempts }, why, forGood) => {
      const last = forGood || attempts >= MOST_ATTEMPTS;
      await wall.write(
        accountsViewer,
        (db) => db.$executeRaw`
        UPDATE letters SET failure = ${why}, due_at = clock_timestamp() + make_interval(secs => ${pauseAfter(attempts)}),
          attempts = CASE WHEN ${last} THEN ${MOST_ATTEMPTS} ELSE attempts END, data = CASE WHEN ${last} THEN '{}' ELSE data END
        WHERE id = ${id}::uuid`,
      );
    },
    nextDue: async () => {
      const [row] = await wall.read(
        accountsViewer,
        (db) => db.$queryRaw<{ wait: number | null }[]>`
        SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 AS wait FROM letters WHERE sent_at IS NULL AND attempts < ${MOST_ATTEMPTS}`,
      );
      return row?.wait ?? null;
    },
  };
}
