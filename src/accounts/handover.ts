import type { AccountRole } from '../access/account-access';
import { writeAudit, type AuditDraft } from '../stores/postgres/audit';
import type { WallTransaction } from '../stores/postgres/wall';

/** What the audit log calls it when somebody of the staff deletes their own account. */
export const STAFF_LEFT = 'staff-left';

/** What somebody at the desk would leave behind, and to whom it can go. */
export interface Handover {
  /** Briefings they began, by where those stand: `draft`, `in_review`, `scheduled`, `published`, `archived`. */
  readonly begun: readonly { readonly state: string; readonly n: number }[];
  /** Open invitations they made, which are worth nothing once they are no admin. */
  readonly invitations: number;
  /** Whoever works at the desk besides. */
  readonly colleagues: readonly { readonly id: string; readonly name: string; readonly email: string }[];
}

export const NOTHING_OWNED: Handover = { begun: [], invitations: 0, colleagues: [] };

/** Colleagues to choose from at most. */
const MOST = 500;

/** Reads it in the registrar's transaction, who sees no briefing: Postgres counts them. */
export async function readHandover(db: WallTransaction, id: string): Promise<Handover> {
  return {
    begun: await db.$queryRaw<{ state: string; n: number }[]>`SELECT state, n FROM wall.begun_by(${id}::uuid)`,
    invitations: await db.invitation.count({ where: { inviterId: id, acceptedAt: null, revokedAt: null } }),
    colleagues: await db.account.findMany({
      where: { role: { in: ['editor', 'admin'] }, state: 'active', id: { not: id } },
      select: { id: true, name: true, email: true },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: MOST,
    }),
  };
}

/** Hands on every briefing that somebody began, in the registrar's transaction. @returns how many. */
export async function handOn(db: WallTransaction, leaving: string, heir: string): Promise<number> {
  const [row] = await db.$queryRaw<[{ n: number }]>`SELECT wall.hand_on(${leaving}::uuid, ${heir}::uuid) AS n`;
  return row.n;
}

/**
 * Writes that somebody of the staff leaves by deleting their own account, and hands on what they began. Nothing else
 * says afterwards that they have left, nor how their heir came by it.
 */
export async function leaveStaff(
  db: WallTransaction,
  {
    actor,
    from,
    at,
  }: Pick<AuditDraft, 'from' | 'at'> & { readonly actor: { readonly id: string; readonly name: string } },
  role: AccountRole,
  heir: Handover['colleagues'][number] | null,
): Promise<void> {
  const after = heir && { 'handed-on-to': heir.email, briefings: await handOn(db, actor.id, heir.id) };
  const target = { kind: 'account', ...actor };
  await writeAudit(db, { actor, at, action: STAFF_LEFT, target, before: { role }, after, ...(from ? { from } : {}) });
}
