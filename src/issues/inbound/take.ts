import { createHash } from 'node:crypto';
import { accountsViewer } from '../../access/viewer';
import { blockMail, type MailReport, type MailReportSource } from '../../accounts/mail-blocks';
import { Failure } from '../../lib/failure';
import { readMessage } from '../../mail/reports/message';
import type { MailgunReport } from '../../mail/reports/mailgun';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { leaveLists } from '../subscribe/store';
import { readUnsubscribeToken } from '../unsubscribe-token';

/** Days for which a token that came with a report is known: longer than it is taken. */
const TOKEN_DAYS = 2;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Notes reports of somebody who has shown who they are. @returns how many of them said something new. */
export const takeReports = (
  wall: Wall,
  reports: readonly MailReport[],
  source: MailReportSource,
  now: Date,
): Promise<number> =>
  wall.write(accountsViewer, async (db) => {
    let noted = 0;
    for (const report of reports) if (await blockMail(db, report, source, now)) noted++;
    return noted;
  });

/**
 * Notes a report of Mailgun's. Its token is what was signed, so it counts for the report it came with first.
 * @returns false: it has come with another report.
 */
export const takeMailgun = (wall: Wall, { token, report }: MailgunReport, now: Date): Promise<boolean> =>
  wall.write(accountsViewer, async (db) => {
    const past = new Date(now.getTime() - TOKEN_DAYS * 24 * 3_600_000);
    await db.mailReportToken.deleteMany({ where: { receivedAt: { lt: past } } });
    const made = { hash: sha256(token), report: sha256(report ? `${report.kind} ${report.email}` : '') };
    await db.mailReportToken.createMany({ data: [{ ...made, receivedAt: now }], skipDuplicates: true });
    const known = await db.mailReportToken.findUnique({ where: { hash: made.hash } });
    if (known?.report !== made.report) return false;
    if (report) await blockMail(db, report, 'mailgun', now);
    return true;
  });

/** What a letter that came in was taken for. */
export type Taken = 'bounce' | 'leave' | 'nothing';

/**
 * Takes a letter that came in, by whichever way: a report that a letter of ours did not arrive, or a wish to leave the
 * letters to many, which has its recipient's token in its subject. Anybody can write either, so a report counts only
 * for whom the letter it is about was sent to: nobody else knows its id.
 * @throws Failure 400 where it is no letter that can be read.
 */
export async function takeMessage(
  { wall, sessionSecrets }: { readonly wall: Wall; readonly sessionSecrets: readonly string[] },
  bytes: Buffer,
  now: Date,
): Promise<Taken> {
  const { subject, failed, letterId } = await readMessage(bytes).catch((cause: unknown) => {
    throw new Failure(400, 'no letter that can be read', { cause });
  });
  if (failed.length > 0) {
    if (letterId === null) return 'nothing';
    return wall.write(accountsViewer, async (db) => {
      const to = await recipientOf(db, letterId);
      const report = failed.find(({ email }) => email === to);
      if (!report) return 'nothing';
      await blockMail(db, { kind: 'bounce', ...report, at: report.at ?? now }, 'message', now);
      return 'bounce';
    });
  }
  const recipientId = readUnsubscribeToken(/(?<![\w-])[\w-]{64}(?![\w-])/.exec(subject)?.[0], sessionSecrets);
  if (recipientId === null) return 'nothing';
  await wall.write(accountsViewer, (db) => leaveLists(db, recipientId));
  return 'leave';
}

/** The address a letter was sent to, to one or to many; null: there was no such letter, or its recipient has left. */
async function recipientOf(db: WallTransaction, letterId: string): Promise<string | null> {
  const [row] = await db.$queryRaw<{ email: string | null }[]>`
    SELECT recipient AS email FROM letters WHERE id = ${letterId}::uuid
    UNION ALL
    SELECT coalesce(a.email, s.email) FROM issue_letters l LEFT JOIN accounts a ON a.id = l.account_id
      LEFT JOIN subscribers s ON s.id = l.subscriber_id WHERE l.id = ${letterId}::uuid`;
  return row?.email ?? null;
}
