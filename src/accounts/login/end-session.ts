import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { callSession } from '../../http/renew-session';
import '../../http/sessions';
import type { Clock } from '../../lib/clock';
import type { Wall } from '../../stores/postgres/wall';

interface LogOutParts {
  readonly wall: Wall;
  readonly clock: Clock;
  /** Facts of this account have changed, and the change is committed (`CommonParts.accountChanged`). */
  readonly accountChanged: (accountId: string) => void;
}

/**
 * Ends the login of a request: its session and its row. Each alone ends it, so one is tried though the other fails. In
 * this process it is over when this returns, in others within a second.
 * @throws Failure 503 when either could not be ended.
 */
export async function logOut({ wall, clock, accountChanged }: LogOutParts, req: Request): Promise<void> {
  const { session } = req;
  if (!session) return;
  const { loginId, accountId } = session;
  const ended = await Promise.allSettled([
    callSession(req, 'destroy'),
    loginId === undefined
      ? null
      : wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { id: loginId, endedAt: null }, data: { endedAt: clock.now() } }),
        ),
  ]);
  if (accountId !== undefined) accountChanged(accountId);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
