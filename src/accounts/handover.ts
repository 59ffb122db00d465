import type { WallTransaction } from '../stores/postgres/wall';

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
