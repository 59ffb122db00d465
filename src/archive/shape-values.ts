import { z } from 'zod';
import { adminViewer } from '../access/viewer';
import { GROWING_GROUPS } from '../admin/shape/change';
import type { LongTransaction } from '../stores/postgres/long-transaction';
import { insertLines, linesOf } from './rows';
import { TAKEN } from './tables';

const wordOf = z.object({ word_group: z.string(), slug: z.string() });

/**
 * Gives the database the values that words of the shape of a briefing stand for. The words themselves stay as they are.
 */
export async function addShapeValues(db: LongTransaction, words: readonly string[]): Promise<void> {
  const tables = ['shape_words', 'shape_texts'].map((name) => TAKEN.find((table) => table.name === name)!);
  const unchanged: string[][] = [];
  for (const table of tables) {
    const lines: string[] = [];
    for await (const batch of linesOf(db, table)) lines.push(...batch);
    unchanged.push(lines);
  }
  await db.as(adminViewer);
  // A word is looked for before its value is added (`wall.add_shape_value`).
  await db.rows('DELETE FROM public.shape_texts');
  await db.rows('DELETE FROM public.shape_words');
  await insertLines(db, tables[0]!, words);
  for (const word of words) {
    const { word_group: group, slug } = wordOf.parse(JSON.parse(word));
    if ((GROWING_GROUPS as readonly string[]).includes(group))
      await db.rows('SELECT wall.add_shape_value($1, $2)', [group, slug]);
  }
  await db.rows('DELETE FROM public.shape_words');
  for (const [n, table] of tables.entries()) await insertLines(db, table, unchanged[n]!);
}
