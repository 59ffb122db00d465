import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { adminViewer, editorialViewer, type Viewer } from '../../src/access/viewer';
import { WallKey } from '../../src/stores/postgres/wall-key';
import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', {
    'en.md': original({ stricter: '\n    organization/one-org: leadership-alliance' }),
    'es.md': SPANISH,
  });
  await dossier.take('a-draft', {
    'en.md': original({ slug: 'a-draft', state: 'draft', published: null }).replace(
      'A signal in English',
      'GATED draft title',
    ),
  });
  await dossier.take('tomorrow', { 'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }) });
});
afterAll(() => dossier.stop());

/** Texts of passages a viewer gets when nothing but Postgres decides: no filter of ours at all. */
const passagesFor = (viewer: Viewer) =>
  dossier.wall
    .read(viewer, (db) => db.passage.findMany({ orderBy: [{ kind: 'asc' }, { lang: 'asc' }] }))
    .then((rows) => rows.map(({ kind, lang }) => `${kind} ${lang}`));

/** One connection as the application role, as an attacker with a statement of their own would have it. */
async function asApp<T>(work: (client: Client, key: WallKey) => Promise<T>, enrolled?: 'pages' | 'before'): Promise<T> {
  const client = new Client({ connectionString: dossier.urls.app });
  await client.connect();
  try {
    const key = WallKey.random();
    if (enrolled === 'pages') await client.query("SELECT wall.enroll($1, $2, 'pages')", [key.inner, key.outer]);
    if (enrolled === 'before') await client.query('SELECT wall.enroll($1, $2)', [key.inner, key.outer]);
    return await work(client, key);
  } finally {
    await client.end();
  }
}

describe('Postgres alone', () => {
  test('opens passages by rank, one kind at a time, and a stricter passage later', async () => {
    expect(await passagesFor({ role: 'reader', rank: 0 })).toEqual([]);
    expect(await passagesFor({ role: 'reader', rank: 9 })).toEqual([]);
    expect(await passagesFor({ role: 'reader', rank: 10 })).toEqual(['trend en', 'trend es']);
    expect(await passagesFor({ role: 'reader', rank: 20 })).toEqual([
      'trend en',
      'trend es',
      'organization en',
      'evidence en',
      'failure_path en',
      'source_note en',
    ]);
  });

  test('a plan that a connection keeps reads as whoever asks now, not as whoever asked before', async () => {
    const all = ['trend en', 'trend es', 'organization en', 'evidence en', 'failure_path en', 'source_note en'];
    for (let time = 0; time < 10; time++) expect(await passagesFor({ role: 'reader', rank: 20 })).toEqual(all);
    const { rows } = await dossier.stores.pool.query<{ kept: string }>(
      "SELECT sum(generic_plans) AS kept FROM pg_prepared_statements WHERE statement LIKE '%passages%'",
    );
    expect(Number(rows[0]!.kept)).toBeGreaterThan(0);
    expect(await passagesFor({ role: 'reader', rank: 0 })).toEqual([]);
    expect(await passagesFor({ role: 'reader', rank: 10 })).toEqual(['trend en', 'trend es']);
    expect(await passagesFor({ role: 'reader', rank: 20 })).toEqual(all);
  });

  test('no function that asks who reads promises the same answer for ever', async () => {
    const { rows } = await asApp((client) =>
      client.query(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'wall'::regnamespace AND provolatile = 'i' AND prosrc ~ 'claim|current_setting|now\\(|public\\.'",
      ),
    );
    expect(rows).toEqual([]);
  });

  test('gives the desk drafts and what is to come, and nobody else', async () => {
    const slugs = (viewer: Viewer) =>
      dossier.wall
        .read(viewer, (db) => db.briefing.findMany({ orderBy: { slug: 'asc' } }))
        .then((rows) => rows.map(({ slug }) => slug));
    expect(await slugs({ role: 'reader', rank: 1000 })).toEqual(['a-signal']);
    expect(await slugs({ role: 'registrar', rank: 1000 })).toEqual(['a-signal']);
    expect(await slugs(editorialViewer)).toEqual(['a-draft', 'a-signal', 'tomorrow']);
    expect(await slugs({ role: 'preview', rank: 0 })).toEqual(['a-draft', 'a-signal', 'tomorrow']);
    expect(await passagesFor({ role: 'preview', rank: 0 })).toEqual([]);
  });

  test.each([
    'editions',
    'explanations',
    'facts',
    'list_items',
    'sources',
    'source_texts',
    'linked_organizations',
    'former_slugs',
  ])('hides the rows of drafts in %s', async (table) => {
    const { rows } = await asApp((client) =>
      client.query<{ all: string }>(`SELECT count(*) AS all FROM ${table} t WHERE t::text LIKE '%GATED%'`),
    );
    expect(Number(rows[0]!.all)).toBe(0);
    if (table === 'former_slugs') return;
    const id = table === 'source_texts' ? 's.briefing_id' : 't.briefing_id';
    const from = table === 'source_texts' ? 'source_texts t JOIN sources s ON s.id = t.source_id' : `${table} t`;
    const seen = await asApp((client) => client.query(`SELECT DISTINCT ${id} FROM ${from}`));
    expect(seen.rowCount).toBe(1);
  });

  test('without a context there is nothing: not a passage, not a revision, not a draft', async () => {
    for (const enrolled of [undefined, 'pages', 'before'] as const) {
      await asApp(async (client) => {
        expect((await client.query('SELECT * FROM passages')).rowCount).toBe(0);
        expect((await client.query('SELECT * FROM revisions')).rowCount).toBe(0);
        expect((await client.query("SELECT * FROM briefings WHERE state = 'draft'")).rowCount).toBe(0);
      }, enrolled);
    }
  });

  test('lets nobody but the desk write', async () => {
    const rename = (viewer: Viewer) =>
      dossier.wall.write(viewer, (db) =>
        db.briefing.updateMany({ where: { slug: 'a-signal' }, data: { impact: 'low' } }),
      );
    expect(await rename({ role: 'reader', rank: 1000 })).toEqual({ count: 0 });
    expect(await rename({ role: 'registrar', rank: 1000 })).toEqual({ count: 0 });
    await expect(
      dossier.wall.write({ role: 'reader', rank: 1000 }, (db) => db.tier.create({ data: { slug: 'mine', rank: 1 } })),
    ).rejects.toThrow(/row-level security/);
    await expect(
      dossier.wall.write({ role: 'preview', rank: 1000 }, (db) => db.gate.updateMany({ data: { tierSlug: 'public' } })),
    ).resolves.toEqual({ count: 0 });
    expect(
      (await dossier.wall.read(editorialViewer, (db) => db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' } })))
        .impact,
    ).toBe('high');
  });
});

describe('who may read what', () => {
  const TABLES = ['tiers', 'tier_texts', 'gates'] as const;
  const counts = (viewer: Viewer) =>
    Promise.all([
      dossier.wall.write(viewer, (db) =>
        db.gate.updateMany({ where: { kind: 'trend' }, data: { tierSlug: 'strategy-circle' } }),
      ),
      dossier.wall.write(viewer, (db) =>
        db.tier.updateMany({ where: { slug: 'leadership-alliance' }, data: { monthlyCents: 4900 } }),
      ),
      dossier.wall.write(viewer, (db) =>
        db.tierText.updateMany({ where: { tierSlug: 'public', lang: 'en' }, data: { name: 'Public' } }),
      ),
    ]).then((all) => all.map(({ count }) => count));
  const inserts = {
    tiers: "INSERT INTO tiers (slug, rank) VALUES ('mine', 1)",
    tier_texts:
      "INSERT INTO tier_texts (tier_slug, lang, name, blurb, benefits) VALUES ('public', 'fr', 'x', 'x', '{}')",
    gates: "INSERT INTO gates (kind, tier_slug) VALUES ('trend', 'public') ON CONFLICT (kind) DO NOTHING",
  };

  test.each([
    editorialViewer,
    { role: 'preview', rank: 1000 },
    { role: 'registrar', rank: 0 },
    { role: 'reader', rank: 1000 },
  ] as const)('is not for $role to change, whatever the application asks', async (viewer) => {
    expect(await counts(viewer)).toEqual([0, 0, 0]);
    for (const table of TABLES) {
      expect(await dossier.wall.write(viewer, (db) => db.$executeRawUnsafe(`DELETE FROM ${table}`))).toBe(0);
      await expect(dossier.wall.write(viewer, (db) => db.$executeRawUnsafe(inserts[table]))).rejects.toThrow(
        /row-level security/,
      );
    }
  });

  test("is an admin's to change, who writes what an editor writes too", async () => {
    expect(await counts(adminViewer)).toEqual([1, 1, 1]);
    expect(
      await dossier.wall.write(adminViewer, (db) =>
        db.briefing.updateMany({ where: { slug: 'a-signal' }, data: { impact: 'high' } }),
      ),
    ).toEqual({ count: 1 });
    expect(await passagesFor(adminViewer)).toEqual(await passagesFor(editorialViewer));
  });
});

describe('a statement that was injected', () => {
  const soon = () => Math.floor(Date.now() / 1000) + 60;
  const editor = { role: 'editor', rank: 1000 } as const;
  /** As processes of a version before signed, for as long as they were told. */
  const signedBefore = (key: WallKey, claim: string) => {
    const inner = createHash('sha256').update(key.inner).update(claim).digest();
    return `${claim}:${createHash('sha256').update(key.outer).update(inner).digest('hex')}`;
  };
  const begin = async (client: Client): Promise<string> => {
    await client.query('BEGIN');
    const { rows } = await client.query<{ begun: string }>(
      'SELECT (extract(epoch FROM now()) * 1000000)::bigint AS begun',
    );
    return rows[0]!.begun;
  };

  test.each([
    ['unsigned', () => '1000:editor'],
    ['signed with another key', (_key, begun) => WallKey.random().sign(editor, begun)],
    [
      'with the signature of a lower claim',
      (key, begun) => key.sign({ role: 'reader', rank: 0 }, begun).replace(/^0:reader/, '1000:editor'),
    ],
    ['of another moment', (key, begun) => key.sign(editor, String(BigInt(begun) - 1n))],
    ['of no moment', (key) => signedBefore(key, '1000:editor')],
    ['in the form of a version before, which was good for longer', (key) => signedBefore(key, `1000:editor:${soon()}`)],
    ['of nonsense', () => ':::'],
    ['with a rank that is no number', (key, begun) => key.sign(editor, begun).replace(/^1000/, 'x')],
    ['far too long', () => '9'.repeat(100_000)],
  ] satisfies [string, (key: WallKey, begun: string) => string][])(
    'cannot raise itself by a context %s',
    async (_name, context) => {
      await asApp(async (client, key) => {
        const forged = context(key, await begin(client));
        // In one statement, as an injection would have to: set first, read after.
        const { rows } = await client.query(
          "WITH raised AS MATERIALIZED (SELECT set_config('dossier.context', $1, false)) SELECT p.text FROM raised, passages p",
          [forged],
        );
        expect(rows).toEqual([]);
        expect((await client.query('SELECT text FROM passages')).rows).toEqual([]);
      }, 'pages');
    },
  );

  test('the same connection opens with a context that is rightly signed, so the cases above can fail; for one transaction', async () => {
    await asApp(async (client, key) => {
      const rightly = key.sign({ role: 'reader', rank: 20 }, await begin(client));
      await client.query("SELECT set_config('dossier.context', $1, false)", [rightly]);
      expect((await client.query('SELECT text FROM passages')).rowCount).toBeGreaterThan(0);
      await client.query('COMMIT AND CHAIN');
      expect((await client.query('SELECT text FROM passages')).rowCount).toBe(0);
    }, 'pages');
  });

  test('a process of a version before goes on working beside us, on its own connections', async () => {
    await asApp(async (client, key) => {
      const opens = async (context: string) => {
        await client.query("SELECT set_config('dossier.context', $1, false)", [context]);
        return ((await client.query('SELECT text FROM passages')).rowCount ?? 0) > 0;
      };
      expect(await opens(signedBefore(key, `20:reader:${soon()}`))).toBe(true);
      expect(await opens(signedBefore(key, `20:reader:${soon() - 3_600}`))).toBe(false);
      expect(await opens(key.sign(editor, await begin(client)))).toBe(false);
      expect((await client.query('SELECT count(*) FROM sessions')).rowCount).toBe(1);
    }, 'before');
  });

  test('cannot enroll a key of its own, nor read or replace the one there is', async () => {
    await asApp(async (client) => {
      const enroll = async () => {
        await expect(client.query('SELECT wall.enroll($1, $1)', [Buffer.alloc(64)])).rejects.toThrow(
          /enrolled already/,
        );
        for (const purpose of ['pages', 'sessions', null]) {
          const again = client.query('SELECT wall.enroll($1, $1, $2)', [Buffer.alloc(64), purpose]);
          await expect(again).rejects.toThrow(/already/);
        }
      };
      await enroll();
      for (const statement of [
        'DISCARD TEMP',
        'DISCARD ALL',
        'RESET ALL',
        "DO $$ BEGIN EXECUTE 'DISCARD TEMP'; END $$",
        'ROLLBACK',
      ]) {
        await client.query(statement).catch(() => undefined);
        await enroll();
      }
      for (const statement of [
        'SELECT * FROM wall.keys',
        'DELETE FROM wall.keys',
        'UPDATE wall.keys SET started = now()',
        'INSERT INTO wall.keys SELECT 1, now()',
        'TRUNCATE wall.keys',
        'CREATE TEMPORARY TABLE mine (a int)',
      ]) {
        await expect(client.query(statement)).rejects.toThrow(/permission denied/);
      }
    }, 'pages');
  });

  test('takes no key from a connection that began while another was enrolling', async () => {
    const HALVES = [Buffer.alloc(64), Buffer.alloc(64, 1)];
    await asApp(async (late) => {
      await late.query('BEGIN');
      // From here on this transaction knows of no connection that begins.
      await late.query('SELECT count(*) FROM pg_stat_activity');
      await asApp(async (other, key) => {
        await late.query("SELECT wall.enroll($1, $2, 'pages')", HALVES);
        await late.query('COMMIT');
        const context = key.sign({ role: 'reader', rank: 20 }, await begin(other));
        await other.query("SELECT set_config('dossier.context', $1, true)", [context]);
        expect((await other.query('SELECT FROM passages')).rowCount).toBeGreaterThan(0);
      }, 'pages');
    });
  });

  test('cannot switch the wall off, become the owner, or change the shape of anything', async () => {
    await asApp(async (client) => {
      for (const statement of [
        'ALTER TABLE passages DISABLE ROW LEVEL SECURITY',
        'SET ROLE dossier_owner',
        'SET SESSION AUTHORIZATION dossier_owner',
        'CREATE TABLE mine (a int)',
        'DROP TABLE passages',
        'TRUNCATE passages',
        "COPY passages TO PROGRAM 'cat'",
        'CREATE OR REPLACE FUNCTION wall.rank() RETURNS int LANGUAGE sql AS $$ SELECT 1000 $$',
        'DELETE FROM _prisma_migrations',
      ])
        await expect(client.query(statement)).rejects.toThrow();
      // Asking for no filter is answered by an error, not by rows.
      await client.query('SET row_security = off');
      await expect(client.query('SELECT * FROM passages')).rejects.toThrow(/row-level security/);
    }, 'pages');
  });

  test('learns from a gate how many passages there are, and nothing of drafts', async () => {
    const ids = await dossier.wall.read(editorialViewer, (db) =>
      db.briefing.findMany({ select: { id: true, slug: true } }),
    );
    const counts = async (slug: string) =>
      (
        await asApp((client) =>
          client.query<Record<string, unknown>>('SELECT kind, rank, passages FROM wall.gate_counts($1) ORDER BY kind', [
            ids.find((one) => one.slug === slug)!.id,
          ]),
        )
      ).rows;
    expect(await counts('a-draft')).toEqual([]);
    expect(await counts('tomorrow')).toEqual([]);
    expect(await counts('a-signal')).toEqual([
      { kind: 'trend', rank: 10, passages: 1 },
      { kind: 'organization', rank: 20, passages: 1 },
      { kind: 'evidence', rank: 20, passages: 1 },
      { kind: 'failure_path', rank: 20, passages: 1 },
      { kind: 'source_note', rank: 20, passages: 1 },
    ]);
  });
});
