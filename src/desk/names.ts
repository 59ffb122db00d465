import { accountsViewer } from '../access/viewer';
import type { Wall } from '../stores/postgres/wall';

/** The names of accounts that have worked on something, by id. Those that are gone have none. */
export async function namesOf(wall: Wall, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  if (known.length === 0) return new Map();
  const rows = await wall.read(accountsViewer, (db) =>
    db.account.findMany({ where: { id: { in: known } }, select: { id: true, name: true } }),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
