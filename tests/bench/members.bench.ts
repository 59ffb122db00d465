import { accountsViewer } from '../../src/access/viewer';
import { countMembers, listMembers, placeOf, type MemberFilter, type MemberOrder } from '../../src/membership/members';
import { openPostgres } from '../../src/stores/postgres/pool';
import { openWall } from '../../src/stores/postgres/wall';
import { asSuperuserIn, createDatabase } from '../support/stores/cluster';

/** What is asked, as an admin asks it. */
const QUESTIONS: readonly [string, MemberFilter, MemberOrder][] = [
  ['the first page', {}, 'newest'],
  ['by name', {}, 'name'],
  ['by address', {}, 'email'],
  ['a word', { q: 'member 99' }, 'newest'],
  ['the beginning of many', { q: 'm' }, 'newest'],
  ['an address', { q: 'member-77@example.org' }, 'newest'],
  ['those who pay', { rank: 20 }, 'newest'],
  ['those who read nothing', { rank: 0 }, 'newest'],
  ['by role', { rank: 1000 }, 'newest'],
  ['a rare source', { source: 'COMP' }, 'newest'],
  ['suspended', { status: 'suspended' }, 'newest'],
  ['not verified', { status: 'unverified' }, 'newest'],
  ['admins', { role: 'admin' }, 'newest'],
  ['who joined long ago, in Spanish', { lang: 'es', joinedBefore: new Date('2024-01-02') }, 'newest'],
];

const RUNS = 15;

/** Milliseconds each question takes in the middle, with so many members. */
async function measure(members: number): Promise<Map<string, number>> {
  const database = await createDatabase();
  const stores = openPostgres(database.app, { error: () => undefined }, { max: 2 });
  try {
    await asSuperuserIn(database.superuser, async (client) => {
      await client.query(`INSERT INTO accounts (email, name, lang, role, state, verified_at, totp_confirmed_at, created_at)
        SELECT 'member-' || n || '@example.org', 'Member ' || n || (ARRAY[' Alvarez',' Brown',' Castillo',' Dubois'])[1 + n % 4], CASE WHEN n % 3 = 0 THEN 'es' ELSE 'en' END,
          (CASE WHEN n % 5000 = 7 THEN 'admin' ELSE 'reader' END)::account_role, (CASE WHEN n % 1000 = 3 THEN 'suspended' ELSE 'active' END)::account_state, CASE WHEN n % 2000 = 11 THEN NULL ELSE now() END,
          CASE WHEN n % 5000 = 7 THEN now() END, timestamptz '2024-01-01' + n * interval '10 minutes'
        FROM generate_series(1, ${members}) n`);
      await client.query(
        `INSERT INTO grants (account_id, tier_slug, source, "from") SELECT id, 'strategy-circle', 'JOINED', created_at FROM accounts WHERE split_part(split_part(email, '@', 1), '-', 2)::int % 10 <> 0`,
      );
      await client.query(`INSERT INTO grants (account_id, tier_slug, source, "from", until) SELECT id, 'leadership-alliance', (CASE WHEN n % 50 = 0 THEN 'COMP' ELSE 'SUBSCRIPTION' END)::grant_source, created_at, CASE WHEN n % 2 = 0 THEN now() + interval '1 month' ELSE created_at + interval '1 hour' END
        FROM (SELECT id, created_at, split_part(split_part(email, '@', 1), '-', 2)::int AS n FROM accounts) a WHERE n % 5 = 0`);
      await client.query('VACUUM ANALYZE');
    });
    const wall = openWall(stores);
    const now = new Date();
    const answers = new Map<string, number>();
    const time = async (name: string, work: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const begun = performance.now();
        await work();
        times.push(performance.now() - begun);
      }
      answers.set(name, times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!);
    };
    for (const [name, filter, order] of QUESTIONS)
      await time(name, () =>
        wall.read(accountsViewer, async (db) => [
          await listMembers(db, filter, order, null, 51, now),
          await countMembers(db, filter, 1_001, now),
        ]),
      );
    const [last] = await wall.read(accountsViewer, (db) => listMembers(db, {}, 'oldest', null, 1, now));
    await time('the last page', () =>
      wall.read(accountsViewer, (db) => listMembers(db, {}, 'newest', placeOf(last!, 'newest', 'before'), 51, now)),
    );
    return answers;
  } finally {
    await stores.close();
    await database.drop();
  }
}

test('the list of members with 100,000 of them, beside that with 100', async () => {
  const [few, many] = [await measure(100), await measure(100_000)];
  const lines = [...many].map(
    ([name, milliseconds]) =>
      `${name.padEnd(34)} ${few.get(name)!.toFixed(1).padStart(8)} ms ${milliseconds.toFixed(1).padStart(8)} ms   ×${(milliseconds / few.get(name)!).toFixed(1)}`,
  );
  process.stdout.write(
    `\n${'the middle of 15 runs'.padEnd(34)} ${'100'.padStart(11)} ${'100,000'.padStart(11)}   ratio\n${lines.join('\n')}\n`,
  );
  expect([...many].filter(([, milliseconds]) => milliseconds > 1_000)).toEqual([]);
}, 300_000);
