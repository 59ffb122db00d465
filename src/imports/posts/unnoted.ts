import { accountsViewer, editorialViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { notesOfAuthors } from './authors';
import { pageIdOf, pageNote } from './pages';

interface Unnoted {
  readonly number: number;
  readonly briefingId: string | null;
  readonly made: string[];
}

/**
 * Notes in the rows of an import that is taken back what was made of them and they do not say: a process that dies
 * between the two transactions of a post leaves a briefing or a page, and authors with it, of which its row knows
 * nothing.
 * @returns whether there was any.
 */
export async function noteUnnoted(wall: Wall, id: string): Promise<boolean> {
  const numbers = await wall.read(accountsViewer, async (db) => {
    if ((await db.import.count({ where: { id, state: 'taking-back' } })) === 0) return [];
    const rows = await db.importRow.findMany({ where: { importId: id, outcome: 'add' }, select: { number: true } });
    return rows.map(({ number }) => number);
  });
  const unnoted = numbers.length === 0 ? [] : await findUnnoted(wall, id, numbers);
  if (unnoted.length === 0) return false;
  await wall.write(accountsViewer, async (db) => {
    for (const { number, ...data } of unnoted)
      await db.importRow.updateMany({
        where: { importId: id, number, outcome: 'add' },
        data: { ...data, outcome: 'added' },
      });
  });
  return true;
}

/** What was made of rows that say nothing of it. */
function findUnnoted(wall: Wall, id: string, numbers: readonly number[]): Promise<Unnoted[]> {
  const ids = new Map(numbers.map((number) => [pageIdOf(id, number), number]));
  return wall.read(editorialViewer, async (db) => {
    const marks = await db.formerPath.findMany({
      where: { importId: id },
      select: { importRow: true, briefingId: true },
    });
    const pages = await db.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM pages WHERE id = ANY(${[...ids.keys()]}::uuid[])`;
    const known = new Set(numbers);
    const found: Unnoted[] = [
      ...marks.flatMap(({ importRow: number, briefingId }) =>
        number !== null && known.has(number) ? [{ number, briefingId, made: [] }] : [],
      ),
      ...pages.map((page) => ({ number: ids.get(page.id)!, briefingId: null, made: [pageNote(page.id)] })),
    ];
    for (const { number, made } of found) made.push(...(await notesOfAuthors(db, { importId: id, importRow: number })));
    return found;
  });
}
