import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { accountsViewer } from '../access/viewer';
import { networkOf } from '../lib/network';
import type { AuditDraft } from '../stores/postgres/audit';
import type { Wall } from '../stores/postgres/wall';

/** Who acts and from where, as an entry of the audit log says it. */
export type ActorAt = Pick<AuditDraft, 'actor'> & { readonly from: NonNullable<AuditDraft['from']> };

/**
 * What an entry says of the account that makes this request: its address as it is now. The answer carries the id it is
 * noted under.
 */
export async function byAccount(wall: Wall, accountId: string, req: Request, res: Response): Promise<ActorAt> {
  const { email } = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { email: true } }),
  );
  const requestId = randomUUID();
  res.setHeader('X-Request-Id', requestId);
  return { actor: { id: accountId, name: email }, from: { network: networkOf(req.ip), requestId } };
}
