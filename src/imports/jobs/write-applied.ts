import { isFreeToJoin } from '../../membership/tiers';
import type { WallTransaction } from '../../stores/postgres/wall';
import { writeWelcomes } from '../letters';
import type { ClaimedImport, ImportParts } from './parts';

/** What is done with a row. */
export interface Applied {
  readonly number: number;
  readonly outcome: 'added' | 'merged' | 'refused';
  readonly notes: readonly string[];
  readonly accountId: string | null;
  readonly made: readonly string[];
  /** One to be made. */
  readonly account: {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly lang: string;
    readonly createdAt: Date;
  } | null;
  readonly comp: {
    readonly tier: string;
    readonly from: Date;
    readonly until: Date;
    readonly reference: string;
  } | null;
  readonly labels: readonly string[];
  /** A customer of Stripe's to be linked. */
  readonly customer: string | null;
  /** Is Stripe to be looked at for it? */
  readonly sync: boolean;
}

/** Writes what rows make, in the registrar's transaction: every table in one statement, whatever the rows. */
export async function writeApplied(
  db: WallTransaction,
  { clock }: ImportParts,
  { id, name, options }: ClaimedImport,
  rows: readonly Applied[],
): Promise<void> {
  const now = clock.now();
  // They are told to nobody's programs one by one (prisma/migrations, `webhook_of_grants`).
  await db.$queryRaw`SELECT set_config('dossier.bulk', 'on', true)`;
  const added = rows.flatMap(({ account }) => (account === null ? [] : [account]));
  await db.account.createMany({ data: added });
  const free = (await db.tier.findMany({ select: { slug: true, rank: true, joining: true, retiredAt: true } })).find(
    isFreeToJoin,
  );
  await db.grant.createMany({
    data: [
      ...(free
        ? added.map(({ id: accountId, createdAt: from }) => ({
            ...{ accountId, from, tierSlug: free.slug, source: 'JOINED' as const },
          }))
        : []),
      ...rows.flatMap(({ comp, accountId }) =>
        comp === null || accountId === null
          ? []
          : [
              {
                ...{ accountId, from: comp.from, until: comp.until, reference: comp.reference, reason: name },
                ...{ tierSlug: comp.tier, source: 'COMP' as const },
              },
            ],
      ),
    ],
  });
  await db.accountLabel.createMany({
    data: rows.flatMap(({ labels, accountId }) => labels.map((label) => ({ accountId: accountId!, label }))),
  });
  await linkCustomers(db, rows, now);
  if (options.letters) await writeWelcomes(db, added, now);
  await writeOutcomes(db, id, rows);
}

async function linkCustomers(db: WallTransaction, rows: readonly Applied[], now: Date): Promise<void> {
  const links = rows.flatMap(({ customer, accountId, sync }) =>
    customer === null || accountId === null ? [] : [{ customer, accountId, sync }],
  );
  // A row that waits for its customer is that customer's: somebody began to pay and did not go on.
  const waiting = await db.customer.findMany({
    where: { accountId: { in: links.map(({ accountId }) => accountId) }, stripeId: null, deletedAt: null },
    select: { id: true, accountId: true },
  });
  for (const { customer, accountId } of links) {
    const row = waiting.find((one) => one.accountId === accountId);
    if (row)
      await db.customer.update({
        where: { id: row.id },
        data: { stripeId: customer, importedAt: now },
        select: { id: true },
      });
  }
  await db.customer.createMany({
    data: links
      .filter(({ accountId }) => !waiting.some((one) => one.accountId === accountId))
      .map(({ customer, accountId }) => ({ accountId, stripeId: customer, importedAt: now })),
  });
  await queueSyncs(
    db,
    links.filter(({ sync }) => sync).map(({ customer }) => customer),
  );
}

/**
 * How late these are worked on (graphile-worker: the smaller number first): a former platform's five thousand customers
 * keep neither an event of Stripe's nor a letter waiting, nor the rows that are still to be brought in.
 */
const LATER = 10;

/** Looks at these customers of Stripe's afterwards, one job for each. */
export async function queueSyncs(db: WallTransaction, customers: readonly string[]): Promise<void> {
  if (customers.length === 0) return;
  await db.$queryRaw`
    SELECT count(graphile_worker.add_job('sync', json_build_object('customer', one), job_key => 'sync ' || one,
      max_attempts => 12, priority => ${LATER}::int)) AS added FROM unnest(${[...customers]}::text[]) AS one`;
}

async function writeOutcomes(db: WallTransaction, id: string, rows: readonly Applied[]): Promise<void> {
  const values = rows.map(({ number, outcome, notes, accountId, made }) => ({
    number,
    outcome,
    notes,
    accountId,
    made,
  }));
  await db.$executeRaw`
    UPDATE import_rows SET outcome = one->>'outcome', account_id = (one->>'accountId')::uuid,
      made = ARRAY(SELECT jsonb_array_elements_text(one->'made')),
      notes = CASE WHEN one->>'outcome' = 'refused'
        THEN ARRAY(SELECT jsonb_array_elements_text(one->'notes')) ELSE notes END
    FROM jsonb_array_elements(${JSON.stringify(values)}::jsonb) AS one
    WHERE import_id = ${id}::uuid AND number = (one->>'number')::int`;
}
