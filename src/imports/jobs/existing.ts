import type { WallTransaction } from '../../stores/postgres/wall';
import type { MemberRow } from '../rows/read-row';

/** What is here of those whom rows are about, by their addresses; rows add what they make. */
export interface Existing {
  readonly accounts: Map<string, ExistingAccount>;
  /** Customers of an address that are not gone. */
  readonly customers: Map<string, readonly { readonly stripeId: string | null }[]>;
  /** Whose a customer of Stripe's is: an address; null: nobody's any more. */
  readonly owners: Map<string, string | null>;
}

interface ExistingAccount {
  readonly id: string;
  readonly labels: Set<string>;
  /** What is given without payment, and not over. */
  readonly comps: { readonly tier: string; readonly until: Date | null }[];
}

/** Reads it at once, as the registrar. */
export async function loadExisting(db: WallTransaction, members: readonly MemberRow[]): Promise<Existing> {
  const accounts = await db.account.findMany({
    where: { email: { in: members.map(({ email }) => email) } },
    select: {
      id: true,
      email: true,
      labels: { select: { label: true } },
      grants: { where: { source: 'COMP', revokedAt: null }, select: { tierSlug: true, until: true } },
      customers: { where: { deletedAt: null }, select: { stripeId: true } },
    },
  });
  const asked = members.flatMap(({ customer }) => (customer === null ? [] : [customer]));
  const linked = await db.customer.findMany({
    where: { stripeId: { in: asked } },
    select: { stripeId: true, account: { select: { email: true } } },
  });
  return {
    accounts: new Map(
      accounts.map(({ id, email, labels, grants }) => [
        email,
        {
          id,
          labels: new Set(labels.map(({ label }) => label)),
          comps: grants.map(({ tierSlug, until }) => ({ tier: tierSlug, until })),
        },
      ]),
    ),
    customers: new Map(accounts.map(({ email, customers }) => [email, customers])),
    owners: new Map(linked.map(({ stripeId, account }) => [stripeId!, account?.email ?? null])),
  };
}
