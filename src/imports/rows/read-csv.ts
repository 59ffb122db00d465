import { Readable } from 'node:stream';
import { parse, type Info } from 'csv-parse';
import { decode } from './decode';

/** One row of a file. */
export interface FileRow {
  /** Where it begins; the first line of the file is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file that is no table: from this line on nobody can say where a row ends. */
export class UnreadableTable extends Error {
  constructor(readonly line: number) {
    super(`a row in line ${line} of a table has no end`);
  }
}

/** Characters of one row, cells of one row, and characters of a cell that are kept. */
const LONGEST_ROW = 100_000;
const MOST_CELLS = 200;
const LONGEST_CELL = 2_000;

const DELIMITERS = [',', ';', '\t', '|'] as const;

interface Parsed {
  readonly record: readonly string[];
  readonly info: Info;
}

/**
 * The rows of a table, the first with the names of its columns, as they are read: never more of it in memory than a
 * part. The sign between cells is that of the first line; quotes that do not enclose a whole cell are a part of it.
 * @throws UnreadableTable where a quotation mark is never closed, or a row is longer than any.
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow> {
  const text = decode(bytes);
  const { delimiter, from, skipped } = delimiterOf(await firstLines(text));
  const source = Readable.from(
    (async function* () {
      yield Buffer.from(from);
      for await (const part of text) yield Buffer.from(part);
    })(),
  );
  let read = 0;
  const parser = parse({
    ...{ delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true },
    max_record_size: LONGEST_ROW,
    // Rows are read ahead of those that are taken.
    on_record: (record: string[], { lines }) => {
      read = lines;
      return record;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (record.every((cell) => cell.trim() === '')) continue;
      const line = Number(info.lines) + skipped - record.reduce((sum, cell) => sum + breaksIn(cell), 0);
      yield { line, cells: record.slice(0, MOST_CELLS).map(keptCell) };
    }
  } catch (error) {
    if (isOfParser(error)) throw new UnreadableTable(read + skipped + 1);
    throw error;
  } finally {
    source.destroy();
  }
}

/** As much of a text as its first line needs. @throws UnreadableTable where it has no end. */
async function firstLines(text: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (!/[^\s\ufeff][^\r\n]*[\r\n]/.test(head)) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
    if (head.length > 2 * LONGEST_ROW) throw new UnreadableTable(1);
  }
  return head.replace(/^\ufeff/, '');
}

const isOfParser = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');

const breaksIn = (text: string): number => text.match(/\r\n?|\n/g)?.length ?? 0;

/** Zeros are characters that no store keeps. */
const keptCell = (cell: string): string => cell.replaceAll('\0', '').slice(0, LONGEST_CELL);

/** The sign between cells, and the text without the line in which a spreadsheet names it (`sep=;`). */
function delimiterOf(text: string): { readonly delimiter: string; readonly from: string; readonly skipped: number } {
  const separator = /^sep=(.)\r?\n/i.exec(text);
  if (separator) return { delimiter: separator[1]!, from: text.slice(separator[0].length), skipped: 1 };
  const first = (/[^\r\n]*/.exec(text.trimStart())?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((sign) => ({ sign, n: first.split(sign).length }));
  return { delimiter: counted.reduce((most, one) => (one.n > most.n ? one : most)).sign, from: text, skipped: 0 };
}
