import { editorialViewer } from '../../src/access/viewer';
import { makeOwnPublication, OWN_KINDS, OWN_NAME } from '../../src/leaks/own-publication';
import { SoftwareName } from '../../src/leaks/software-name';
import { setScene, type Scene } from '../../src/leaks/oracle';
import { nameRun } from '../../src/leaks/plant';
import { SURFACES } from '../../src/leaks/surface-list';
import { VISITORS, visitorsBetween } from '../../src/leaks/visitors';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { asSuperuserIn } from '../support/stores/cluster';
import { shortWalk } from './site';

/** The publication that `npm run leaks -- --own` makes, walked by few: everybody walks it there. */
jest.setTimeout(600_000);

const NAMES = [
  'visitor',
  'circle',
  'reader at leadership-alliance',
  'reader at tide-watchers',
  'alliance',
  'token, circle',
];
const PREFIXES = ['', '/es', '/he'];

let dossier: Dossier;
let scene: Scene;
beforeAll(async () => {
  dossier = await startDossier();
  await makeOwnPublication(dossier.wall);
  const { wall, sessionStore } = dossier;
  const stores = { wall, sessionStore, sessionSecret: SESSION_SECRET, https: false };
  const between = await wall.read(editorialViewer, (db) =>
    db.tier.findMany({ where: { rank: { gt: 10, lt: 30 } }, select: { slug: true, rank: true } }),
  );
  const plans = [...VISITORS, ...visitorsBetween(between)].filter(({ name }) => NAMES.includes(name));
  scene = await setScene(nameRun(), wall, stores, ['de', 'es', 'he'], plans);
});
afterAll(() => dossier.stop());

/** Whatever shows something of a briefing, in each of its languages. */
const NEAR = SURFACES.filter(({ near, shows }) => near !== undefined || shows !== undefined).map(({ route }) =>
  String(route),
);
const walk = (routes: readonly string[], name?: SoftwareName) =>
  shortWalk(
    dossier,
    scene,
    { names: NAMES, routes, prefixes: PREFIXES, all: true },
    name ? { hear: (one) => name.hear(one) } : {},
  );

test('nothing was left without a canary, and each tier between has a reader', () => {
  expect(scene.uncovered).toEqual([]);
  expect(scene.visitors.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

test('nobody meets a word they may not read, and the software is named nowhere', async () => {
  const name = new SoftwareName();
  const { recorder: judge } = await walk(NEAR, name);
  expect(judge.findings).toEqual([]);
  expect(name.findings).toEqual([]);
  expect([judge.surfaces.size > 5, OWN_NAME.length > 0]).toEqual([true, true]);
});

test.each(OWN_KINDS)('a wrong gate of $slug is seen', async ({ slug }) => {
  const kind = slug.replaceAll('-', '_');
  const gate = (tier: string) =>
    asSuperuserIn(dossier.urls.superuser, (client) =>
      client.query('UPDATE gates SET tier_slug = $1 WHERE kind::text = $2 RETURNING tier_slug', [tier, kind]),
    );
  const { tier } = OWN_KINDS.find((one) => one.slug === slug)!;
  await gate('public');
  const { recorder: judge } = await walk(['GET /briefings/:slug', 'GET /api/v1/briefings/:slug']);
  await gate(tier);
  const found = judge.findings.map(({ what }) => what);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((what) => !what.includes(slug))).toEqual([]);
});
