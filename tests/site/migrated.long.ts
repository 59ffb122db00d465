import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from 'pg';
import { root } from '../../src/lib/root';
import { migrate } from '../../src/stores/postgres/migrate';
import { startDossier, type Dossier } from '../support/dossier';
import { asSuperuserIn, createDatabase, type Cluster } from '../support/stores/cluster';

/**
 * What a publisher who was there before settings, shapes and languages were rows finds after the migrations since: a
 * database of those days, with the samples as far as its tables had them, and migrated from there, gives readers
 * the same bytes as one that is made today with the same rows. It cannot say what the program of those days answered.
 */
jest.setTimeout(600_000);

/** The first migration of the publisher's own. */
const FIRST = '20261129215500_site_settings';
const FOLDER = path.join(root, 'prisma/migrations');
const log = { info: () => undefined, warn: () => undefined };
const ORIGIN = 'http://publication.example';

const before = mkdtempSync(path.join(tmpdir(), 'before-'));
let today: Dossier;
let migrated: Dossier;
let old: Cluster & { drop(): Promise<void> };
let copied: number;

beforeAll(async () => {
  mkdirSync(before, { recursive: true });
  for (const name of readdirSync(FOLDER).filter((one) => one < FIRST))
    cpSync(path.join(FOLDER, name), path.join(before, name), { recursive: true });
  today = await startDossier({ samples: true, publicUrl: ORIGIN });
  // The publication's own pages are younger than the database of those days.
  await asSuperuserIn(today.urls.superuser, (client) => client.query('DELETE FROM page_revisions; DELETE FROM pages'));
  await today.app.caughtUp();
  old = await createDatabase('template0');
  await migrate(old.owner, { log, folder: before });
  copied = await copyRows(today.urls, old);
  const names = await migrate(old.owner, { log });
  expect(names[0]).toBe(FIRST);
  migrated = await startDossier({ on: old, publicUrl: ORIGIN });
});
afterAll(async () => {
  await migrated?.stop();
  await old?.drop();
  await today?.stop();
  rmSync(before, { recursive: true, force: true });
});

/** Rows that the program writes as it goes, or that migrations write by themselves. */
const OWN = ['_prisma_migrations'];

/** Copies what both have: each table of the older one, as far as its columns go. How many rows it then has. */
async function copyRows(from: Cluster, to: Cluster): Promise<number> {
  const columnsOf = (client: Client) =>
    client
      .query<{ table: string; columns: string[] }>(
        `SELECT c.oid::regclass::text AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attgenerated = ''
         WHERE c.relkind = 'r'
           AND (c.relnamespace = 'public'::regnamespace OR c.oid = 'wall.briefing_counts'::regclass) GROUP BY 1`,
      )
      .then(({ rows }) => new Map(rows.map(({ table, columns }) => [table, columns])));
  return asSuperuserIn(from.superuser, (source) =>
    asSuperuserIn(to.superuser, async (target) => {
      const [here, there] = [await columnsOf(source), await columnsOf(target)];
      // Neither triggers nor references while the tables are filled one by one.
      await target.query('SET session_replication_role = replica');
      let rows = 0;
      for (const [table, columns] of there) {
        if (OWN.includes(table) || !here.has(table)) continue;
        const both = columns.filter((one) => here.get(table)!.includes(one)).map((one) => `"${one}"`);
        await target.query(`DELETE FROM ${table}`);
        const { rows: found } = await source.query<{ row: string }>(
          `SELECT row_to_json(r)::text AS row FROM (SELECT ${both.join(', ')} FROM ${table}) r`,
        );
        for (const { row } of found)
          await target.query(
            `INSERT INTO ${table} (${both.join(', ')}) OVERRIDING SYSTEM VALUE
             SELECT ${both.join(', ')} FROM json_populate_record(NULL::${table}, $1::json)`,
            [row],
          );
        rows += found.length;
      }
      return rows;
    }),
  );
}

/** Every address that the map of the site and the pages it leads to know, in each language. */
async function addresses(): Promise<string[]> {
  const map = await (await fetch(`${today.url}/sitemap.xml`)).text();
  const parts = [...map.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, at]) => new URL(at!).pathname);
  const pages = await Promise.all(
    parts.filter((one) => one.endsWith('.xml')).map(async (one) => (await fetch(today.url + one)).text()),
  );
  const found = [...pages.join('').matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, at]) => new URL(at!).pathname);
  return [
    ...new Set([...parts.filter((one) => !one.endsWith('.xml')), ...found]),
    ...['/', '/es', '/pricing', '/es/pricing', '/search?q=cloud', '/es/search?q=nube', '/feed.xml', '/feed.json'],
    ...['/api/v1/briefings', '/robots.txt', '/llms.txt', '/nowhere', '/login', '/join'],
  ];
}

test('every page is byte for byte the same', async () => {
  const all = await addresses();
  expect([all.length > 40, copied > 500]).toEqual([true, true]);
  const differ: string[] = [];
  for (const at of all) {
    const [one, other] = await Promise.all(
      [today, migrated].map(async ({ url }) => {
        const answer = await fetch(url + at, { redirect: 'manual' });
        return `${answer.status} ${answer.headers.get('etag') ?? ''}\n${await answer.text()}`;
      }),
    );
    if (one !== other) differ.push(at);
  }
  expect(differ).toEqual([]);
});
