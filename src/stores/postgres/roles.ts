import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ClientBase, escapeLiteral } from 'pg';
import { Refusal } from '../../lib/refusal';
import { root } from '../../lib/root';

/**
 * The statements of docs/roles.sql, one line each, for a superuser of an empty server: the two roles with these
 * passwords, and the database.
 */
export function roleStatements(passwords: { readonly owner: string; readonly app: string }): string[] {
  const variables: Record<string, string> = { owner_password: passwords.owner, app_password: passwords.app };
  return readFileSync(path.join(root, 'docs/roles.sql'), 'utf8')
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim().replace(/\s+/g, ' '))
    .filter((statement) => statement !== '')
    .map(
      (statement) => statement.replace(/:'(\w+)'/g, (_, name: string) => escapeLiteral(variables[name] ?? '')) + ';',
    );
}

interface RoleFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly replicates: boolean;
  readonly makes_roles: boolean;
  readonly owns: string[];
  readonly member_of: string[];
  readonly wall_is_up: boolean;
}

// Both the role in force and the one that logged in, because RESET ROLE leads from the first back to the second.
const STANDING = `
  WITH owners AS (
    SELECT relowner AS id, 'the table passages' AS what FROM pg_class WHERE oid = to_regclass('passages')
    UNION ALL SELECT datdba, 'the database' FROM pg_database WHERE datname = current_database()
  )
  SELECT me.rolname AS role, me.rolsuper AS superuser, me.rolbypassrls AS bypasses,
    me.rolreplication AS replicates, me.rolcreaterole AS makes_roles,
    ARRAY(SELECT what FROM owners WHERE id = me.oid) AS owns,
    ARRAY(SELECT other.rolname::text FROM pg_roles other
      WHERE other.oid <> me.oid AND pg_has_role(me.oid, other.oid, 'MEMBER')
        AND (other.rolsuper OR other.rolbypassrls OR other.rolreplication OR other.rolcreaterole
          OR other.oid IN (SELECT id FROM owners)
          OR other.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'))
      ORDER BY 1) AS member_of,
    coalesce((SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('passages')), true) AS wall_is_up
  FROM pg_roles me WHERE me.rolname IN (current_user, session_user)`;

/**
 * Holds only for a connection that Postgres itself keeps behind the wall: the role it acts as can neither ignore
 * row-level security nor become a role that can.
 * @throws Refusal that names the role and why it would walk through.
 */
export async function assertHeldByWall(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<RoleFacts>(STANDING);
  for (const role of rows) {
    const reason = wayThrough(role);
    if (reason === undefined) continue;
    throw new Refusal(
      `DATABASE_URL connects as ${role.role}, which ${reason}: the wall in Postgres would not hold it. Use ` +
        `the application's role (docs/roles.sql makes it).`,
    );
  }
  if (rows.length === 0)
    throw new Refusal(
      'Postgres does not say which role DATABASE_URL connects as, so nothing shows that the wall holds it.',
    );
  if (rows.some((role) => !role.wall_is_up)) {
    throw new Refusal(
      'Row-level security is switched off on the table passages: there is no wall. Switch it on (ALTER TABLE ' +
        'passages ENABLE ROW LEVEL SECURITY).',
    );
  }
}

/**
 * Holds only for a role that can make no table, be it a temporary one: a table of the name of one of ours could come
 * before ours, for whoever uses the connection next. The migrations see to it where the owner of the tables owns the
 * database.
 * @throws Refusal that says what to take from the role.
 */
export async function assertMakesNothing(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<{ right: string }>(
    `SELECT 'TEMPORARY ON DATABASE ' || quote_ident(current_database()) AS right
       WHERE has_database_privilege(current_database(), 'TEMPORARY')
     UNION ALL SELECT 'CREATE ON SCHEMA ' || quote_ident(nspname) FROM pg_namespace
       WHERE has_schema_privilege(oid, 'CREATE')`,
  );
  if (rows.length === 0) return;
  const revoked = rows.map(({ right }) => `REVOKE ${right} FROM PUBLIC, dossier_app`).join('; ');
  throw new Refusal(
    'DATABASE_URL connects as a role that may make tables, which could stand before those of the wall. As an ' +
      `administrator: ${revoked}`,
  );
}

function wayThrough({ superuser, bypasses, replicates, makes_roles, owns, member_of }: RoleFacts): string | undefined {
  if (superuser) return 'is a superuser';
  if (bypasses) return 'has BYPASSRLS';
  if (owns.length > 0) return `owns ${owns.join(' and ')}`;
  if (replicates) return 'has REPLICATION';
  if (makes_roles) return 'has CREATEROLE';
  if (member_of.length > 0) return `is a member of ${member_of.join(', ')}`;
  return undefined;
}
