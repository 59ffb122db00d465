import type { SyncParts } from '../../billing/parts';
import type { SiteContext } from '../../http/site-context';
import type { WallTransaction } from '../../stores/postgres/wall';
import { readOptions, type ImportOptions } from '../options';
import type { RowContext } from '../rows/read-row';
import type { ImportState } from '../states';

/** What works on an import. */
export interface ImportParts extends Pick<SyncParts, 'wall' | 'stripe' | 'livemode' | 'log' | 'clock'> {
  readonly site: Pick<SiteContext, 'languages' | 'settings'>;
}

/** An import that nobody else works on until the transaction ends. */
export interface ClaimedImport {
  readonly id: string;
  readonly name: string;
  readonly place: number;
  readonly options: ImportOptions;
}

/** Takes an import for this transaction. Null: it is not in that state (any more). */
export async function claimImport(db: WallTransaction, id: string, state: ImportState): Promise<ClaimedImport | null> {
  const rows = await db.$queryRaw<{ name: string; place: number; options: unknown }[]>`
    SELECT name, place, options FROM imports WHERE id = ${id}::uuid AND state = ${state} FOR UPDATE`;
  const [row] = rows;
  return row ? { id, name: row.name, place: row.place, options: readOptions(row.options) } : null;
}

/** What the rows of an import are read with. */
export const rowContext = ({ site, clock }: ImportParts, options: ImportOptions): RowContext => ({
  options,
  languages: site.languages.all.map(({ code }) => code),
  zone: site.languages.first.zone,
  now: clock.now(),
});
