import { randomUUID } from 'node:crypto';
import { accountsViewer } from '../../access/viewer';
import { recordAcceptances, type ShownVersion } from '../../site/pages/acceptances';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import type { GrantJoined, NewAccount } from './create-account';
import { tellHolder, writeAccountLetter } from '../letters';
import { hashOfToken, newToken } from '../credentials/link-tokens';

/** Milliseconds in which the link of the letter makes the account. */
const LIFE = 7 * 24 * 3_600_000;

/** Somebody who asked to join and has not opened the link yet. */
export interface PendingNewcomer extends Omit<NewAccount, 'passwordHash'> {
  /** A path of ours they want to go back to; null: nowhere in particular. */
  readonly next: string | null;
}

/**
 * Writes the letter whose link makes the account, in place of the account itself. An address that has one gets another
 * letter, and whoever asked sees no difference (ASVS 6.3.8). A newer letter replaces an older one.
 */
export async function askToJoin(wall: Wall, newcomer: PendingNewcomer, now: Date): Promise<void> {
  const { email, lang } = newcomer;
  await wall.write(accountsViewer, async (db) => {
    await db.pendingJoin.deleteMany({ where: { OR: [{ email }, { expiresAt: { lte: now } }] } });
    if ((await db.account.count({ where: { email } })) > 0) return tellHolder(db, email);
    const token = newToken();
    const expiresAt = new Date(now.getTime() + LIFE);
    await db.pendingJoin.create({ data: { hash: hashOfToken(token), ...newcomer, expiresAt, createdAt: now } });
    await writeAccountLetter(db, 'finish-joining', { accountId: null, email, lang }, token);
  });
}

/** Who asked to join with this token; null once it was used, is too old, or was replaced. */
export async function findPendingJoin(db: WallTransaction, token: string, now: Date): Promise<PendingNewcomer | null> {
  return db.pendingJoin.findFirst({
    where: { hash: hashOfToken(token), expiresAt: { gt: now } },
    select: { email: true, name: true, lang: true, next: true },
  });
}

/**
 * Spends the token and makes the account, its address confirmed, with what joining grants. The name and the password
 * are what the holder of the mailbox wrote, who need not be whoever asked. Null when the token is worth nothing any
 * more, or the address has come to an account meanwhile.
 */
export async function joinByLetter(
  wall: Wall,
  grantJoined: GrantJoined,
  token: string,
  {
    name,
    passwordHash,
    shown,
  }: Pick<NewAccount, 'name' | 'passwordHash'> & { readonly shown: readonly ShownVersion[] },
  now: Date,
): Promise<{ readonly id: string; readonly next: string | null } | null> {
  return wall.write(accountsViewer, async (db) => {
    const pending = await findPendingJoin(db, token, now);
    if (!pending || (await db.pendingJoin.deleteMany({ where: { hash: hashOfToken(token) } })).count === 0) return null;
    const { email, lang, next } = pending;
    const id = randomUUID();
    const account = { id, email, name, lang, passwordHash, verifiedAt: now, createdAt: now };
    if ((await db.account.createMany({ data: [account], skipDuplicates: true })).count === 0) return null;
    await grantJoined(db, id, now);
    await recordAcceptances(db, id, shown, 'letter', now);
    return { id, next };
  });
}
