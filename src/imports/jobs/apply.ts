import { randomUUID } from 'node:crypto';
import { accountsViewer } from '../../access/viewer';
import { raiseOnce } from '../../billing/sync/alarms';
import type { WallTransaction } from '../../stores/postgres/wall';
import { readRow, type MemberRow } from '../rows/read-row';
import { customerFault } from './check';
import { claimImport, rowContext, type ClaimedImport, type ImportParts } from './parts';
import { loadExisting, type Existing } from './existing';
import { writeApplied, type Applied } from './write-applied';

/** Rows taken in one transaction. */
const BATCH = 500;

/**
 * Takes some more rows of an import, each with what it makes in one transaction: broken off anywhere, a row is done
 * whole or not at all, and is not done again.
 * @returns whether there is more to do.
 */
export function applySome(parts: ImportParts, id: string): Promise<boolean> {
  return parts.wall.write(accountsViewer, async (db) => {
    const it = await claimImport(db, id, 'running');
    if (it === null) return false;
    const rows = await db.importRow.findMany({
      where: { importId: id, number: { gt: it.place }, outcome: { in: ['add', 'merge'] } },
      orderBy: { number: 'asc' },
      take: BATCH,
      select: { number: true, cells: true, stripe: true },
    });
    const last = rows.at(-1)?.number;
    if (last !== undefined) await writeApplied(db, parts, it, await applyRows(db, parts, it, rows));
    const more = rows.length === BATCH;
    await db.import.update({
      where: { id },
      data: {
        ...(last === undefined ? {} : { place: last }),
        ...(more ? {} : { state: 'done', version: { increment: 1 }, finishedAt: parts.clock.now() }),
      },
      select: { id: true },
    });
    if (!more) await raiseUnmapped(db, id, parts.clock.now());
    return more;
  });
}

interface Row {
  readonly number: number;
  readonly cells: readonly string[];
  readonly stripe: string | null;
}

/** Decides on rows one after the other: a later one meets what an earlier one has made. */
async function applyRows(
  db: WallTransaction,
  parts: ImportParts,
  it: ClaimedImport,
  rows: readonly Row[],
): Promise<Applied[]> {
  const context = rowContext(parts, it.options);
  const read = rows.map((row) => ({ row, member: readRow(row.cells, context) }));
  const members = read.flatMap(({ member }) => ('refused' in member ? [] : [member]));
  const existing = await loadExisting(db, members);
  return read.map(({ row, member }): Applied => {
    if ('refused' in member) return refused(row, member.refused);
    const fault =
      member.customer === null
        ? null
        : customerFault(member.customer, member.email, existing.owners, existing.customers.get(member.email) ?? []);
    return fault === null ? take(existing, row, member, it, context.now) : refused(row, fault);
  });
}

const refused = ({ number }: Row, why: string): Applied => ({
  ...{ number, outcome: 'refused', notes: [why], accountId: null, made: [] },
  ...{ account: null, comp: null, labels: [], customer: null, sync: false },
});

function take(existing: Existing, row: Row, member: MemberRow, it: ClaimedImport, now: Date): Applied {
  const { number, stripe } = row;
  const known = existing.accounts.get(member.email);
  const id = known?.id ?? randomUUID();
  const of = known ?? { id, labels: new Set<string>(), comps: [] };
  existing.accounts.set(member.email, of);
  const labels = member.labels.filter((label) => !of.labels.has(label));
  for (const label of labels) of.labels.add(label);
  const { comp } = member;
  const gives =
    comp !== null && !of.comps.some(({ tier, until }) => tier === comp.tier && (until === null || until >= comp.until));
  if (gives) of.comps.push(comp);
  const linked = existing.owners.get(member.customer ?? '') !== undefined;
  const links = member.customer !== null && !linked;
  if (links) {
    existing.owners.set(member.customer, member.email);
    existing.customers.set(member.email, [{ stripeId: member.customer }]);
  }
  return {
    ...{ number, accountId: id, outcome: known ? 'merged' : 'added', notes: member.remarks },
    account: known
      ? null
      : { id, email: member.email, name: member.name, lang: member.lang, createdAt: member.joined ?? now },
    comp: gives ? { ...comp, from: now, reference: `import ${it.id} ${number}` } : null,
    labels,
    customer: links ? member.customer : null,
    sync: links && stripe !== null,
    made: [
      ...(known ? [] : ['account']),
      ...(gives ? ['comp'] : []),
      ...labels.map((label) => `label:${label}`),
      ...(links ? [`customer:${member.customer}`] : []),
    ],
  };
}

/** A price that members pay who were brought in, and that opens nothing here: somebody should look at it. */
async function raiseUnmapped(db: WallTransaction, id: string, now: Date): Promise<void> {
  const unmapped = await db.$queryRaw<{ price: string; n: number }[]>`
    SELECT split_part(stripe, ':', 2) AS price, count(*)::int AS n FROM import_rows
    WHERE import_id = ${id}::uuid AND outcome IN ('added', 'merged') AND stripe IS NOT NULL
      AND split_part(stripe, ':', 2) NOT IN (SELECT stripe_id FROM prices) GROUP BY 1`;
  for (const { price, n } of unmapped)
    await raiseOnce(db, { kind: 'unknown-price', subject: price, details: { price, members: n } }, now);
}
