import { mend, put, signFor, withoutTheRule } from './patches';
import type { Viewer } from '../../src/access/viewer';
import { walkLetters } from '../../src/leaks/letters';
import { walkWebhooks } from '../../src/leaks/webhooks';
import type { Scene } from '../../src/leaks/oracle';
import { LeakRecorder } from '../../src/leaks/recorder';
import { startDossier, type Dossier } from '../support/dossier';
import { sceneOf } from './site';

let dossier: Dossier;
let scene: Scene;

beforeAll(async () => {
  dossier = await startDossier();
  scene = await sceneOf(dossier);
});
afterEach(mend);
afterAll(() => dossier.stop());

async function walked(names?: readonly string[]): Promise<LeakRecorder> {
  const judge = new LeakRecorder(scene.planted.canaries);
  const visitors = scene.visitors.filter(({ name }) => names?.includes(name) ?? true);
  await walkLetters(dossier.app.letterFor, scene.planted, visitors, judge);
  return judge;
}
const SOME = ['stranger', 'subscriber', 'circle', 'lapsed', 'suspended'];

test('nobody is sent a word they may not read, in HTML, text, subject and preheader; everybody some that they may', async () => {
  const judge = await walked();
  expect(judge.findings.slice(0, 10)).toEqual([]);
  expect(judge.silent(scene.visitors)).toEqual([]);
});

test('a subscriber without an account is sent what is public, and leads to the form that joins', async () => {
  const { recipientId } = scene.visitors.find(({ name }) => name === 'subscriber')!;
  const [slug] = scene.planted.published;
  const texts = (await dossier.app.letterFor(recipientId!, [scene.planted.ids[slug!]!]))!.join('\n');
  const met = scene.planted.canaries.all.filter(({ token }) => texts.includes(token));
  expect([met.length > 0, met.filter(({ rank }) => rank !== 0)]).toEqual([true, []]);
  expect(texts).toContain('https://join.invalid/');
});

test('a webhook is told what a visitor may read, and what it would be told besides is seen', async () => {
  const told = async () => {
    const judge = new LeakRecorder(scene.planted.canaries);
    await walkWebhooks(dossier.app.webhookBody, scene.planted, scene.visitors, judge);
    return judge;
  };
  const judge = await told();
  expect([judge.findings, judge.surfaces.get('webhooks')!.met.size > 0]).toEqual([[], true]);
  const leaky = new LeakRecorder(scene.planted.canaries);
  const gated = scene.planted.canaries.all.find(({ rank }) => rank !== 0)!;
  await walkWebhooks(() => Promise.resolve(gated.token), scene.planted, scene.visitors, leaky);
  expect(leaky.findings.length).toBeGreaterThan(0);
});

test('with the rule removed Postgres alone holds', async () => {
  withoutTheRule();
  expect((await walked(SOME)).findings).toEqual([]);
});

test('a letter that is put into words at another rank than its recipient has would be seen', async () => {
  withoutTheRule();
  signFor((viewer) => (viewer.role === 'reader' ? { ...viewer, rank: 1000 } : viewer));
  const judge = await walked(SOME);
  expect(new Set(judge.findings.map(({ visitor }) => visitor))).toEqual(
    new Set(['stranger', 'subscriber', 'circle', 'lapsed']),
  );
});

test('and so would one that reads as somebody else does', async () => {
  put('readSeveralAs', (actual, wall: never, _viewer: Viewer, ids: never) =>
    actual(wall, { role: 'preview', rank: 1000 }, ids),
  );
  withoutTheRule();
  expect((await walked(['circle'])).findings.length).toBeGreaterThan(0);
});
