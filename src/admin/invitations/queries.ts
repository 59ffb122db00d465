import { invitationState, type InvitationState, type StaffRole } from '../../access/invitations';
import { INVITER_COLUMNS, inviterFacts } from '../../accounts/invitations/rows';
import type { WallTransaction } from '../../stores/postgres/wall';

/** An invitation as these sections show it. */
export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly lang: string;
  readonly createdAt: Date;
  readonly sentAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  /** Null: the account is gone. */
  readonly inviterName: string | null;
  readonly acceptedById: string | null;
  readonly state: InvitationState;
}

const INCLUDED = { inviter: INVITER_COLUMNS } as const;
type Read = NonNullable<Awaited<ReturnType<typeof readRow>>>;
const readRow = (db: WallTransaction, id: string) => db.invitation.findUnique({ where: { id }, include: INCLUDED });

function rowOf({ inviter, hash: _hash, inviterId: _inviterId, ...row }: Read, now: Date): InvitationRow {
  const state = invitationState({ ...row, inviter: inviterFacts(inviter) }, now);
  return { ...row, role: row.role as StaffRole, inviterName: inviter?.name ?? null, state };
}

/** One invitation; null where there is none. */
export async function findInvitationRow(db: WallTransaction, id: string, now: Date): Promise<InvitationRow | null> {
  const row = await readRow(db, id);
  return row && rowOf(row, now);
}

const MAY_INVITE = {
  role: 'admin',
  state: 'active',
  OR: [{ totpConfirmedAt: { not: null } }, { passkeys: { some: {} } }],
} as const;

/** The rule of `invitationState` as a filter; a test holds that both agree. */
function inState(state: InvitationState, now: Date) {
  const open = { acceptedAt: null, revokedAt: null } as const;
  switch (state) {
    case 'accepted':
      return { acceptedAt: { not: null } };
    case 'revoked':
      return { acceptedAt: null, revokedAt: { not: null } };
    case 'void':
      return { ...open, OR: [{ inviterId: null }, { inviter: { isNot: MAY_INVITE } }] };
    case 'expired':
      return { ...open, inviter: { is: MAY_INVITE }, expiresAt: { lte: now } };
    case 'waiting':
      return { ...open, inviter: { is: MAY_INVITE }, expiresAt: { gt: now } };
  }
}

/** Invitations, the newest first: those in a state, or all. */
export async function listInvitations(
  db: WallTransaction,
  {
    state,
    skip,
    take,
    now,
  }: { readonly state: InvitationState | undefined; readonly skip: number; readonly take: number; readonly now: Date },
): Promise<InvitationRow[]> {
  const rows = await db.invitation.findMany({
    where: state === undefined ? {} : inState(state, now),
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip,
    take,
  });
  return rows.map((row) => rowOf(row, now));
}

/** Who works here, by role and name. */
export const listStaff = (db: WallTransaction, take: number) =>
  db.account.findMany({
    where: { role: { not: 'reader' } },
    select: {
      ...{ id: true, name: true, email: true, role: true, state: true, totpConfirmedAt: true },
      passkeys: { select: { id: true }, take: 1 },
    },
    orderBy: [{ role: 'desc' }, { name: 'asc' }, { id: 'asc' }],
    take,
  });
