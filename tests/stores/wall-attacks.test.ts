import { Client } from 'pg';
import {
  editorialViewer,
  giftViewer,
  HIGHEST_RANK,
  accountsViewer,
  visitor,
  type Viewer,
} from '../../src/access/viewer';
import { importCategories } from '../../src/briefings/categories';
import { importBriefing } from '../../src/briefings/file/import';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { unneededRights } from '../../src/stores/postgres/public-rights';
import { assertMakesNothing } from '../../src/stores/postgres/roles';
import { openWall, type WallTransaction, type Wall } from '../../src/stores/postgres/wall';
import { runAsViewer } from '../../src/stores/postgres/wall-client';
import { original } from '../support/briefing';
import { asSuperuserIn, createDatabase } from '../support/stores/cluster';

// One connection, so that whoever comes next comes after the attacker; and another to look on with.
const silent = { error: () => undefined };
let database: Awaited<ReturnType<typeof createDatabase>>;
let stores: Postgres;
let wall: Wall;
let others: Postgres;
let elsewhere: Wall;

beforeAll(async () => {
  database = await createDatabase();
  stores = openPostgres(database.app, silent, { max: 1, patience: 15_000 });
  wall = openWall(stores);
  others = openPostgres(database.app, silent, { max: 1, patience: 15_000 });
  elsewhere = openWall(others);
  await importCategories(wall, 'categories.yaml', Buffer.from('cloud-service:\n  name: {en: Cloud Service}\n'));
  await importBriefing(wall, { path: 'a-signal', files: new Map([['en.md', Buffer.from(original())]]) });
});
afterAll(async () => {
  await Promise.all([stores.close(), others.close()]);
  await database.drop();
});

/** The whole text of a statement of the attacker's, in a transaction of the product's own. */
const injected = (db: WallTransaction, text: string, ...values: unknown[]) =>
  db.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values);

/** The same, whatever comes of it. */
const tried = (db: WallTransaction, text: string) => injected(db, text).catch(() => undefined);

const opened = (db: WallTransaction) =>
  injected(db, 'SELECT wall.rank() AS rank, (SELECT count(*)::int FROM passages) AS passages');
const NOTHING = [{ rank: 0, passages: 0 }];

describe('a context', () => {
  const CONTEXT = "SELECT current_setting('dossier.context', true) AS context";

  test('stands in no text that a session can read of itself or of another', async () => {
    const texts = (db: WallTransaction) =>
      injected(
        db,
        `SELECT concat_ws(' ', query) AS text FROM pg_stat_activity UNION ALL SELECT statement FROM pg_prepared_statements
          UNION ALL SELECT statement FROM pg_cursors UNION ALL SELECT current_query()`,
      );
    const seen: unknown[] = [];
    await wall.read(editorialViewer, async (db) => {
      seen.push(await elsewhere.read(visitor, texts));
      seen.push(await texts(db), await elsewhere.read(visitor, texts));
    });
    expect(JSON.stringify(seen)).toContain('set_config');
    expect(JSON.stringify(seen)).not.toMatch(/[0-9a-f]{64}/);
  });

  test.each([
    ['in the next transaction of its connection', () => wall],
    ['on another connection', () => elsewhere],
  ])('is worth nothing %s, whoever has read it', async (_where, at) => {
    for (const viewer of [editorialViewer, accountsViewer, { role: 'reader', rank: HIGHEST_RANK } satisfies Viewer]) {
      const replayed = async (context: unknown) => {
        for (const local of [true, false]) {
          const raised = await at().read(visitor, async (db) => {
            await injected(db, `SELECT set_config('dossier.context', $1, ${local})`, context);
            return [
              ...(await opened(db)),
              ...(await injected(db, 'SELECT wall.writes() OR wall.keeps_accounts() AS more')),
            ];
          });
          expect(raised).toEqual([...NOTHING, { more: false }]);
          expect(await at().read(visitor, opened)).toEqual(NOTHING);
        }
      };
      let context: unknown;
      await wall.read(viewer, async (db) => {
        context = (await injected(db, CONTEXT))[0]!['context'];
        expect(context).toMatch(new RegExp(`^${viewer.rank}:${viewer.role}:`));
        // While it is in force, too.
        if (at() !== wall) await replayed(context);
      });
      await replayed(context);
    }
  });

  test('is worth nothing when all that a connection sent is sent again', async () => {
    const spy = jest.spyOn(Client.prototype, 'query');
    await wall.read(editorialViewer, opened);
    const sent = (spy.mock.calls as unknown[][]).map(([given]) => given as { text: string; values?: unknown[] });
    spy.mockRestore();
    expect(sent.filter(({ values }) => JSON.stringify(values ?? []).includes(':editor:'))).toHaveLength(1);
    const raised = await wall.read(visitor, async (db) => {
      for (const { text, values = [] } of sent) await injected(db, text, ...values).catch(() => undefined);
      return opened(db);
    });
    expect(raised).toEqual(NOTHING);
  });

  test('is signed for nobody but whom the wall begins a transaction for', async () => {
    const raised = await wall.read(visitor, async (db) => {
      for (const text of ['BEGIN', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'ROLLBACK; BEGIN']) {
        await expect(injected(db, text)).rejects.toThrow(/nothing else/);
      }
      return opened(db);
    });
    expect(raised).toEqual(NOTHING);
    expect(await stores.prisma.$transaction(opened, { isolationLevel: 'RepeatableRead' })).toEqual(NOTHING);
  });
});

describe("a gift's context", () => {
  const RAISE = "SELECT set_config('dossier.context', $1, true)";
  const READ = `SELECT b.slug, count(p.id)::int AS passages FROM briefings b LEFT JOIN passages p ON p.briefing_id = b.id
    GROUP BY 1 ORDER BY 1`;
  let ids: Record<string, string>;

  beforeAll(async () => {
    const other = original({ slug: 'another-signal' });
    await importBriefing(wall, { path: 'another-signal', files: new Map([['en.md', Buffer.from(other)]]) });
    const rows = await wall.read(editorialViewer, (db) => injected(db, 'SELECT slug, id::text AS id FROM briefings'));
    ids = Object.fromEntries(rows.map(({ slug, id }) => [slug as string, id as string]));
  });
  afterAll(() => wall.write(editorialViewer, (db) => db.briefing.deleteMany({ where: { slug: 'another-signal' } })));

  const bySlug = (rows: readonly Record<string, unknown>[]) =>
    Object.fromEntries(rows.map(({ slug, passages }) => [slug as string, passages as number]));

  test('opens the passages of its briefing at its rank, and is no rank anywhere else', async () => {
    const at = (rank: number) => wall.read(giftViewer(ids['a-signal']!, rank), (db) => injected(db, READ));
    const [none, some, all] = [bySlug(await at(0)), bySlug(await at(10)), bySlug(await at(20))];
    expect([none['a-signal'], some['a-signal']! > 0, all['a-signal']! > some['a-signal']!]).toEqual([0, true, true]);
    expect([none, some, all].map((one) => one['another-signal'])).toEqual([0, 0, 0]);
    const [known] = await wall.read(giftViewer(ids['a-signal']!, 20), (db) =>
      injected(
        db,
        `SELECT wall.rank() AS rank, wall.claim() AS claim, wall.writes() OR wall.sees_drafts() OR wall.keeps_accounts() AS more,
          (SELECT count(*)::int FROM accounts) + (SELECT count(*)::int FROM gift_links) AS accounts`,
      ),
    );
    expect(known).toEqual({ rank: 0, claim: null, more: false, accounts: 0 });
    const write = wall.write(giftViewer(ids['a-signal']!, HIGHEST_RANK), (db) =>
      db.briefing.updateMany({ data: { slug: 'mine' } }),
    );
    expect(await write).toEqual({ count: 0 });
  });

  test('opens a briefing that is there for a tier first, where its rank is that of the tier', async () => {
    const early = (early: string | null) =>
      wall.write(editorialViewer, (db) =>
        db.briefing.updateMany({
          data: { earlyTier: early, earlyUntil: early === null ? null : new Date('2999-01-01T00:00:00Z') },
        }),
      );
    await early('leadership-alliance');
    const at = async (rank: number) =>
      bySlug(await wall.read(giftViewer(ids['a-signal']!, rank), (db) => injected(db, READ)));
    expect([Object.keys(await at(10)), Object.keys(await at(20))]).toEqual([[], ['a-signal']]);
    await early(null);
  });

  test('is worth nothing when its briefing, its rank or its form is another, nor in another transaction', async () => {
    const gift = giftViewer(ids['a-signal']!, 10);
    let kept = '';
    await wall.read(gift, async (db) => {
      kept = (await injected(db, "SELECT current_setting('dossier.context', true) AS context"))[0]![
        'context'
      ] as string;
      expect(kept).toMatch(/^gift:10:[0-9a-f-]{36}:[0-9a-f]{64}$/);
      const signature = kept.split(':')[3]!;
      for (const forged of [
        kept.replace(ids['a-signal']!, ids['another-signal']!),
        kept.replace('gift:10:', 'gift:20:'),
        kept.replace('gift:10:', 'gift:010:'),
        `10:reader:${signature}`,
        `1000:editor:${signature}`,
        `gift:10:${signature}`,
        `gift:10:${ids['a-signal']!}:`,
        `gift:10:${ids['a-signal']!.toUpperCase()}:${signature}`,
        `gift:10:${ids['a-signal']!}:${'0'.repeat(64)}`,
      ]) {
        await injected(db, RAISE, forged);
        expect([forged, bySlug(await injected(db, READ))]).toEqual([forged, { 'a-signal': 0, 'another-signal': 0 }]);
        expect(await opened(db)).toEqual(NOTHING);
      }
      await injected(db, RAISE, kept);
      expect(bySlug(await injected(db, READ))['a-signal']).toBeGreaterThan(0);
    });
    for (const at of [wall, elsewhere])
      for (const viewer of [visitor, giftViewer(ids['another-signal']!, 20)])
        expect(
          await at.read(viewer, async (db) => {
            await injected(db, RAISE, kept);
            return bySlug(await injected(db, READ));
          }),
        ).toEqual({ 'a-signal': 0, 'another-signal': 0 });
  });

  test('is not made of a rank that was signed, and is for nobody who does more than read', async () => {
    await wall.read({ role: 'reader', rank: 20 }, async (db) => {
      const [row] = await injected(db, "SELECT current_setting('dossier.context', true) AS context");
      const signature = String(row!['context']).split(':').at(-1)!;
      await injected(db, RAISE, `gift:20:${ids['a-signal']!}:${signature}`);
      expect(bySlug(await injected(db, READ))['a-signal']).toBe(0);
    });
    await expect(wall.read({ ...editorialViewer, gift: ids['a-signal']! }, opened)).rejects.toThrow(/for a reader/);
    expect(await wall.read(visitor, opened)).toEqual(NOTHING);
  });
});

describe('what a statement of a visitor does to the session', () => {
  /** What is left there, seen by whoever comes next and by the server. */
  async function left(): Promise<object> {
    const [seen] = await wall.read(visitor, (db) =>
      injected(
        db,
        `SELECT ARRAY(SELECT name FROM pg_settings WHERE source = 'session' AND name <> 'transaction_isolation'
            AND name NOT LIKE 'transaction%' AND context = 'user') AS settings,
          coalesce(current_setting('dossier.quiet', true), '') AS quiet, current_setting('role') AS role, ARRAY(SELECT pg_listening_channels()) AS channels,
          ARRAY(SELECT name FROM pg_cursors WHERE is_holdable) AS cursors,
          ARRAY(SELECT name FROM pg_prepared_statements WHERE from_sql) AS prepared`,
      ),
    );
    const { rows } = await asSuperuserIn(database.superuser, (client) =>
      client.query<object>(
        "SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    );
    return { ...seen, ...rows[0] };
  }
  const CLEAN = { settings: [], quiet: '', role: 'none', channels: [], cursors: [], prepared: [], locks: 0 };

  test.each([
    ["SELECT set_config('dossier.quiet', 'on', false)"],
    ["SET dossier.quiet = 'on'"],
    ["SELECT set_config('search_path', 'wall, graphile_worker', false)"],
    [
      "SELECT set_config('statement_timeout', '1', false), set_config('bytea_output', 'escape', false), set_config('TimeZone', 'Asia/Tokyo', false)",
    ],
    [
      "SELECT set_config('default_transaction_read_only', 'on', false), set_config('default_transaction_isolation', 'serializable', false)",
    ],
    ["SELECT set_config('row_security', 'off', false)"],
    ["SELECT set_config('role', 'dossier_app', false)"],
    ['SELECT pg_advisory_lock(7707, 1), pg_advisory_lock_shared(1)'],
    ['LISTEN dossier_accounts'],
    ['DECLARE kept CURSOR WITH HOLD FOR SELECT slug FROM briefings'],
    ['PREPARE kept AS SELECT 1'],
    ["DO $$ BEGIN EXECUTE 'PREPARE kept AS SELECT 1'; EXECUTE 'LISTEN dossier_accounts'; END $$"],
    ['DISCARD ALL'],
    ['COMMIT'],
    ['COMMIT AND CHAIN'],
    ['CREATE TEMPORARY TABLE briefings (slug text)'],
  ])('ends with its transaction: %s', async (text) => {
    await wall.read(visitor, (db) => tried(db, text)).catch(() => undefined);
    expect(await left()).toEqual(CLEAN);
    await wall
      .write(accountsViewer, async (db) => {
        await tried(db, text);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(await left()).toEqual(CLEAN);
  });

  test('ends before the next transaction of the wall begins, where it was asked outside of one', async () => {
    await stores.pool.query(
      "SELECT set_config('search_path', 'wall', false), set_config('dossier.quiet', 'on', false), set_config('role', 'dossier_app', false), pg_advisory_lock(7707, 1)",
    );
    expect(await left()).toEqual(CLEAN);
  });

  test('nor does it run as somebody else, under the name of a statement that the product prepared', async () => {
    const write = () =>
      wall.write(editorialViewer, (db) =>
        db.briefing.updateMany({ where: { slug: 'a-signal' }, data: { impact: 'low' } }),
      );
    await write();
    for (const at of ['behind the wall', 'outside'] as const) {
      const attack = async (ask: (text: string) => Promise<Record<string, unknown>[]>) => {
        const known = await ask('SELECT name, cardinality(parameter_types) AS takes FROM pg_prepared_statements');
        expect(known.length).toBeGreaterThan(1);
        for (const { name, takes } of known) {
          const types = Array.from({ length: Number(takes) }, () => 'text').join(', ');
          const replace = `DEALLOCATE "${String(name)}"; PREPARE "${String(name)}"${types && `(${types})`} AS SELECT set_config('dossier.ran_as', wall.writes()::text, false)`;
          await ask(`DO $do$ BEGIN EXECUTE $x$${replace.replace('; ', '$x$; EXECUTE $x$')}$x$; END $do$`).catch(
            () => undefined,
          );
          for (const one of replace.split('; ')) await ask(one).catch(() => undefined);
        }
      };
      if (at === 'outside') {
        const client = await stores.pool.connect();
        await attack((text) => client.query<Record<string, unknown>>(text).then(({ rows }) => rows));
        client.release();
      } else {
        await wall.read(visitor, (db) => attack((text) => injected(db, text))).catch(() => undefined);
      }
      expect(await write()).toEqual({ count: 1 });
      const ran = await wall.read(visitor, (db) =>
        injected(db, "SELECT coalesce(current_setting('dossier.ran_as', true), '') AS ran"),
      );
      expect(ran).toEqual([{ ran: '' }]);
    }
  });

  test('changes no row, in a transaction that reads', async () => {
    await expect(
      wall.read(editorialViewer, (db) => db.briefing.updateMany({ data: { impact: 'low' } })),
    ).rejects.toThrow(/read-only/);
    await expect(
      wall.read(visitor, (db) => injected(db, "SELECT graphile_worker.add_job('event', '{}')")),
    ).rejects.toThrow(/read-only/);
  });

  test('after it has ended the transaction there is nothing more to ask in it', async () => {
    const asked = wall.write(visitor, async (db) => {
      await tried(db, 'COMMIT');
      return injected(db, "SELECT current_setting('transaction_read_only')");
    });
    await expect(asked).rejects.toThrow(/is over/);
  });
});

describe('what a statement of a visitor can call', () => {
  test.each([
    'EXPLAIN ANALYZE SELECT FROM accounts',
    '/* */ EXPLAIN SELECT 1',
    'SELECT 1; EXPLAIN SELECT 1',
    'COPY tiers TO STDOUT',
    'LOCK TABLE tiers',
    'SHOW all',
    'CALL nothing()',
    'VACUUM',
    '',
  ])('is nothing but rows: %s', async (text) => {
    await expect(wall.read(visitor, (db) => injected(db, text))).rejects.toThrow();
    expect(await wall.read(visitor, opened)).toEqual(NOTHING);
  });

  test('is one statement at a time, also where it goes by no name', async () => {
    const client = await stores.pool.connect();
    const ask = (text: string) => client.query({ text, rowMode: 'array' });
    try {
      await runAsViewer({ viewer: visitor, writes: false }, async () => {
        await ask('BEGIN');
        await ask('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await expect(ask('SELECT 1; LISTEN dossier_accounts')).rejects.toThrow(/multiple commands/);
        await ask('ROLLBACK');
      });
    } finally {
      client.release();
    }
  });

  test('never reaches a session, of whoever', async () => {
    const at = {
      ask: 'SELECT count(*)::int AS n FROM sessions',
      put: "INSERT INTO sessions (sid, sess, expire) VALUES ('mine', '{}', now() + interval '1 day')",
    };
    await stores.sessions.query(
      "INSERT INTO sessions (sid, sess, expire) VALUES ('theirs', '{}', now() + interval '1 day')",
    );
    for (const viewer of [visitor, accountsViewer, editorialViewer]) {
      expect(await wall.read(viewer, (db) => injected(db, at.ask))).toEqual([{ n: 0 }]);
      await expect(wall.write(viewer, (db) => injected(db, at.put))).rejects.toThrow(/row-level security/);
      expect(await wall.write(viewer, (db) => db.$executeRawUnsafe("UPDATE sessions SET sess = '{}'"))).toBe(0);
    }
    expect((await stores.sessions.query<object>(at.ask)).rows).toEqual([{ n: 1 }]);
  });

  test.each([
    'DO $$ BEGIN NULL; END $$',
    'SELECT lo_create(0)',
    "SELECT lo_from_bytea(0, 'x')",
    'SELECT lo_creat(-1)',
    'SELECT pg_terminate_backend(1)',
    'SELECT pg_cancel_backend(1)',
    "SELECT pg_stat_get_xact_tuples_fetched('accounts'::regclass)",
    'CREATE TEMPORARY TABLE mine ()',
  ])('is not %s, by Postgres alone', async (text) => {
    await expect(others.pool.query(text)).rejects.toThrow(/permission denied/);
  });

  test('compares nothing with a passage above its rank: that is asked first', async () => {
    const { rows } = await asSuperuserIn(database.superuser, async (client) => {
      await client.query('SET ROLE dossier_app');
      return client.query<Record<string, string>>(
        "EXPLAIN (COSTS off) SELECT FROM passages WHERE text >= 'G' AND text < 'H'",
      );
    });
    const filter = rows
      .map((row) => Object.values(row)[0]!)
      .find((line) => line.includes('Filter:') && line.includes('text'))!;
    expect(filter).toContain('wall.opens(');
    expect(filter.indexOf('wall.opens')).toBeLessThan(filter.indexOf('text >='));
  });

  test('is little, and a database that allows more is refused or spoken of', async () => {
    const app = await others.pool.connect();
    expect(await unneededRights(app, 'dossier_app')).toEqual([]);
    await assertMakesNothing(app);
    const name = new URL(database.app).pathname.slice(1);
    await asSuperuserIn(database.superuser, async (client) => {
      await client.query(
        'GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC; GRANT EXECUTE ON FUNCTION lo_create(oid), pg_cancel_backend(integer), pg_stat_get_numscans(oid) TO PUBLIC',
      );
      expect(await unneededRights(app, 'dossier_app')).toHaveLength(4);
      await client.query(`GRANT TEMPORARY ON DATABASE ${name} TO PUBLIC`);
      await expect(assertMakesNothing(app)).rejects.toThrow(/REVOKE TEMPORARY ON DATABASE/);
      await client.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
    });
    app.release();
  });
});
