import { accountsViewer } from '../../access/viewer';
import type { WallTransaction } from '../../stores/postgres/wall';
import { claimImport, type ImportParts } from './parts';

/** Rows taken back in one transaction. */
const BATCH = 200;

/** Why something stays that a row has made: it was built on. */
export const KEPT = ['kept-staff', 'kept-used', 'kept-granted', 'kept-import', 'kept-paid'] as const;
export type Kept = (typeof KEPT)[number];

/**
 * Takes back some more rows of an import, the last first, so that what a later row added to an account goes before the
 * account. What something was built on stays, and its row says why.
 * @returns whether there is more to do.
 */
export function takeBackSome(parts: ImportParts, id: string): Promise<boolean> {
  return parts.wall.write(accountsViewer, async (db) => {
    if ((await claimImport(db, id, 'taking-back')) === null) return false;
    const rows = await db.importRow.findMany({
      where: { importId: id, outcome: { in: ['added', 'merged'] } },
      orderBy: { number: 'desc' },
      take: BATCH,
      select: { number: true, accountId: true, made: true },
    });
    for (const { number, accountId, made } of rows) {
      const reason = accountId === null ? null : await takeBackRow(db, id, { number, accountId, made });
      await db.importRow.update({
        where: { importId_number: { importId: id, number } },
        data: reason === null ? { outcome: 'taken-back', notes: [] } : { outcome: 'kept', notes: [reason] },
        select: { number: true },
      });
    }
    const more = rows.length === BATCH;
    await db.import.update({
      where: { id },
      data: more
        ? { place: { increment: rows.length } }
        : { state: 'taken-back', version: { increment: 1 }, finishedAt: parts.clock.now() },
      select: { id: true },
    });
    return more;
  });
}

interface Made {
  readonly number: number;
  readonly accountId: string;
  readonly made: readonly string[];
}

async function takeBackRow(db: WallTransaction, id: string, { number, accountId, made }: Made): Promise<Kept | null> {
  await db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
  await db.$queryRaw`SELECT set_config('dossier.bulk', 'on', true)`;
  const customers = await db.customer.findMany({
    where: { accountId, stripeId: { in: made.flatMap((one) => (one.startsWith('customer:') ? [one.slice(9)] : [])) } },
    select: { id: true, importedAt: true },
  });
  const reason =
    (made.includes('account') ? await builtOnAccount(db, id, accountId) : null) ??
    (await builtOnCustomers(db, customers));
  if (reason !== null) return reason;
  const ofCustomers = { where: { customerId: { in: customers.map((one) => one.id) } } };
  await db.revenueSpan.deleteMany(ofCustomers);
  await db.dispute.deleteMany(ofCustomers);
  await db.invoice.deleteMany(ofCustomers);
  const subscriptions = await db.subscription.findMany({ ...ofCustomers, select: { stripeId: true } });
  await db.grant.deleteMany({
    where: { source: 'SUBSCRIPTION', reference: { in: subscriptions.map(({ stripeId }) => stripeId) } },
  });
  await db.subscription.deleteMany(ofCustomers);
  // The customer goes before the account: one without an account would have its subscriptions ended at Stripe.
  await db.customer.deleteMany({ where: { id: { in: customers.map((one) => one.id) } } });
  if (made.includes('account')) {
    await db.account.deleteMany({ where: { id: accountId } });
    return null;
  }
  if (made.includes('comp'))
    await db.grant.deleteMany({ where: { source: 'COMP', reference: `import ${id} ${number}` } });
  const labels = made.flatMap((one) => (one.startsWith('label:') ? [one.slice(6)] : []));
  await db.accountLabel.deleteMany({ where: { accountId, label: { in: labels } } });
  return null;
}

/** What stands on an account by now; null: nothing but what the import has made. */
async function builtOnAccount(db: WallTransaction, id: string, accountId: string): Promise<Kept | null> {
  const account = await db.account.findUnique({
    where: { id: accountId },
    select: {
      role: true,
      passwordHash: true,
      verifiedAt: true,
      customers: { where: { importedAt: null }, select: { id: true }, take: 1 },
      grants: { select: { source: true, reference: true } },
      _count: { select: { logins: true, passkeys: true, apiTokens: true } },
    },
  });
  if (account === null) return null;
  const { role, passwordHash, verifiedAt, customers, grants, _count: of } = account;
  if (role !== 'reader') return 'kept-staff';
  if (passwordHash !== null || verifiedAt !== null || of.logins + of.passkeys + of.apiTokens > 0) return 'kept-used';
  if (customers.length > 0) return 'kept-paid';
  const others = grants.filter(
    ({ source, reference }) =>
      source !== 'JOINED' && source !== 'SUBSCRIPTION' && !(reference ?? '').startsWith(`import ${id} `),
  );
  if (others.length > 0) return 'kept-granted';
  const elsewhere = await db.importRow.count({
    where: { accountId, importId: { not: id }, outcome: { in: ['merged', 'kept'] } },
  });
  return elsewhere > 0 ? 'kept-import' : null;
}

/** Was anything paid since they were brought in? */
async function builtOnCustomers(
  db: WallTransaction,
  customers: readonly { readonly id: string; readonly importedAt: Date | null }[],
): Promise<Kept | null> {
  for (const { id, importedAt } of customers) {
    const since = importedAt === null ? {} : { paidAt: { gt: importedAt } };
    if ((await db.invoice.count({ where: { customerId: id, paidCents: { gt: 0 }, ...since } })) > 0) return 'kept-paid';
  }
  return null;
}
