import { resolveAccess, worksAtDesk, type AccountFacts, type AccessLevel } from '../../access/account-access';
import { factsOf } from '../../membership/facts';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { TierNames } from '../tier-names';
import { NOTHING_OWNED, readHandover } from '../../accounts/handover';
import { findMailBlock } from '../../accounts/mail-blocks';

/** Rows of each kind a member's page shows at most, the newest. */
const MOST = 50;

const COLUMNS = {
  id: true,
  email: true,
  name: true,
  lang: true,
  role: true,
  state: true,
  verifiedAt: true,
  totpConfirmedAt: true,
  mailRefusedAt: true,
  mailRefusal: true,
  createdAt: true,
  passwordHash: true,
  grants: true,
  labels: { select: { label: true }, orderBy: { label: 'asc' } },
  acceptances: {
    select: { version: true, acceptedAt: true, page: { select: { slug: true } } },
    orderBy: { acceptedAt: 'desc' },
  },
  passkeys: { select: { id: true } },
  logins: {
    where: { endedAt: null },
    select: { device: true, createdAt: true, lastSeenAt: true },
    orderBy: { lastSeenAt: 'desc' },
    take: MOST,
  },
  apiTokens: {
    where: { revokedAt: null },
    select: { name: true, createdAt: true, lastUsedAt: true },
    orderBy: { createdAt: 'desc' },
    take: MOST,
  },
  letters: {
    select: { kind: true, createdAt: true, sentAt: true, failure: true },
    orderBy: { createdAt: 'desc' },
    take: MOST,
  },
  customers: {
    select: {
      stripeId: true,
      subscriptions: { orderBy: { startedAt: 'desc' }, take: MOST },
      invoices: {
        select: {
          stripeId: true,
          number: true,
          status: true,
          currency: true,
          dueCents: true,
          paidCents: true,
          refundedCents: true,
          createdAt: true,
          paidAt: true,
        },
        orderBy: { createdAt: 'desc' },
        take: MOST,
      },
    },
  },
} as const;

/** Everything that is read of one member: nothing that would open the account. */
export async function readMember(db: WallTransaction, id: string, tiers: TierNames, now: Date) {
  const row = await db.account.findUnique({
    where: { id },
    select: COLUMNS,
  });
  if (!row) return null;
  const { passwordHash, ...rest } = row;
  const facts: AccountFacts = factsOf(row);
  const stands: AccessLevel = resolveAccess(facts, tiers.all, now);
  const audit = await db.auditEntry.findMany({
    where: { targetId: id },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: 20,
  });
  const block = await findMailBlock(db, row.email);
  const handover = worksAtDesk(row.role) ? await readHandover(db, id) : NOTHING_OWNED;
  return { ...rest, hasPassword: passwordHash !== null, facts, standing: stands, audit, handover, block };
}

export type MemberRead = NonNullable<Awaited<ReturnType<typeof readMember>>>;
