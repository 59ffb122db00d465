import { once } from 'node:events';
import type { Response } from 'express';

type Cell = string | number | boolean | Date | null;

/** What a spreadsheet would take for a formula, and run (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell as RFC 4180 writes it; moments in ISO 8601 (UTC). What looks like a formula gets an apostrophe before it. */
export function cell(value: Cell): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of a table. */
export const line = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

/**
 * Sends a table as it is read, batch by batch, never more of it in memory than one; it waits for a reader who is
 * slower. UTF-8 with the mark that spreadsheets know it by. When a batch cannot be read the answer breaks off, so that
 * a part is not taken for the whole.
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
