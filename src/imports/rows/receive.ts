import { accountsViewer } from '../../access/viewer';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { guessColumns, sourceOf } from '../columns';
import { MOST_ROWS } from '../states';
import { readCsv, type FileRow } from './read-csv';

/** A file that is not taken: it has no rows, or more than any. */
export class UnfitTable extends Error {
  constructor(readonly why: 'empty' | 'many') {
    super(`a table with ${why === 'empty' ? 'no' : 'too many'} rows`);
  }
}

/** Rows written at a time. */
const BATCH = 1_000;

/**
 * Takes a table in as it comes, row by row, before anybody has said what its columns are; never more of it in memory
 * than a thousand rows. What breaks off leaves nothing.
 * @returns the import's id.
 * @throws UnfitTable, UnreadableTable, and what reading the bytes throws.
 */
export async function receiveTable(
  wall: Wall,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  language: string,
  now: Date,
): Promise<string> {
  const { id } = await wall.write(accountsViewer, (db) =>
    db.import.create({
      data: { name: name.slice(0, 200) || 'members.csv', state: 'reading', createdAt: now },
      select: { id: true },
    }),
  );
  try {
    let header: readonly string[] | null = null;
    let [rows, batch] = [0, [] as FileRow[]];
    const flush = async () => {
      const some = batch;
      batch = [];
      const first = rows - some.length + 1;
      if (some.length > 0) await wall.write(accountsViewer, (db) => writeRows(db, id, first, some));
    };
    for await (const row of readCsv(bytes)) {
      if (header === null) header = row.cells.map((cell) => cell.trim().slice(0, 200));
      else {
        if (++rows > MOST_ROWS) throw new UnfitTable('many');
        batch.push(row);
        if (batch.length === BATCH) await flush();
      }
    }
    await flush();
    if (header === null || rows === 0) throw new UnfitTable('empty');
    const [known, columns] = [[...header], guessColumns(header)];
    await wall.write(accountsViewer, (db) =>
      db.import.update({
        where: { id },
        data: { state: 'read', header: known, rows, source: sourceOf(known), options: { columns, language } },
        select: { id: true },
      }),
    );
    return id;
  } catch (error) {
    await wall.write(accountsViewer, (db) => db.import.deleteMany({ where: { id } })).catch(() => undefined);
    throw error;
  }
}

async function writeRows(db: WallTransaction, id: string, first: number, rows: readonly FileRow[]): Promise<void> {
  const all = rows.map(({ line, cells }, at) => ({ number: first + at, line, cells }));
  await db.$executeRaw`
    INSERT INTO import_rows (import_id, number, line, cells)
    SELECT ${id}::uuid, (one->>'number')::int, (one->>'line')::int,
      ARRAY(SELECT jsonb_array_elements_text(one->'cells'))
    FROM jsonb_array_elements(${JSON.stringify(all)}::jsonb) AS one`;
}
