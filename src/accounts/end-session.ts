import type { Request } from 'express';
import { accountsViewer } from '../access/viewer';
import '../http/sessions';
import { Failure } from '../lib/failure';
import type { Wall } from '../stores/postgres/wall';

/**
 * Ends the login of a request: its session and its row. Each alone ends it, so one is tried though the other fails.
 * @throws Failure 503 when either could not be ended.
 */
export async function logOut(wall: Wall, req: Request, now: Date): Promise<void> {
  const { session } = req;
  if (!session) return;
  const { loginId } = session;
  const ended = await Promise.allSettled([
    new Promise<void>((resolve, reject) =>
      session.destroy((error: unknown) =>
        error ? reject(new Failure(503, 'the session store does not answer', { cause: error })) : resolve(),
      ),
    ),
    loginId === undefined
      ? null
      : wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { id: loginId, endedAt: null }, data: { endedAt: now } }),
        ),
  ]);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
