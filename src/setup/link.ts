import { hashOfToken, newToken } from '../accounts/credentials/link-tokens';
import type { WallTransaction } from '../stores/postgres/wall';

/** Milliseconds a link lives that nobody opens. */
const LIFE = 24 * 3_600_000;

/** Is there an admin? Then nothing is set up any more, by no link. */
export const hasAdmin = async (db: WallTransaction): Promise<boolean> =>
  (await db.account.count({ where: { role: 'admin' } })) > 0;

/** Two who open or end the setup at once come one after the other. */
const LOCK = 5_601_151;
export const lockSetup = async (db: WallTransaction): Promise<void> => {
  await db.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::int)`;
};

/**
 * Makes the link that opens the setup; one that was made before is dead from then on. Whoever has opened that one goes
 * on until the new one is opened. Null: there is an admin already.
 */
export async function issueSetupLink(db: WallTransaction, now: Date): Promise<string | null> {
  await lockSetup(db);
  if (await hasAdmin(db)) return null;
  const token = newToken();
  const link = { linkHash: hashOfToken(token), linkUntil: new Date(now.getTime() + LIFE) };
  await db.setup.upsert({ where: { id: 1 }, create: link, update: link, select: { id: true } });
  return token;
}

/** Has somebody a link or the setup open, so that nobody needs another? */
export async function isUnderWay(db: WallTransaction, now: Date): Promise<boolean> {
  const row = await db.setup.findUnique({ where: { id: 1 } });
  if (!row) return false;
  return row.sessionHash !== null || (row.linkHash !== null && row.linkUntil !== null && row.linkUntil > now);
}

const alive = (token: string, now: Date) => ({ id: 1, linkHash: hashOfToken(token), linkUntil: { gt: now } });

/** Could this link be opened now? */
export const isLinkAlive = async (db: WallTransaction, token: string, now: Date): Promise<boolean> =>
  !(await hasAdmin(db)) && (await db.setup.count({ where: alive(token, now) })) === 1;

/** The secret of a session that is to go on with a link. */
export const newSecret = newToken;

/** Opens a link, once, for the session of a secret, which replaces any before. False: it is no link. */
export async function openLink(db: WallTransaction, token: string, secret: string, now: Date): Promise<boolean> {
  await lockSetup(db);
  if (await hasAdmin(db)) return false;
  const opened = { linkHash: null, linkUntil: null, sessionHash: hashOfToken(secret) };
  const { count } = await db.setup.updateMany({ where: alive(token, now), data: opened });
  return count === 1;
}

/** The setup of a session; null where it is not this session's, or over. */
export async function findSetup(db: WallTransaction, secret: string | undefined) {
  if (secret === undefined || (await hasAdmin(db))) return null;
  return db.setup.findFirst({ where: { id: 1, sessionHash: hashOfToken(secret) }, select: { draft: true } });
}
