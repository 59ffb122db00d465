import { accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { noteText } from './import-page';

/** What stands before the cells of a row that was refused. */
export const REFUSED_COLUMNS = ['line', 'reason'] as const;

const BATCH = 1_000;

/** Rows that were refused, each with its line, why, and its cells as they came. */
export async function* refusedBatches(
  wall: Wall,
  language: Language,
  id: string,
  columns: number,
): AsyncGenerator<(string | number)[][]> {
  let after = 0;
  for (;;) {
    const rows = await wall.read(accountsViewer, (db) =>
      db.importRow.findMany({
        where: { importId: id, outcome: { in: ['refuse', 'refused'] }, number: { gt: after } },
        orderBy: { number: 'asc' },
        take: BATCH,
        select: { number: true, line: true, notes: true, cells: true },
      }),
    );
    yield rows.map(({ line, notes, cells }) => [
      line,
      notes.map((note) => noteText(language, note)).join(' '),
      ...Array.from({ length: Math.max(columns, cells.length) }, (_none, at) => cells[at] ?? ''),
    ]);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.number;
  }
}
