import type { WallTransaction } from './wall';

/** A letter to be sent: what it is, to whom, and what its words need. */
export interface LetterDraft {
  /** The same cause gives the same key: written twice, it is one letter. */
  readonly key: string;
  /** Names the template and its phrases, such as `verify-email`. */
  readonly kind: string;
  /** Language code of the recipient. */
  readonly lang: string;
  readonly recipient: string;
  readonly accountId: string | null;
  readonly data: Readonly<Record<string, string>>;
}

/** The key of a letter's job, as the trigger `letter_queued` writes it: one job to a letter. */
export const letterKey = (id: string): string => `letter ${id}`;

/**
 * Writes a letter into the outbox, in the transaction of what causes it: both are there, or neither. A trigger adds its
 * job to the queue in the same transaction, and a worker sends it afterwards (src/mail). The transaction must be the
 * registrar's.
 */
export async function writeLetter(
  db: WallTransaction,
  { key, kind, lang, recipient, accountId, data }: LetterDraft,
): Promise<void> {
  await db.letter.createMany({ data: [{ key, kind, lang, recipient, accountId, data }], skipDuplicates: true });
}

/**
 * Gives a job to every letter that waits without one: written, or taken for a try, by a process of an older version, or
 * brought back from a backup without the queue. A job that is there stays as it is. The transaction must be the
 * registrar's.
 */
export async function adoptLetters(db: WallTransaction): Promise<void> {
  await db.$executeRaw`UPDATE letters SET due_at = due_at WHERE sent_at IS NULL AND attempts < 20
    AND due_at < '9999-12-31'`;
  await db.$queryRaw`
    SELECT graphile_worker.add_job('send-letter', json_build_object('letter', id), max_attempts => 20, job_key =>
      'letter ' || id, job_key_mode => 'unsafe_dedupe') IS NULL AS added
    FROM letters WHERE sent_at IS NULL AND attempts < 20 AND NOT EXISTS (
      SELECT FROM graphile_worker._private_jobs job WHERE job.key = 'letter ' || letters.id)`;
}
