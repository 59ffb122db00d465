import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { unmarked } from '../lib/marked';

type Cell = string | number | boolean | Date | null;

/**
 * A line of a table as RFC 4180 writes it; moments in ISO 8601 (UTC). What a spreadsheet would take for a formula gets
 * an apostrophe before it (OWASP, CSV injection).
 */
export const line = (cells: readonly Cell[]): string =>
  stringify([cells], {
    record_delimiter: 'windows',
    escape_formulas: true,
    quoted_match: /[\r\n]/,
    cast: {
      date: (moment) => moment.toISOString(),
      string: unmarked,
      boolean: String,
      number: (value) => ({ value: String(value), escape_formulas: false }),
    },
  });

/**
 * Sends a table as it is read, batch by batch, never more of it in memory than one; it waits for a reader who is
 * slower. UTF-8 with the mark that spreadsheets know it by. When a batch cannot be read the answer breaks off, so that
 * a part is not taken for the whole.
 * @throws what reading a batch throws, after the connection has been cut.
 */
export async function sendCsv(
  res: Response,
  name: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<void> {
  res.attachment(`${name}.csv`);
  res.type('text/csv; charset=utf-8');
  res.setHeader('Cache-Control', 'private, no-store');
  let gone = false;
  res.once('close', () => {
    gone = true;
  });
  res.write(`\ufeff${line(columns)}`);
  try {
    for await (const rows of batches) {
      if (gone) return;
      if (!res.write(rows.map(line).join(''))) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    }
    res.end();
  } catch (error) {
    res.destroy();
    throw error;
  }
}
