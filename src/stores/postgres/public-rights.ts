import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, type ClientBase } from 'pg';
import { root } from '../../lib/root';

/**
 * What Postgres lets anybody do in a new database and the application need not, each as Postgres would be asked for it.
 */
const UNNEEDED = {
  'write code of its own (DO)': "has_language_privilege($1, 'plpgsql', 'USAGE')",
  'make large objects': `has_function_privilege($1, 'lo_creat(integer)', 'EXECUTE')
    OR has_function_privilege($1, 'lo_create(oid)', 'EXECUTE')
    OR has_function_privilege($1, 'lo_from_bytea(oid, bytea)', 'EXECUTE')`,
  'end connections': `has_function_privilege($1, 'pg_cancel_backend(integer)', 'EXECUTE')
    OR has_function_privilege($1, 'pg_terminate_backend(integer, bigint)', 'EXECUTE')`,
  'read how often rows were read': `EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname ~ '^pg_stat_get_' AND proname <> 'pg_stat_get_activity'
    AND has_function_privilege($1, oid, 'EXECUTE'))`,
};

/** What the role may do that the application need not, in words; docs/database.sql takes it from everybody. */
export async function unneededRights(client: Pick<ClientBase, 'query'>, role: string): Promise<string[]> {
  const asked = Object.values(UNNEEDED).map((one) => `(${one})`);
  const { rows } = await client.query<{ may: boolean[] }>(`SELECT ARRAY[${asked.join(', ')}] AS may`, [role]);
  return Object.keys(UNNEEDED).filter((_name, index) => rows[0]?.may[index]);
}

/**
 * Takes from everybody what the application need not, where that was not done yet. The address must be a superuser's.
 */
export async function withdrawUnneeded(superuserUrl: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    if ((await unneededRights(client, 'dossier_app')).length === 0) return;
    await client.query(readFileSync(path.join(root, 'docs/database.sql'), 'utf8'));
  } finally {
    await client.end();
  }
}
