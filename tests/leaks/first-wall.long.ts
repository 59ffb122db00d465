import { mend, signFor, withoutTheRule } from './patches';
import type { Scene } from '../../src/leaks/oracle';
import { startDossier, type Dossier } from '../support/dossier';
import { sceneOf, shortWalk } from './site';

// The hook that removes the first wall is `patches.ts`: nothing that is built has one.
/** Every rank, and every way to have none. */
const PEOPLE = [
  'visitor',
  'alliance',
  'circle',
  'editor',
  'stranger',
  'lapsed',
  'in grace',
  'suspended',
  'support',
  'forged session',
  'logged out',
  'deleted account',
];

let dossier: Dossier;
let scene: Scene;

beforeAll(async () => {
  dossier = await startDossier();
  scene = await sceneOf(dossier);
  withoutTheRule();
}, 1_200_000);
afterAll(async () => {
  mend();
  await dossier.stop();
});

test('Postgres alone holds on every page: nobody meets a word, and members meet all of theirs', async () => {
  const { recorder: judge, missing } = await shortWalk(dossier, scene, {
    names: PEOPLE,
    routes: [
      ...['GET /', 'GET /briefings/:slug', 'GET /categories/:slug', 'GET /pictures/:file'],
      ...['', '/:number', '/:number/changes'].map((part) => `GET /briefings/:slug/revisions${part}`),
    ],
    all: true,
  });
  expect(judge.findings).toEqual([]);
  expect(missing).toEqual([]);
}, 1_200_000);

test('and in the API', async () => {
  const names = ['visitor', 'alliance', ...scene.visitors.flatMap(({ name, by }) => (by === 'token' ? [name] : []))];
  const { recorder: judge, missing } = await shortWalk(dossier, scene, {
    names,
    routes: ['GET /api/v1/briefings', 'GET /api/v1/briefings/:slug', 'GET /api/v1/pictures/:file'],
    all: true,
  });
  expect(judge.findings).toEqual([]);
  expect(missing).toEqual([]);
}, 1_200_000);

test('it really is switched off: with the second wall gone too, everything is met', async () => {
  signFor((viewer) => ({ ...viewer, rank: 1000 }));
  const second = await startDossier({ on: dossier.urls });
  try {
    const { recorder: judge } = await shortWalk(second, scene, {
      names: ['visitor'],
      routes: ['GET /briefings/:slug', 'GET /pictures/:file'],
      all: true,
    });
    const gated = scene.planted.canaries.all.filter(({ rank, former }) => rank !== null && rank > 0 && !former);
    const met = judge.findings.map(({ what }) => what).join('\n');
    expect(gated.filter(({ token }) => !met.includes(token))).toEqual([]);
  } finally {
    await second.stop();
  }
});
