import { removePlanted } from '../../src/leaks/plant';
import { runOracle, rowsOf, Undeclared, type Scene, type Verdict } from '../../src/leaks/oracle';
import { LETTERS_TO_MANY, WEBHOOK_BODIES } from '../../src/leaks/recorder';
import { formatReport } from '../../src/leaks/report';
import { SURFACES } from '../../src/leaks/surface-list';
import type { Surface } from '../../src/leaks/surface';
import { VISITORS } from '../../src/leaks/visitors';
import { editorialViewer, accountsViewer } from '../../src/access/viewer';
import { startDossier, type Dossier } from '../support/dossier';
import { sceneOf, siteOf } from './site';

/**
 * Here walks whoever reads something else, or by another way, and asks for whatever reads: the oracle itself is tested.
 * Everybody walks everything in `npm run leaks`, in both languages and in every way besides.
 */
const FEW = ['visitor', 'circle', 'alliance', 'editor', 'token, alliance', 'gift', 'gift, revoked'];
const WALKERS = VISITORS.filter(({ name }) => FEW.includes(name));
const walks = (route: Surface['route']) => !/^(?:POST|PUT|PATCH|DELETE|ALL) /.test(String(route));

let dossier: Dossier;
let scene: Scene;
let verdict: Verdict;

beforeAll(async () => {
  dossier = await startDossier();
  scene = await sceneOf(dossier, WALKERS);
  const site = siteOf(dossier);
  const shown = new Set(
    rowsOf(site)
      .filter(({ surface }) => surface.near)
      .map(({ route }) => route),
  );
  verdict = await runOracle(
    {
      ...site,
      letterFor: dossier.app.letterFor,
      webhookBody: dossier.app.webhookBody,
      routes: site.routes.filter((route) => !route.path.startsWith('/es') || shown.has(route)),
    },
    scene,
    {
      surfaces: SURFACES.map(({ near, addresses, ...row }): Surface => ({
        ...row,
        ...(near || addresses
          ? { addresses: (planted, who) => [...(near?.(planted, who) ?? []), ...(addresses?.(planted, who) ?? [])] }
          : {}),
        ...(walks(row.route) ? {} : { exempt: 'it may change something: npm run leaks asks it' }),
      })),
    },
  );
  if (process.env['LEAKS_PRINT']) process.stdout.write(`${formatReport(verdict)}\n`);
}, 1_200_000);
afterAll(() => dossier.stop());

test('nobody meets a word they may not read, and everybody all they may', () => {
  expect(verdict.recorder.findings.slice(0, 20)).toEqual([]);
  expect(verdict.missing).toEqual([]);
  expect(verdict.clean).toBe(true);
});

test('everybody who walks walked every surface, and none was left out', () => {
  expect([VISITORS.length >= 28, WALKERS.length]).toEqual([true, FEW.length]);
  expect(verdict.skipped).toEqual([]);
  expect([...verdict.recorder.visitors.keys()].sort()).toEqual(WALKERS.map(({ name }) => name).sort());
  const walked = verdict.walkable
    .filter(({ surface }) => !surface.exempt)
    .map(({ route }) => `${route.method} ${route.path}`);
  // Letters and what webhooks are told leave by no route.
  const expected = new Set([...walked, LETTERS_TO_MANY, WEBHOOK_BODIES]);
  expect([...verdict.recorder.surfaces.keys()].sort()).toEqual([...expected].sort());
  for (const tally of verdict.recorder.surfaces.values()) expect(tally.cells % WALKERS.length).toBe(0);
  expect([...verdict.recorder.visitors.values()].reduce((sum, { cells }) => sum + cells, 0)).toBeGreaterThanOrEqual(
    60 * WALKERS.length,
  );
});

test('whoever may read met canaries of every kind, in each language, at the start, in the middle and at the end', () => {
  const { met } = verdict.recorder.visitors.get('alliance')!;
  const places = [...met].map(({ place }) => place);
  for (const kind of ['trend', 'organization', 'evidence', 'failure-path', 'source-note']) {
    for (const where of ['en, start', 'en, middle', 'en, end', 'es, start', 'es, middle', 'es, link', 'es, end'])
      expect(places.some((place) => place.includes(kind) && place.endsWith(where))).toBe(true);
  }
  expect(verdict.recorder.visitors.get('circle')!.met.size).toBeLessThan(met.size);
  expect(verdict.recorder.visitors.get('visitor')!.met.size).toBeLessThan(
    verdict.recorder.visitors.get('circle')!.met.size,
  );
});

test('whoever works at the desk met drafts, what nobody may read yet, and history there: the others could have', () => {
  for (const [surface, place] of [
    ['', /draft, now: evidence/],
    ['/preview', /draft, now: evidence/],
    ['/export', /draft, now: source-note/],
    ['/revisions/:number', /now: /],
  ] as const) {
    const { met, hits } = verdict.recorder.surfaces.get(`GET /desk/briefings/:id${surface}`)!;
    expect([surface, [...met].some((canary) => place.test(canary.place)), hits]).toEqual([surface, true, 0]);
  }
});

test('the table names every surface, every visitor and every exemption', () => {
  const table = formatReport(verdict);
  for (const name of [...verdict.recorder.surfaces.keys(), ...WALKERS.map((plan) => plan.name)])
    expect(table).toContain(name);
  for (const { surface, route } of verdict.walkable)
    if (surface.exempt) expect(table).toContain(`Not walked: ${route.method} ${route.path}`);
  expect(table).toContain('nothing leaks.');
});

test('a route without a row fails the run, and so does a row without a route', async () => {
  const site = siteOf(dossier);
  await expect(
    runOracle({ ...site, routes: [...site.routes, { method: 'GET', path: '/es/new' }] }, scene),
  ).rejects.toThrow('GET /es/new has no row');
  await expect(runOracle(site, scene, { surfaces: [...SURFACES, { route: 'GET /gone' }] })).rejects.toThrow(Undeclared);
});

test('all of it is removed again', async () => {
  await removePlanted(dossier.wall, scene.planted.run);
  const left = await dossier.wall.read(editorialViewer, async (db) => [
    await db.briefing.count(),
    await db.organization.count(),
    await db.category.count({ where: { slug: { startsWith: 'leak-canary-' } } }),
    await db.revision.count(),
  ]);
  expect(left).toEqual([0, 0, 0, 0]);
  expect(await dossier.wall.read(accountsViewer, (db) => db.account.count())).toBe(0);
});
