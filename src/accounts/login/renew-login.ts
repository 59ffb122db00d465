import type { Request } from 'express';
import { accountsViewer } from '../../access/viewer';
import { callSession } from '../../http/renew-session';
import { Failure } from '../../lib/failure';
import type { Wall } from '../../stores/postgres/wall';

interface RenewParts {
  readonly wall: Wall;
  /** Facts of this account have changed, and the change is committed (`CommonParts.accountChanged`). */
  readonly accountChanged: (accountId: string) => void;
}

/**
 * The same session under a new id; the old id is dead (ASVS 7.2.4), also in processes that knew it. For whoever has
 * just proved again who they are.
 * @throws Failure 503 when the session store does not answer, or there is no session.
 */
export async function renewLogin({ wall, accountChanged }: RenewParts, req: Request): Promise<void> {
  const { accountId, loginId, startedAt, provedAt, passkeyAt } = req.session;
  if (loginId === undefined) throw new Failure(503, 'the session has ended');
  await wall.write(accountsViewer, (db) =>
    db.login.updateMany({ where: { id: loginId }, data: { sessionHash: null } }),
  );
  if (accountId !== undefined) accountChanged(accountId);
  await callSession(req, 'regenerate');
  Object.assign(req.session, { accountId, loginId, startedAt, provedAt, passkeyAt });
  await callSession(req, 'save');
}
