import { createHash, randomBytes } from 'node:crypto';
import type { WallTransaction } from '../../stores/postgres/wall';

/** What a link in a letter lets its holder do, once. */
export type LinkPurpose = 'verify_email' | 'reset_password' | 'change_email';

const HOUR = 3_600_000;

/** Milliseconds a link lives. */
const LIFE: Readonly<Record<LinkPurpose, number>> = {
  reset_password: HOUR,
  change_email: 24 * HOUR,
  verify_email: 7 * 24 * HOUR,
};

/** What a token was worth when it was spent, or is worth while it is not. */
export interface Link {
  readonly accountId: string;
  readonly purpose: LinkPurpose;
  /** The new address, for a change of it. */
  readonly email: string | null;
}

/** 256 bits from the system's generator, for an address or a header (ASVS 11.5.1). */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token: whoever reads the database cannot use it. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Makes a link's token in the registrar's transaction; the row keeps its hash alone. Links made before for the same
 * purpose are dead from then on (ASVS 6.5.1).
 */
export async function issueLink(db: WallTransaction, { accountId, purpose, email }: Link, now: Date): Promise<string> {
  // Two at once come one after the other: only the later one's link lives.
  await db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
  await endLinks(db, accountId, [purpose], now);
  const token = newToken();
  await db.linkToken.create({
    data: { hash: hashOfToken(token), accountId, purpose, email, expiresAt: new Date(now.getTime() + LIFE[purpose]) },
  });
  return token;
}

/**
 * Spends a token: its link the first time, null ever after, and for one that is over, unknown or for something else.
 */
export async function consumeLink(
  db: WallTransaction,
  token: string,
  purposes: readonly LinkPurpose[],
  now: Date,
): Promise<Link | null> {
  const hash = hashOfToken(token);
  const { count } = await db.linkToken.updateMany({ where: { hash, ...alive(purposes, now) }, data: { usedAt: now } });
  return count === 1
    ? db.linkToken.findUniqueOrThrow({ where: { hash }, select: { accountId: true, purpose: true, email: true } })
    : null;
}

/** The link of a token that could be spent now, or null. */
export async function findLink(
  db: WallTransaction,
  token: string,
  purposes: readonly LinkPurpose[],
  now: Date,
): Promise<Link | null> {
  return db.linkToken.findFirst({
    where: { hash: hashOfToken(token), ...alive(purposes, now) },
    select: { accountId: true, purpose: true, email: true },
  });
}

/** Ends every link of an account for these purposes, spent or not. */
export async function endLinks(
  db: WallTransaction,
  accountId: string,
  purposes: readonly LinkPurpose[],
  now: Date,
): Promise<void> {
  await db.linkToken.updateMany({
    where: { accountId, purpose: { in: [...purposes] }, usedAt: null },
    data: { usedAt: now },
  });
}

function alive(purposes: readonly LinkPurpose[], now: Date) {
  return { purpose: { in: [...purposes] }, usedAt: null, expiresAt: { gt: now } };
}
