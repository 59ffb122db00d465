import type { Request, Response } from 'express';
import type { WallTransaction } from '../../stores/postgres/wall';
import { hashOfToken, newToken } from '../credentials/link-tokens';

/** Milliseconds a browser keeps its device cookie, and we its hash, after the last login. */
const LIFE = 365 * 86_400_000;

/** Accounts of one browser that are asked for at most. */
const MOST_OF_DEVICE = 8;

const nameOf = (https: boolean): string => (https ? '__Host-device' : 'device');

/** How the cookie was called when it bore the software's name. Browsers keep it for a year. */
const formerNameOf = (https: boolean): string => (https ? '__Host-dossier-device' : 'dossier-device');

/** The secret of the device cookie a request carries, or null. */
export function deviceOf(req: Pick<Request, 'headers'>, https: boolean): string | null {
  for (const name of [nameOf(https), formerNameOf(https)]) {
    const found = new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(req.headers.cookie ?? '');
    if (found?.[1]) return found[1];
  }
  return null;
}

/** The hash of that secret, if this account has logged in with it before; else null. */
export async function knownDevice(db: WallTransaction, device: string | null, email: string): Promise<string | null> {
  const hash = device === null ? null : hashOfToken(device);
  return hash !== null &&
    (await db.knownDevice.findFirst({ where: { hash, account: { email } }, select: { hash: true } }))
    ? hash
    : null;
}

/** Has anybody who works here logged in with that device? It opens nothing: it says whose words are worth reading. */
export async function isDeviceOfStaff(db: WallTransaction, device: string): Promise<boolean> {
  const found = await db.$queryRaw<unknown[]>`
    SELECT FROM accounts JOIN known_devices ON known_devices.account_id = accounts.id
    WHERE accounts.role <> 'reader' AND accounts.state = 'active' AND known_devices.hash = ${hashOfToken(device)}
    LIMIT 1`;
  return found.length > 0;
}

/** Who has logged in with that device, a few at most. */
export async function accountsOfDevice(db: WallTransaction, device: string): Promise<string[]> {
  const rows = await db.knownDevice.findMany({
    where: { hash: hashOfToken(device) },
    orderBy: { lastSeenAt: 'desc' },
    take: MOST_OF_DEVICE,
    select: { accountId: true },
  });
  return rows.map(({ accountId }) => accountId);
}

/**
 * Notes, in the registrar's transaction, that the account has logged in with this device. Those unused for a year are
 * forgotten.
 */
export async function rememberDevice(db: WallTransaction, accountId: string, device: string, now: Date): Promise<void> {
  const hash = hashOfToken(device);
  await db.knownDevice.upsert({
    where: { accountId_hash: { accountId, hash } },
    create: { accountId, hash, lastSeenAt: now },
    update: { lastSeenAt: now },
  });
  await db.knownDevice.deleteMany({ where: { accountId, lastSeenAt: { lt: new Date(now.getTime() - LIFE) } } });
}

/** A secret for a browser that has none. */
export const newDevice = newToken;

/** Leaves the secret with the browser. It opens nothing: it only says that its owner has been here. */
export function setDeviceCookie(res: Response, device: string, https: boolean): void {
  res.cookie(nameOf(https), device, { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: LIFE });
}
