import { accountsViewer } from '../../access/viewer';
import type { WallTransaction } from '../../stores/postgres/wall';
import { readRow, type RowContext } from '../rows/read-row';
import { claimImport, rowContext, type ImportParts } from './parts';
import { noteSubscriptions } from './note-subscriptions';

/** Rows looked at in one transaction. */
const BATCH = 1_000;

interface Judged {
  readonly number: number;
  readonly email: string | null;
  readonly customer: string | null;
  readonly tier: string | null;
  readonly outcome: 'add' | 'merge' | 'refuse';
  readonly notes: readonly string[];
}

/**
 * Goes on with a dry run: says for some more rows what would become of them. Nothing but the import itself is written.
 * @returns whether there is more to do.
 */
export async function checkSome(parts: ImportParts, id: string): Promise<boolean> {
  const more = await parts.wall.write(accountsViewer, async (db) => {
    const it = await claimImport(db, id, 'checking');
    if (it === null) return null;
    const rows = await db.importRow.findMany({
      where: { importId: id, number: { gt: it.place } },
      orderBy: { number: 'asc' },
      take: BATCH,
      select: { number: true, cells: true },
    });
    if (rows.length === 0) return false;
    await writeJudged(db, id, await checkRow(db, rows, rowContext(parts, it.options)));
    const last = rows.at(-1)!.number;
    await checkTogether(db, id, { after: it.place, last });
    await db.import.update({ where: { id }, data: { place: last }, select: { id: true } });
    return true;
  });
  if (more !== false) return more ?? false;
  const stripe = await noteSubscriptions(parts, id);
  await parts.wall.write(accountsViewer, async (db) => {
    if ((await claimImport(db, id, 'checking')) === null) return;
    await db.import.update({
      where: { id },
      data: { state: 'checked', version: { increment: 1 }, facts: { ...stripe }, finishedAt: parts.clock.now() },
      select: { id: true },
    });
  });
  return false;
}

/** What would become of rows, each by itself. */
async function checkRow(
  db: WallTransaction,
  rows: readonly { readonly number: number; readonly cells: readonly string[] }[],
  context: RowContext,
): Promise<Judged[]> {
  const read = rows.map(({ number, cells }) => ({ number, row: readRow(cells, context) }));
  const emails = read.flatMap(({ row }) => (row.email === null ? [] : [row.email]));
  const customers = read.flatMap(({ row }) => ('customer' in row && row.customer !== null ? [row.customer] : []));
  const accounts = await db.account.findMany({
    where: { email: { in: emails } },
    select: { email: true, customers: { where: { deletedAt: null }, select: { stripeId: true } } },
  });
  const known = new Map(accounts.map((account) => [account.email, account]));
  const linked = await db.customer.findMany({
    where: { stripeId: { in: customers } },
    select: { stripeId: true, account: { select: { email: true } } },
  });
  const owners = new Map(linked.map(({ stripeId, account }) => [stripeId!, account?.email ?? null]));
  return read.map(({ number, row }): Judged => {
    const of = { number, email: row.email, tier: row.tierValue || null };
    if ('refused' in row) return { ...of, customer: null, outcome: 'refuse', notes: [row.refused] };
    const account = known.get(row.email);
    const customer = row.customer;
    const refused = customer === null ? null : customerFault(customer, row.email, owners, account?.customers ?? []);
    return refused === null
      ? { ...of, customer, outcome: account ? 'merge' : 'add', notes: row.remarks }
      : { ...of, customer, outcome: 'refuse', notes: [refused] };
  });
}

/** Why a customer of Stripe's cannot be an account's; null: it can. */
export function customerFault(
  customer: string,
  email: string,
  owners: ReadonlyMap<string, string | null>,
  own: readonly { readonly stripeId: string | null }[],
): 'customer-taken' | 'customer-other' | null {
  const owner = owners.get(customer);
  if (owner !== undefined && owner !== email) return 'customer-taken';
  return own.some(({ stripeId }) => stripeId !== null && stripeId !== customer) ? 'customer-other' : null;
}

async function writeJudged(db: WallTransaction, id: string, rows: readonly Judged[]): Promise<void> {
  await db.$executeRaw`
    UPDATE import_rows SET email = one->>'email', customer = one->>'customer', tier_value = one->>'tier',
      outcome = one->>'outcome', notes = ARRAY(SELECT jsonb_array_elements_text(one->'notes')), stripe = NULL
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS one
    WHERE import_id = ${id}::uuid AND number = (one->>'number')::int`;
}

/**
 * What rows are to those before them: the same address twice is one account, one customer at two addresses is a fault.
 * Those before them have their outcomes by then, so no statement goes through more than these rows and their likes.
 */
async function checkTogether(db: WallTransaction, id: string, { after, last }: Span): Promise<void> {
  await db.$executeRaw`
    UPDATE import_rows later SET outcome = 'refuse', notes = ARRAY['customer-twice:' || one.line]
    FROM (SELECT DISTINCT ON (customer) customer, email, line, number FROM import_rows
      WHERE import_id = ${id}::uuid AND number <= ${last} AND outcome IN ('add', 'merge') AND customer IN (
        SELECT customer FROM import_rows WHERE import_id = ${id}::uuid AND number > ${after} AND number <= ${last})
      ORDER BY customer, number) one
    WHERE later.import_id = ${id}::uuid AND later.number > ${after} AND later.number <= ${last}
      AND later.customer = one.customer AND later.number > one.number
      AND later.email <> one.email AND later.outcome IN ('add', 'merge')`;
  await db.$executeRaw`
    UPDATE import_rows later SET outcome = 'merge', notes = later.notes || ('twice:' || one.line)
    FROM (SELECT DISTINCT ON (email) email, line, number FROM import_rows
      WHERE import_id = ${id}::uuid AND number <= ${last} AND outcome IN ('add', 'merge') AND email IN (
        SELECT email FROM import_rows WHERE import_id = ${id}::uuid AND number > ${after} AND number <= ${last})
      ORDER BY email, number) one
    WHERE later.import_id = ${id}::uuid AND later.number > ${after} AND later.number <= ${last}
      AND later.email = one.email AND later.number > one.number AND later.outcome IN ('add', 'merge')`;
}

/** Rows behind the one, up to the other. */
interface Span {
  readonly after: number;
  readonly last: number;
}
