import type { Request, Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { callSession } from '../../http/renew-session';
import '../../http/sessions';
import type { Clock } from '../../lib/clock';
import { Failure } from '../../lib/failure';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { sessionHash } from '../../stores/session-store';
import { markOf } from '../credentials/verify-credentials';
import { describeDevice } from './device';
import { lockAccount } from '../credentials/revoke-credentials';
import { deviceOf, setDeviceCookie, newDevice, rememberDevice } from './known-devices';

export interface LoginParts {
  readonly wall: Wall;
  readonly clock: Clock;
  readonly https: boolean;
  /** Facts of this account have changed, and the change is committed (`CommonParts.accountChanged`). */
  readonly accountChanged: (accountId: string) => void;
}

/** How long the second factor may take, in milliseconds, before the first must be shown again. */
export const PENDING_LIFE = 10 * 60_000;

/** What somebody has shown of an account: the password with this mark, or this passkey. */
export interface Shown {
  readonly mark?: string | undefined;
  readonly passkeyId?: string | undefined;
}

/**
 * Logs an account in, once everything it must show was shown: a session with a new id (ASVS 7.2.4), a row for it
 * among the account's logins, and the device known from now on. A login this browser had before is over.
 * @throws Failure 503 when the sessions are not to be had, 409 when the account was suspended, or what was shown of it
 * changed or removed since; nobody is logged in then.
 */
export async function completeLogin(
  { wall, clock, https, accountChanged }: LoginParts,
  req: Request,
  res: Response,
  account: { readonly id: string } & Shown,
): Promise<void> {
  const { loginId: before, accountId: formerId } = req.session ?? {};
  // Nothing of the session before is kept, and its id is dead: whoever planted it has nothing.
  await callSession(req, 'regenerate');
  const now = clock.now();
  const device = deviceOf(req, https) ?? newDevice();
  const login = await wall.write(accountsViewer, async (db) => {
    await lockAccount(db, account.id);
    if (!(await isStillVerified(db, account.id, account))) throw new Failure(409, 'the account was changed meanwhile');
    if (before !== undefined)
      await db.login.updateMany({ where: { id: before, endedAt: null }, data: { endedAt: now } });
    await rememberDevice(db, account.id, device, now);
    return db.login.create({
      data: {
        accountId: account.id,
        device: describeDevice(req.get('User-Agent')),
        createdAt: now,
        lastSeenAt: now,
        sessionHash: sessionHash(req.sessionID),
      },
      select: { id: true },
    });
  });
  // This process does not wait to hear that the login before is over.
  for (const id of new Set([account.id, formerId ?? account.id])) accountChanged(id);
  Object.assign(req.session, {
    accountId: account.id,
    loginId: login.id,
    startedAt: now.getTime(),
    provedAt: now.getTime(),
  });
  try {
    await callSession(req, 'save');
  } catch (error) {
    await wall
      .write(accountsViewer, (db) => db.login.update({ where: { id: login.id }, data: { endedAt: now } }))
      .catch(() => undefined);
    throw error;
  }
  setDeviceCookie(res, device, https);
}

/**
 * Is the account one that may be logged in to, with what was shown of it? Whoever changes a password or removes a
 * passkey ends every login there is, and so those that were half made.
 */
export async function isStillVerified(db: WallTransaction, id: string, { mark, passkeyId }: Shown): Promise<boolean> {
  const account = await db.account.findUnique({ where: { id, state: 'active' }, select: { passwordHash: true } });
  if (!account) return false;
  if (mark !== undefined && (account.passwordHash === null || markOf(account.passwordHash) !== mark)) return false;
  return passkeyId === undefined || (await db.passkey.count({ where: { id: passkeyId, accountId: id } })) === 1;
}

/** Remembers, in a session with a new id, that the first factor was shown and the second is still to come. */
export async function awaitSecondFactor(
  { clock }: Pick<LoginParts, 'clock'>,
  req: Request,
  account: { readonly id: string; readonly mark?: string | undefined },
  next: string,
): Promise<void> {
  // Nothing of the session before is kept, and its id is dead: whoever planted it has nothing.
  await callSession(req, 'regenerate');
  req.session.pending = { accountId: account.id, next, at: clock.now().getTime(), mark: account.mark };
  await callSession(req, 'save');
}
