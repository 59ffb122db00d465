import type { LongTransaction } from '../stores/postgres/long-transaction';
import type { TakenTable } from './tables';

/** Rows that Postgres is asked for at a time: of revisions, some megabytes. */
const AT_A_TIME = 200;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Those of the tables that a database has: of an older version it may have fewer. */
export async function tablesThere<Table extends Pick<TakenTable, 'name'>>(
  db: LongTransaction,
  tables: readonly Table[],
): Promise<Table[]> {
  const rows = await db.rows<[string]>(
    `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
  );
  const there = new Set(rows.map(([name]) => name));
  return tables.filter(({ name }) => there.has(name));
}

/** The columns of a table that an archive holds, in the order of their names. */
export async function columnsOf(db: LongTransaction, { name, without = {} }: TakenTable): Promise<string[]> {
  const rows = await db.rows<[string]>(
    `SELECT attname::text FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attname::text COLLATE "C"`,
    [`public.${name}`],
  );
  return rows.map(([column]) => column).filter((column) => !(column in without));
}

/** The columns of a table's primary key. */
async function keyOf(db: LongTransaction, name: string): Promise<string[]> {
  const rows = await db.rows<[string]>(
    `SELECT a.attname::text FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (at, place)
     JOIN pg_attribute a ON a.attnum = k.at WHERE i.indrelid = to_regclass($1) AND a.attrelid = i.indrelid
       AND i.indisprimary ORDER BY k.place`,
    [`public.${name}`],
  );
  return rows.map(([column]) => column);
}

const conditionOf = ({ where }: TakenTable): string => (where === undefined ? '' : ` WHERE ${where}`);

/** How many rows of a table an archive holds. */
export async function countRows(db: LongTransaction, table: TakenTable): Promise<number> {
  await db.as(table.viewer);
  const [row] = await db.rows<[string]>(`SELECT count(*)::text FROM public.${table.name} t${conditionOf(table)}`);
  return Number(row![0]);
}

/**
 * The rows of a table, each as a line of JSON in the words of Postgres, in an order that is the same wherever they
 * stand: that of their keys, byte by byte.
 */
export async function* linesOf(db: LongTransaction, table: TakenTable): AsyncGenerator<string[]> {
  await db.as(table.viewer);
  const { name, instead = {}, order } = table;
  const columns = (await columnsOf(db, table)).map(
    (column) => `${instead[column] ?? `t.${quoted(column)}`} AS ${quoted(column)}`,
  );
  const key = (await keyOf(db, name)).map((column) => `t.${quoted(column)}::text COLLATE "C"`);
  const places = [...(order === undefined ? [] : [order]), ...key].join(', ');
  const text = `SELECT (SELECT row_to_json(r)::text FROM (SELECT ${columns.join(', ')}) r)
    FROM public.${name} t${conditionOf(table)} ORDER BY ${places}`;
  for await (const batch of db.batches<[string]>(text, AT_A_TIME)) yield batch.map(([line]) => line);
}

/** Writes such lines as rows of the table. @throws when they do not have its columns. */
export async function insertLines(db: LongTransaction, table: TakenTable, lines: readonly string[]): Promise<void> {
  const columns = await columnsOf(db, table);
  const names = columns.map(quoted).join(', ');
  await db.rows(
    `INSERT INTO public.${table.name} (${names})
     SELECT ${names} FROM json_populate_recordset(NULL::public.${table.name}, $1::json)`,
    [`[${lines.join(',')}]`],
  );
}
