import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { root } from '../../src/lib/root';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { send } from '../support/door';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';
import { act, CHOSEN, formOn, idIn, see, stateOf, upload } from './support';

// Beside the packages, which it needs as whoever runs it does.
const folder = path.join(root, 'node_modules/.cache/dossier-killed');
const entry = path.join(folder, `worker-${process.pid}.js`);

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const options = {
    entryPoints: [path.join(__dirname, 'killed/worker.ts')],
    ...{ outfile: entry, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' },
  };
  // In a process of its own: esbuild keeps one running beside whoever calls it.
  const script = 'require("esbuild").buildSync(JSON.parse(process.argv[1]))';
  const built = spawnSync(process.execPath, ['-e', script, JSON.stringify(options)], { cwd: root, stdio: 'inherit' });
  expect(built.status).toBe(0);
  // It takes files in, and leaves the work to others.
  dossier = await startDossier({ billing: { works: false } });
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(async () => {
  await dossier.stop();
  rmSync(entry, { force: true });
});

const work = () =>
  spawn(process.execPath, [entry, JSON.stringify({ databaseUrl: dossier.urls.app, secret: SESSION_SECRET })], {
    stdio: 'ignore',
  });

const standing = (id: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.import.findUniqueOrThrow({ where: { id }, select: { state: true, place: true } }),
  );

/** What a process held that has died is free three minutes later (src/stores/postgres/job-locks.ts): here at once. */
const freeLocks = () =>
  dossier.wall.write(accountsViewer, async (db) => {
    await db.$executeRaw`UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL`;
    await db.$executeRaw`UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL`;
  });

/** Lets a process work until the import stands there or has come so far, and kills it. Where the import stood. */
async function workUntil(id: string, there: (state: string, place: number) => boolean) {
  const worker = work();
  await until(async () => {
    const { state, place } = await standing(id);
    return there(state, place);
  }, 240_000);
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
  await freeLocks();
  return standing(id);
}

async function bringIn(file: string, name: string, more: Readonly<Record<string, string>>): Promise<string> {
  const id = idIn(await upload(dossier, admin.cookie, file, name));
  const form = formOn(await see(dossier, admin.cookie, `/admin/import/${id}`), 'form.section-form');
  await send(dossier, `/admin/import/${id}/check`, { ...form, ...more }, { cookie: admin.cookie });
  await workUntil(id, (state) => state === 'checked');
  await act(dossier, admin.cookie, id, 'run');
  return id;
}

async function outcomes(id: string): Promise<Record<string, number>> {
  const rows = await dossier.wall.read(accountsViewer, (db) =>
    db.importRow.groupBy({ by: ['outcome'], where: { importId: id }, _count: true }),
  );
  return Object.fromEntries(rows.map(({ outcome, _count }): [string, number] => [outcome ?? '', _count]));
}

test('killed among the rows of members, twice: the next process goes on, and nothing is there twice', async () => {
  const rows = Array.from({ length: 12_000 }, (_none, n) => `reader${n % 11_000}@many.example,Reader ${n},vip`);
  const id = await bringIn(`email,name,labels\n${rows.join('\n')}\n`, 'members.csv', {});
  const first = await workUntil(id, (_state, place) => place >= 2_000);
  const second = await workUntil(id, (_state, place) => place >= 6_000);
  for (const one of [first, second]) expect([one.state, one.place < 12_000]).toEqual(['running', true]);
  await workUntil(id, (state) => state === 'done');
  expect(await outcomes(id)).toEqual({ added: 11_000, merged: 1_000 });
  const made = await dossier.wall.read(accountsViewer, async (db) => {
    const account = { email: { endsWith: '@many.example' } };
    return {
      accounts: await db.account.count({ where: account }),
      grants: await db.grant.count({ where: { account, source: 'JOINED' } }),
      labels: await db.accountLabel.count({ where: { account } }),
    };
  });
  expect(made).toEqual({ accounts: 11_000, grants: 11_000, labels: 11_000 });
}, 900_000);

test('killed among posts and pages, twice: the next process goes on, and nothing is there twice', async () => {
  const posts = Array.from({ length: 120 }, (_none, n) => ({
    ...{ id: `${n}`, title: `Told ${n}`, slug: `told-${n}`, type: n % 10 === 0 ? 'page' : 'post' },
    ...{ status: 'published', visibility: 'public', published_at: '2024-03-01 09:00:00', html: `<p>Body ${n}</p>` },
  }));
  const id = await bringIn(JSON.stringify({ db: [{ data: { posts } }] }), 'ghost.json', CHOSEN);
  const first = await workUntil(id, (_state, place) => place >= 20);
  const second = await workUntil(id, (_state, place) => place >= 60);
  for (const one of [first, second]) expect([one.state, one.place < 120]).toEqual(['running', true]);
  await workUntil(id, (state) => state === 'done');
  expect(await outcomes(id)).toEqual({ added: 120 });
  const made = await dossier.wall.read(editorialViewer, async (db) => ({
    briefings: await db.briefing.count({ where: { slug: { startsWith: 'told-' } } }),
    pages: await db.page.count({ where: { slug: { startsWith: 'told-' } } }),
    paths: await db.formerPath.count({ where: { importId: id } }),
  }));
  expect(made).toEqual({ briefings: 108, pages: 12, paths: 108 });
  await stateOf(dossier, id, 'done');
}, 900_000);
