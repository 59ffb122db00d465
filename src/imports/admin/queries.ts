import type { WallTransaction } from '../../stores/postgres/wall';
import { notFound } from '../../lib/failure';
import { readOptions, type ImportOptions } from '../options';
import { readPostOptions, type PostOptions } from '../posts/options';
import type { ImportFacts, ImportState } from '../states';
import { MOST_VALUES, type TierValue } from './match';

/** An import as its pages need it. */
export interface ImportRead {
  readonly id: string;
  readonly name: string;
  readonly kind: 'members' | 'posts';
  readonly state: ImportState;
  readonly source: string;
  readonly header: readonly string[];
  readonly options: ImportOptions;
  /** The same, where it brings in posts. */
  readonly postOptions: PostOptions;
  readonly facts: ImportFacts;
  readonly rows: number;
  readonly place: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** @throws Failure 404 where there is none. */
export async function loadImport(db: WallTransaction, id: string): Promise<ImportRead> {
  const row = await db.import.findUnique({ where: { id } });
  if (row === null) throw notFound('an import');
  return {
    ...row,
    state: row.state as ImportState,
    kind: row.kind as ImportRead['kind'],
    options: readOptions(row.options),
    postOptions: readPostOptions(row.options),
    facts: row.facts as ImportFacts,
  };
}

/** What the rows name as tiers, the most frequent first. */
export const readTierValues = (db: WallTransaction, id: string): Promise<TierValue[]> =>
  db.$queryRaw<TierValue[]>`
    SELECT tier_value AS value, count(*)::int AS n FROM import_rows
    WHERE import_id = ${id}::uuid AND tier_value IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_VALUES}`;

/** How many rows came to what. */
export const countOutcomes = (db: WallTransaction, id: string) =>
  db.importRow.groupBy({ by: ['outcome'], where: { importId: id, outcome: { not: null } }, _count: true });

/** How many of the rows that would be added, or were, are pages. */
export const countPages = (db: WallTransaction, id: string) =>
  db.$queryRaw<{ outcome: 'add' | 'added'; n: number }[]>`
    SELECT outcome, count(*)::int AS n FROM import_rows WHERE import_id = ${id}::uuid
      AND ((outcome = 'add' AND EXISTS (SELECT FROM unnest(notes) note WHERE note LIKE 'page-draft:%'))
        OR (outcome = 'added' AND EXISTS (SELECT FROM unnest(made) one WHERE one LIKE 'page:%')))
    GROUP BY 1`;

/** What Stripe says of those whose rows are taken, and how many of them are linked and not looked at yet. */
export const countStripe = (db: WallTransaction, id: string) =>
  db.$queryRaw<{ customers: number; subscribed: number; unmapped: number; waiting: number }[]>`
    SELECT count(customer)::int AS customers, count(stripe)::int AS subscribed,
      count(*) FILTER (WHERE stripe IS NOT NULL AND outcome IN ('added', 'merged') AND EXISTS (
        SELECT FROM customers c WHERE c.stripe_id = customer AND c.synced_at IS NULL))::int AS waiting,
      count(*) FILTER (WHERE stripe IS NOT NULL
        AND split_part(stripe, ':', 2) NOT IN (SELECT stripe_id FROM prices))::int AS unmapped
    FROM import_rows WHERE import_id = ${id}::uuid AND outcome IN ('add', 'merge', 'added', 'merged')`;

/** Some rows that came to something, in the order of the file. */
export const listRows = (
  db: WallTransaction,
  id: string,
  outcome: string | null,
  { skip, take }: { readonly skip: number; readonly take: number },
) =>
  db.importRow.findMany({
    where: { importId: id, outcome: outcome ?? { not: null } },
    orderBy: { number: 'asc' },
    skip,
    take,
    select: {
      number: true,
      line: true,
      email: true,
      outcome: true,
      notes: true,
      stripe: true,
      accountId: true,
      title: true,
      briefingId: true,
      made: true,
    },
  });
