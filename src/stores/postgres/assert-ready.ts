import { Client } from 'pg';
import { Refusal } from '../../lib/refusal';
import { pendingMigrations } from './migrate';
import { unneededRights } from './public-rights';
import { assertHeldByWall, assertMakesNothing } from './roles';

/**
 * Asks the database, as the application's role, whether it may be used: every migration applied, and the role held
 * by the wall.
 * @param only the migrations it is to have, where these are not all.
 * @returns what the operator should know, in whole sentences.
 * @throws Refusal with a sentence that says what to do.
 */
export async function assertUsable(databaseUrl: string, only?: ReadonlySet<string>): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await assertHeldByWall(client);
    const pending = (await pendingMigrations(client)).filter((name) => only?.has(name) ?? true);
    if (pending.length > 0) {
      throw new Refusal(
        `The database lacks ${pending.length} migrations (${pending.join(', ')}). Set DATABASE_OWNER_URL to ` +
          `the owner's role, here or for npm run migrate.`,
      );
    }
    await assertMakesNothing(client);
    const unneeded = await unneededRights(client, client.user ?? '');
    if (unneeded.length === 0) return [];
    return [
      `The application's role may do what it need not: ${unneeded.join(', ')}. The wall holds; a superuser ` +
        'closes this with docs/database.sql.',
    ];
  } finally {
    await client.end();
  }
}
