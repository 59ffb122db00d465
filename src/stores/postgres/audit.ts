import type { WallTransaction } from './wall';

/** Who acts: an account, or the command line and the system, which have none. */
export interface Actor {
  readonly id: string | null;
  /** The address of the account as it is now, or the name of what acts without one. */
  readonly name: string;
}

/** Facts of what was changed, as they can be kept: dates in ISO 8601 (UTC), amounts in cents. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** What an entry of the audit log says. */
export interface AuditDraft {
  /** Who asks twice with one id has asked once; without one each entry is a new one. */
  readonly id?: string;
  readonly at: Date;
  readonly actor: Actor;
  /** What was done, as a name: `comp`, `suspend`. */
  readonly action: string;
  /** To what, with its name as it is now; null where it was done to nothing in particular. */
  readonly target: { readonly kind: string; readonly id: string; readonly name: string } | null;
  readonly before?: Facts | null;
  readonly after?: Facts | null;
  readonly reason?: string | null;
  /** The network the request came from (`networkOf`), and the id it was logged under. */
  readonly from?: { readonly network: string | null; readonly requestId: string } | null;
}

/**
 * Writes an entry of the audit log, in the transaction of what it tells of: both are there, or neither. False when
 * there is an entry of that id already. The transaction must be the registrar's or the desk's. No entry is ever changed
 * or removed: the application's role has no right to.
 */
export async function writeAudit(
  db: WallTransaction,
  { id, at, actor, action, target, before, after, reason, from }: AuditDraft,
): Promise<boolean> {
  const { count } = await db.auditEntry.createMany({
    data: [
      {
        ...(id === undefined ? {} : { id }),
        at,
        action,
        actorId: actor.id,
        actor: actor.name,
        targetKind: target?.kind ?? null,
        targetId: target?.id ?? null,
        target: target?.name ?? null,
        ...(before ? { before } : {}),
        ...(after ? { after } : {}),
        reason: reason ?? null,
        fromAddress: from?.network ?? null,
        requestId: from?.requestId ?? null,
      },
    ],
    skipDuplicates: true,
  });
  return count === 1;
}
