import { createHash } from 'node:crypto';
import { Refusal } from '../lib/refusal';
import { appliedMigrations, knownMigrations } from '../stores/postgres/migrate';
import type { Manifest } from './format';
import { readManifest, UnfitArchive } from './read';

type Schema = Manifest['schema'];

/** What an archive says of the tables that its rows are from. @param names of their migrations, in their order */
export function describeSchema(names: readonly string[]): Schema {
  const digest = createHash('sha256').update(names.join(' ')).digest('hex');
  return { last: names.at(-1) ?? '', digest, names: [...names] };
}

/**
 * The migrations that a database is to have before this archive is brought in, so that its rows fit the tables as they
 * were then; those since are applied to the rows afterwards, as in an upgrade. Null: all there are.
 * @throws Refusal in a sentence that says what to do: the archive is of a newer version, or of one that cannot be told,
 * or it is of an older one and the database has been migrated beyond it already, or nobody may migrate it.
 */
export async function migrationsFor(file: string, ownerUrl: string | null): Promise<ReadonlySet<string> | null> {
  const { schema } = await readManifest(file);
  const here = knownMigrations();
  const names = migrationsOf(file, schema, here);
  if (names.length === here.length) return null;
  const [then, now] = [schema.last, here.at(-1)];
  const older = `${file} was made by an older version (its database was at ${then}, this version is at ${now})`;
  if (ownerUrl === null)
    throw new Refusal(
      `${older}. Its tables are made as of then and migrated on, which the owner's role does: ` +
        'set DATABASE_OWNER_URL (docs/roles.sql makes the role).',
    );
  const wanted = new Set(names);
  if ((await appliedMigrations(ownerUrl)).some((name) => !wanted.has(name)))
    throw new Refusal(
      `${older}, and this database is beyond that already. Bring it into a database that nothing was started on: set ` +
        'DATABASE_URL and DATABASE_OWNER_URL to a new one, or DATA_DIR to a new folder. It is migrated on from there.',
    );
  return wanted;
}

/** The migrations that the tables of an archive had. @throws UnfitArchive where this version does not know them. */
function migrationsOf(file: string, { last, digest, names }: Schema, here: readonly string[]): readonly string[] {
  const had = names ?? here.filter((name) => name <= last);
  const unknown = [...had, last].find((name) => !here.includes(name));
  if (unknown !== undefined)
    throw new UnfitArchive(
      `${file} was made by a newer version (its database had ${unknown}, which this one does not know). ` +
        'Update this installation to that version or a later one, and bring it in then.',
    );
  if (describeSchema(had).digest !== digest)
    throw new UnfitArchive(
      `${file} does not say which migrations its database had (the last was ${last}), and no version known here had ` +
        'these. Update the installation it is from to this version, and make it anew.',
    );
  return had;
}
