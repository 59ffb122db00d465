import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { importCategories } from '../../src/briefings/categories';
import { writeIssue } from '../../src/issues/store';
import { root } from '../../src/lib/root';
import { original, SPANISH } from '../support/briefing';
import { enter, type Member } from '../support/cast';
import { anAccount, send } from '../support/door';
import { CATEGORIES, SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { until } from '../support/until';
import { startOwnDatabase, type OwnDatabase } from './many/database';
import { hasState, lettersOf, messageId, subscribers, to } from './support';

/** Letters, and how many of them go to a domain whose server is away for a while. */
const MANY = 10_000;
const AWAY = 1_500;
/** Connections to the mail server at once (`CONNECTIONS` of src/issues/send.ts). */
const CONNECTIONS = 5;

// Beside the packages, which it needs as whoever runs it does.
const folder = path.join(root, 'node_modules/.cache/dossier-many');
const entry = path.join(folder, `worker-${process.pid}.js`);

let database: OwnDatabase;
let server: MailServer;
let dossier: Dossier;
let editor: Member;
let worker: ChildProcess;
let briefingId: string;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const options = {
    entryPoints: [path.join(__dirname, 'many/worker.ts')],
    ...{ outfile: entry, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' },
  };
  // In a process of its own: esbuild keeps one running beside whoever calls it.
  const script = 'require("esbuild").buildSync(JSON.parse(process.argv[1]))';
  const built = spawnSync(process.execPath, ['-e', script, JSON.stringify(options)], { cwd: root, stdio: 'inherit' });
  expect(built.status).toBe(0);
  database = await startOwnDatabase();
  server = await startMailServer();
  // It takes forms in, and leaves the work to others.
  dossier = await startDossier({ on: database.urls, billing: { works: false } });
  await importCategories(dossier.wall, 'categories.yaml', Buffer.from(CATEGORIES));
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  editor = await enter(dossier, 'editor');
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
}, 300_000);
afterAll(async () => {
  worker?.kill('SIGKILL');
  await dossier?.stop();
  await server?.stop();
  await database?.stop();
  rmSync(entry, { force: true });
});

function work(): void {
  const { urls, url } = dossier;
  const orders = { databaseUrl: urls.app, smtpUrl: server.url, publicUrl: url, secret: SESSION_SECRET };
  worker = spawn(process.execPath, [entry, JSON.stringify(orders)], { stdio: 'inherit' });
}

/** How often the worker was killed when each letter was taken. */
const killsAt = new Map<object, number>();
let kills = 0;

/** Kills it as it stands. What it held is free three minutes later (src/stores/postgres/job-locks.ts): here at once. */
async function kill(): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
  for (const one of server.received) if (!killsAt.has(one)) killsAt.set(one, kills);
  kills++;
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.$executeRaw`UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL`;
    await db.$executeRaw`UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL`;
  });
  work();
}

async function queue(list: 'each' | 'daily'): Promise<string> {
  const id = randomUUID();
  await dossier.wall.write(accountsViewer, (db) =>
    writeIssue(
      db,
      {
        ...{ id, digest: null, authorId: null, sendAt: new Date(), briefingIds: [briefingId] },
        ...{ subjects: { en: 'A subject', es: 'Un asunto' }, preheaders: {} },
        audience: { lists: [list], tiers: ['public', 'strategy-circle', 'leadership-alliance'], labels: [] },
      },
      new Date(),
    ),
  );
  return id;
}

const act = async (id: string, name: string) =>
  expect((await send(dossier, `/desk/issues/${id}/${name}`, {}, { cookie: editor.headers['Cookie']! })).status).toBe(
    303,
  );
const reaches = (n: number) => until(() => server.received.length >= n, 600_000);
/** Waits until nothing has been taken for so long. @returns how many letters there are then. */
async function quiet(milliseconds: number): Promise<number> {
  let [last, since] = [server.received.length, performance.now()];
  await until(() => {
    if (server.received.length !== last) [last, since] = [server.received.length, performance.now()];
    return performance.now() - since > milliseconds;
  }, 120_000);
  return last;
}

test('ten thousand letters, with all that happens to a worker, to Postgres and to mail servers: 0 missing', async () => {
  const many = [];
  for (let n = 0; n < MANY; n += 500) many.push(...(await subscribers(dossier, 500)));
  const others = await subscribers(dossier, 400, 'daily');
  const reader = await anAccount(dossier, { verifiedAt: new Date() });
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.$executeRaw`UPDATE accounts SET email = replace(email, '@example.org', '@away.example')
      WHERE id IN (SELECT a.id FROM accounts a JOIN list_choices c ON c.account_id = a.id AND c.list = 'each'
        ORDER BY a.email LIMIT ${AWAY})`;
  });
  const addresses = await dossier.wall.read(accountsViewer, async (db) =>
    (await db.account.findMany({ where: { listChoice: { list: 'each' } }, select: { email: true } })).map(
      ({ email }) => email,
    ),
  );
  expect(addresses).toHaveLength(MANY);

  server.hangsUpAfter = 100;
  let refusedAway = 0;
  server.answerTo = (recipient) => {
    if (!recipient.endsWith('@away.example')) return undefined;
    refusedAway++;
    return '421 4.3.2 away.example is away, come again later';
  };
  const began = performance.now();
  work();
  const id = await queue('each');
  await reaches(1_500);
  await kill();

  await reaches(2_500);
  const asked = performance.now();
  await send(dossier, '/reset', { email: reader.email });
  await until(() => to(server, reader.email).length === 1, 60_000);
  const reset = Math.round(performance.now() - asked);

  await reaches(3_500);
  await act(id, 'pause');
  const paused = await quiet(4_000);
  await act(id, 'resume');

  await reaches(paused + 1_000);
  const beforeRestart = server.received.length;
  await database.restart(3_000);
  await reaches(beforeRestart + 1_000);

  const other = await queue('daily');
  await until(() => others.some(({ email }) => to(server, email).length > 0), 120_000);
  await act(other, 'stop');

  await reaches(7_000);
  await kill();
  await until(
    async () => (await lettersOf(dossier, id)).filter(({ state }) => state === 'waiting').length <= AWAY,
    300_000,
  );
  const whileAway = addresses.filter((email) => email.endsWith('@away.example') && to(server, email).length > 0);
  server.answerTo = null;
  await until(async () => (await lettersOf(dossier, id)).every(({ state }) => state !== 'waiting'), 300_000);
  await hasState(dossier, id, 'sent');
  await quiet(4_000);
  for (const one of server.received) if (!killsAt.has(one)) killsAt.set(one, kills);

  const copies = new Map<string, (typeof server.received)[number][]>();
  for (const one of server.received) copies.set(one.recipients[0]!, [...(copies.get(one.recipients[0]!) ?? []), one]);
  const missing = addresses.filter((email) => !copies.has(email));
  const twice = [...copies.values()].filter((all) => all.length > 1);
  // A second copy has a kill behind the first; none has two.
  const withoutKill = twice.filter((all) => all.length > 2 || killsAt.get(all[0]!) === killsAt.get(all[1]!));
  const stopped = await lettersOf(dossier, other);
  const counts = {
    letters: MANY,
    missing: missing.length,
    kills,
    'second copies': twice.length,
    'second copies without a kill': withoutKill.length,
    'tries answered 421': refusedAway,
    'taken for the domain that was away': whileAway.length,
    'of the stopped issue': stopped.filter(({ state }) => state === 'sent').length,
    'a reset meanwhile, ms': reset,
    seconds: Math.round((performance.now() - began) / 1_000),
  };
  process.stdout.write(`${JSON.stringify(counts, null, 2)}\n`);

  expect({ missing, withoutKill, whileAway }).toEqual({ missing: [], withoutKill: [], whileAway: [] });
  expect(twice.length).toBeLessThanOrEqual(kills * CONNECTIONS);
  for (const all of twice) expect(new Set(all.map(messageId)).size).toBe(1);
  expect(refusedAway).toBeLessThan(AWAY);
  expect(reset).toBeLessThan(10_000);
  expect(stopped.filter(({ state }) => state === 'waiting')).toEqual([]);
  expect(others.filter(({ email }) => copies.has(email))).toHaveLength(
    stopped.filter(({ state }) => state === 'sent').length,
  );
}, 1_800_000);
