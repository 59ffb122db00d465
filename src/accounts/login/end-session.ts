import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { callSession } from '../../http/renew-session';
import '../../http/sessions';
import type { Wall } from '../../stores/postgres/wall';

/**
 * Ends the login of a request: its session and its row. Each alone ends it, so one is tried though the other fails.
 * @throws Failure 503 when either could not be ended.
 */
export async function logOut(wall: Wall, req: Request, now: Date): Promise<void> {
  const { session } = req;
  if (!session) return;
  const { loginId } = session;
  const ended = await Promise.allSettled([
    callSession(req, 'destroy'),
    loginId === undefined
      ? null
      : wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { id: loginId, endedAt: null }, data: { endedAt: now } }),
        ),
  ]);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
