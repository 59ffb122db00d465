import type { Refusal } from '../mail/refusal';
import type { ClaimedLetter } from '../membership/mailing';
import type { WallTransaction } from '../stores/postgres/wall';

/** The server took it, in this language and with these briefings. */
export async function noteSent(
  db: WallTransaction,
  { id, rank }: ClaimedLetter,
  { lang, briefingIds }: { readonly lang: string; readonly briefingIds: readonly string[] },
): Promise<void> {
  await db.$executeRaw`UPDATE issue_letters SET state = 'sent', sent_at = clock_timestamp(), failure = NULL,
    claimed_at = NULL, rank = ${rank}, lang = ${lang}, briefing_ids = ${[...briefingIds]}::uuid[]
    WHERE id = ${id}::uuid`;
}

/** It is not for its recipient any more: they have left, may not be written, or there is nothing in it for them. */
export async function noteSkipped(db: WallTransaction, { id }: Pick<ClaimedLetter, 'id'>): Promise<void> {
  await db.$executeRaw`UPDATE issue_letters SET state = 'skipped', claimed_at = NULL
    WHERE id = ${id}::uuid AND state = 'waiting'`;
}

/** What has not gone goes to nobody. */
export async function skipWaiting(db: WallTransaction, issueId: string): Promise<void> {
  await db.$executeRaw`UPDATE issue_letters SET state = 'skipped' WHERE issue_id = ${issueId}::uuid
    AND state = 'waiting'`;
}

/**
 * Why it did not go, and in how many seconds it is tried again; null: it is not. A try that did not come to the letter,
 * since a server was away, is not counted. What was refused for good is noted at
 * the account or the subscriber, who gets no letter any more that they have not asked for.
 */
export async function noteFailed(
  db: WallTransaction,
  { id, recipientId, email }: ClaimedLetter,
  { why, permanent, away }: Refusal,
  seconds: number | null,
): Promise<void> {
  if (seconds !== null) {
    await db.$executeRaw`UPDATE issue_letters SET failure = ${why}, claimed_at = NULL,
      attempts = attempts - ${away === null ? 0 : 1}, due_at = clock_timestamp() + make_interval(secs => ${seconds})
      WHERE id = ${id}::uuid`;
    return;
  }
  await db.$executeRaw`UPDATE issue_letters SET state = 'failed', failure = ${why}, claimed_at = NULL
    WHERE id = ${id}::uuid`;
  if (permanent === null) return;
  await db.$executeRaw`UPDATE accounts SET mail_refused_at = clock_timestamp(),
    mail_refusal = ${permanent}::mail_refusal WHERE id = ${recipientId}::uuid AND email = ${email}`;
  await db.$executeRaw`UPDATE subscribers SET mail_refused_at = clock_timestamp(),
    mail_refusal = ${permanent}::mail_refusal WHERE id = ${recipientId}::uuid AND email = ${email}`;
}
