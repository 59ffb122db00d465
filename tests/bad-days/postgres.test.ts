import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbedded, type Embedded } from '../../src/stores/postgres/embedded/start';
import { migrate } from '../../src/stores/postgres/migrate';
import { importCategories } from '../../src/briefings/categories';
import { accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { asSuperuserIn } from '../support/stores/cluster';
import { enter, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { openStopwatch, type Stopwatch } from '../support/lateness';
import { visit, type Page } from '../support/page';
import { until } from '../support/until';

let folder: string;
let embedded: Embedded;
let dossier: Dossier;
let known: Member;
let unknown: Member;
let stopwatch: Stopwatch;

beforeAll(async () => {
  stopwatch = await openStopwatch();
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-frozen-'));
  chmodSync(folder, 0o711);
  embedded = await startEmbedded(folder, new AbortController().signal, () => undefined, { fsync: false });
  await migrate(embedded.urls.owner, { log: { info: () => undefined, warn: () => undefined } });
  dossier = await startDossier({ on: embedded.urls, hasty: true });
  await importCategories(dossier.wall, 'categories.yaml', Buffer.from('cloud-service:\n  name: {en: Cloud Service}\n'));
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  [known, unknown] = [await enter(dossier, 'alliance'), await enter(dossier, 'alliance')];
});
afterAll(async () => {
  signal('SIGCONT');
  await stopwatch.stop();
  await dossier.stop();
  await embedded.stop(4_000);
  rmSync(folder, { recursive: true, force: true });
});

/** The server with all its processes stands still, or goes on. */
function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
  const postmaster = Number(
    readFileSync(path.join(embedded.home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
  );
  const children = spawnSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number);
  for (const pid of [postmaster, ...children]) process.kill(pid, name);
}

const at = (target: string, who?: Member) =>
  visit(`${dossier.url}${target}`, { headers: who?.headers ?? {}, signal: AbortSignal.timeout(20_000) });

/** The one process of Postgres that tells this Dossier of changes. */
const listenerOf = async () =>
  (
    await asSuperuserIn(embedded.urls.superuser, (db) =>
      db.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'dossier listener' ORDER BY backend_start DESC LIMIT 1",
      ),
    )
  ).rows[0]!.pid;

test('when the listener alone stands still, what it would have told is known within a second, and it is replaced', async () => {
  const reader = await enter(dossier, 'alliance');
  const reads = async () => (await at('/briefings/a-signal', reader)).text.includes('GATED failure path text.');
  await dossier.take('withdrawn', { 'en.md': original({ slug: 'withdrawn', organizations: null }, '') });
  await until(async () => (await reads()) && (await at('/briefings/withdrawn')).status === 200);
  const frozen = await listenerOf();
  process.kill(frozen, 'SIGSTOP');
  try {
    await dossier.wall.write(accountsViewer, (db) =>
      db.grant.updateMany({ where: { accountId: reader.id! }, data: { revokedAt: new Date() } }),
    );
    await dossier.take('withdrawn', {
      'en.md': original({ slug: 'withdrawn', organizations: null, state: 'draft' }, ''),
    });
    await stopwatch.within(1_200, async () => !(await reads()) && (await at('/briefings/withdrawn')).status === 404);
    await until(async () => (await listenerOf()) !== frozen);
  } finally {
    process.kill(frozen, 'SIGCONT');
  }
  await dossier.take('withdrawn', { 'en.md': original({ slug: 'withdrawn', organizations: null }, '') });
  await until(async () => (await at('/briefings/withdrawn')).status === 200);
  const asked = jest.spyOn(dossier.stores.pool, 'connect');
  try {
    await until(async () => {
      asked.mockClear();
      return (await at('/briefings/withdrawn')).status === 200 && asked.mock.calls.length === 0;
    });
  } finally {
    asked.mockRestore();
  }
});

/** No request may take longer, whatever stands still. */
const MOST = 3_000;

test('with Postgres frozen every request is answered within three seconds, and nothing gated by it', async () => {
  await until(async () => (await at('/briefings/a-signal')).status === 200);
  await at('/briefings/a-signal', known);
  signal('SIGSTOP');
  const { result: answers, milliseconds } = await stopwatch.timed(() =>
    Promise.all([
      at('/briefings/a-signal'),
      at('/es/briefings/a-signal'),
      at('/nothing'),
      at('/'),
      at('/healthz'),
      at('/readyz'),
      at('/briefings/a-signal', known),
      at('/briefings/a-signal', unknown),
      at('/', unknown),
      at('/categories/cloud-service', known),
      ...Array.from({ length: 30 }, (_, n) => at(`/briefings/none-${n}`)),
    ]),
  );
  // All of them together, so none of them took longer.
  expect(milliseconds).toBeLessThanOrEqual(MOST);
  expect(answers.slice(0, 6).map(({ status }) => status)).toEqual([200, 503, 404, 503, 200, 503]);
  // The session lies in the same Postgres. Whoever was proved before is, for the second in which changes count as
  // heard; then nobody is, and nobody reads what is gated.
  for (const [n, answer] of answers.entries()) if (n !== 6) expect(answer.text).not.toContain('GATED');
  for (const answer of answers.slice(10)) expect(answer.status).toBe(503);
  const later = await at('/briefings/a-signal', known);
  expect([later.status, later.text.includes('The open body.'), later.text.includes('GATED')]).toEqual([
    503,
    true,
    false,
  ]);
});

test('so it is for whoever comes while others wait, a member among them', async () => {
  const waves: Promise<{ result: Page; milliseconds: number }>[] = [];
  for (let wave = 0; wave < 12; wave++) {
    waves.push(
      ...Array.from({ length: 5 }, (_, n) =>
        stopwatch.timed(() => at(`/briefings/none-${wave}-${n}`, n === 0 ? unknown : undefined)),
      ),
    );
    await pause(250);
  }
  const took = await Promise.all(waves);
  expect(Math.max(...took.map(({ milliseconds }) => milliseconds))).toBeLessThanOrEqual(MOST);
  expect(new Set(took.map(({ result }) => result.status))).toEqual(new Set([503]));
});

test('thawed it serves everybody again within ten seconds, without a restart', async () => {
  signal('SIGCONT');
  await stopwatch.within(
    10_000,
    async () =>
      (await at('/es/briefings/a-signal')).status === 200 &&
      (await at('/')).status === 200 &&
      (await at('/briefings/a-signal', unknown)).text.includes('GATED failure path text.') &&
      (await at('/readyz')).status === 200,
  );
});
