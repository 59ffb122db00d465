import { accountsViewer } from '../access/viewer';
import { addJob } from '../stores/postgres/jobs';
import { letterKey } from '../stores/postgres/outbox';
import type { Wall } from '../stores/postgres/wall';
import type { StoredLetter } from './compose';
import type { Refusal } from './refusal';

/** The task that sends a letter; its job carries the letter's id, and nothing else. */
export const SEND_LETTER = 'send-letter';

/** How often a letter is tried: with the pauses below, over some sixteen hours. */
export const MOST_ATTEMPTS = 20;

/** Seconds until the next try: twice as long each time, an hour at most. */
const pauseAfter = (attempts: number): number => Math.min(30 * 2 ** (attempts - 1), 3_600);

/** A letter that is about to be tried. */
export interface TriedLetter extends StoredLetter {
  /** Which try this is; the first is 1. */
  readonly attempts: number;
  /** Has its account's address, to which it goes, been refused for good? */
  readonly addressRefused: boolean;
}

/** What becomes of letters, behind the registrar's wall. The database's clock is the one they go by. */
export interface Outcomes {
  /** Counts one more try of a letter that is still to be sent; null: it was sent, has ended, or is gone. */
  begin(id: string): Promise<TriedLetter | null>;
  /** Notes that it is on its way; nothing of its words is kept. Its address is good, whatever was thought of it. */
  sent(id: string): Promise<void>;
  /**
   * Notes why it did not go, and when it is tried again. After the last try its words go too: its links have long
   * ended.
   */
  failed(letter: TriedLetter, refusal: Refusal, last: boolean): Promise<void>;
}

/** Opens the outcomes of letters on the wall. */
export function openOutcomes(wall: Wall): Outcomes {
  return {
    begin: async (id) => {
      const [letter] = await wall.write(
        accountsViewer,
        (db) => db.$queryRaw<TriedLetter[]>`
        UPDATE letters SET attempts = attempts + 1 WHERE id = ${id}::uuid AND sent_at IS NULL
          AND attempts < ${MOST_ATTEMPTS}
        RETURNING id, kind, lang, recipient, data, attempts, EXISTS (
          SELECT FROM accounts WHERE id = letters.account_id AND email = letters.recipient
            AND mail_refusal = 'recipient') AS "addressRefused"`,
      );
      return letter ?? null;
    },
    sent: async (id) => {
      await wall.write(accountsViewer, async (db) => {
        await db.$executeRaw`
          UPDATE letters SET sent_at = clock_timestamp(), failure = NULL, data = '{}' WHERE id = ${id}::uuid`;
        await db.$executeRaw`
          UPDATE accounts SET mail_refused_at = NULL, mail_refusal = NULL FROM letters
          WHERE letters.id = ${id}::uuid AND accounts.id = letters.account_id AND accounts.email = letters.recipient
            AND accounts.mail_refused_at IS NOT NULL`;
      });
    },
    failed: async ({ id, attempts }, { why, permanent }, last) => {
      await wall.write(accountsViewer, async (db) => {
        if (!last) {
          await db.$executeRaw`UPDATE letters SET failure = ${why} WHERE id = ${id}::uuid`;
          await addJob(
            db,
            SEND_LETTER,
            { letter: id },
            { key: letterKey(id), attempts: MOST_ATTEMPTS, seconds: pauseAfter(attempts) },
          );
          return;
        }
        await db.$executeRaw`
          UPDATE letters SET failure = ${why}, attempts = ${MOST_ATTEMPTS}, data = '{}' WHERE id = ${id}::uuid`;
        if (permanent === null) return;
        await db.$executeRaw`
          UPDATE accounts SET mail_refused_at = clock_timestamp(), mail_refusal = ${permanent}::mail_refusal
            FROM letters
          WHERE letters.id = ${id}::uuid AND accounts.id = letters.account_id AND accounts.email = letters.recipient`;
      });
    },
  };
}
