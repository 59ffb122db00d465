import type { WallTransaction } from '../stores/postgres/wall';

/** Who told that letters do not arrive or are not wanted: a program of the operator's, a provider, or a bounce. */
export type MailReportSource = 'webhook' | 'mailgun' | 'postmark' | 'message';

/** A letter came back for good, or its recipient told their provider that it was not wanted. */
export interface MailReport {
  readonly kind: 'bounce' | 'complaint';
  /** In lower case. */
  readonly email: string;
  /** When it happened. */
  readonly at: Date;
  /** What the mail server said (RFC 3463); null: not told. */
  readonly status: string | null;
}

/** What keeps letters to many from an address. */
export interface MailBlock {
  readonly kind: MailReport['kind'];
  readonly status: string | null;
  readonly happenedAt: Date;
}

/**
 * Keeps letters to many from an address, where it is an account's or a subscriber's. However often and in whatever
 * order it is told, it is noted once; what happened before the address was confirmed, or before a block of it was
 * lifted, is past. The transaction must be the registrar's, as all of these.
 * @returns whether anything was noted.
 */
export async function blockMail(
  db: WallTransaction,
  { kind, email, at, status }: MailReport,
  source: MailReportSource,
  now: Date,
): Promise<boolean> {
  // A clock that is ahead blocks no later than now, so that lifting it holds.
  const happened = at > now ? now : at;
  const noted = await db.$executeRaw`
    INSERT INTO mail_blocks AS b (email, kind, source, status, happened_at, noted_at)
    SELECT ${email}, ${kind}, ${source}, ${status}, ${happened}::timestamptz, ${now}::timestamptz
    WHERE EXISTS (SELECT FROM accounts a WHERE a.email = ${email} AND coalesce(a.verified_at <= ${happened}, true))
      OR EXISTS (SELECT FROM subscribers s WHERE s.email = ${email} AND s.confirmed_at <= ${happened})
    ON CONFLICT (email) DO UPDATE SET kind = EXCLUDED.kind, source = EXCLUDED.source, status = EXCLUDED.status,
      happened_at = EXCLUDED.happened_at, noted_at = EXCLUDED.noted_at, lifted_at = NULL
    WHERE CASE WHEN b.lifted_at IS NULL THEN b.kind = 'bounce' AND EXCLUDED.kind = 'complaint'
      ELSE b.lifted_at < EXCLUDED.happened_at END`;
  return noted === 1;
}

/** Lets letters to many go to an address again: its owner has confirmed it, or an admin says so. */
export async function liftMailBlock(db: WallTransaction, email: string, now: Date): Promise<void> {
  await db.mailBlock.updateMany({ where: { email, liftedAt: null }, data: { liftedAt: now } });
}

/** What keeps letters to many from an address now; null: nothing does. */
export const findMailBlock = (db: WallTransaction, email: string): Promise<MailBlock | null> =>
  db.mailBlock.findFirst({
    where: { email, liftedAt: null },
    select: { kind: true, status: true, happenedAt: true },
  }) as Promise<MailBlock | null>;

/** The same of several, by address; none of those that nothing keeps letters from. */
export async function findMailBlocks(
  db: WallTransaction,
  emails: readonly string[],
): Promise<ReadonlyMap<string, MailBlock>> {
  const rows = await db.mailBlock.findMany({
    where: { email: { in: [...emails] }, liftedAt: null },
    select: { email: true, kind: true, status: true, happenedAt: true },
  });
  return new Map(rows.map(({ email, ...block }) => [email, block as MailBlock]));
}
