import { exportBriefing } from '../../src/briefings/file/export';
import { fieldsOf, open, somebody, type Somebody } from '../admin/support';
import { ask, briefingIn } from '../support/api';
import { enter, type Member } from '../support/cast';
import { beginDraft, doAct, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

/** Impact, relevance and horizon are words of the publication's, in an order that readers see. */
let dossier: Dossier;
let admin: Somebody;
let editor: Member;
let id: string;

const page = (path = '/briefings/a-signal') => visit(`${dossier.url}${path}`);
const files = async () => Object.fromEntries((await exportBriefing(dossier.wall, 'a-signal'))!);
const act = async (path: string, typed: Record<string, string> = {}): Promise<Page> =>
  send(dossier, path, { ...fieldsOf(await open(dossier, admin, path)), ...typed }, { cookie: admin.cookie });
const make = (group: string, name: string) => act(`/admin/shape/${group}/new`, { 'name-en': name, 'name-es': '' });

/** What a scale is drawn as: its steps, with those that are on. */
const drawn = ({ html }: Page, scale: string): string =>
  html
    .querySelector(`section.glance .scale-${scale}`)!
    .querySelectorAll('rect, circle')
    .map((step) => (step.classList.contains('on') ? '+' : '-'))
    .join('');

async function publish(changes: Record<string, string>, acts: readonly string[] = ['keep']): Promise<void> {
  expect((await sendSheet(dossier, editor, await openSheet(dossier, editor, id), changes)).status).toBe(303);
  for (const one of acts) expect([one, (await doAct(dossier, editor, id, one)).status]).toEqual([one, 303]);
}

/** Sends a word's own form that moves it one place. */
async function move(group: string, slug: string, way: 'up' | 'down'): Promise<void> {
  const section = await open(dossier, admin, '/admin/shape');
  const path = `/admin/shape/${group}/${slug}/move`;
  const form = section.html
    .querySelectorAll(`form[action="${path}"]`)
    .find((one) => one.querySelector('[name="way"]')?.getAttribute('value') === way)!;
  const inputs = form.querySelectorAll('input').map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]);
  const answer = await send(dossier, path, Object.fromEntries(inputs) as Record<string, string>, {
    cookie: admin.cookie,
  });
  expect(answer.status).toBe(303);
}

beforeAll(async () => {
  dossier = await startDossier();
  [admin, editor] = [await somebody(dossier, 'admin'), await enter(dossier, 'editor')];
  id = (await beginDraft(dossier, 'a-signal')).split('/').at(-1)!;
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

test('a step that is made is the highest, and is written, drawn, filed, answered and found', async () => {
  expect((await make('impact', 'Very severe')).headers.get('location')).toContain('done=word-made');
  expect((await make('horizon', 'Decades')).status).toBe(303);
  await publish({ impact: 'very-severe', relevance: 'medium', horizon: 'decades' }, ['submit', 'publish']);
  const read = await page();
  expect(['impact', 'relevance', 'horizon'].map((scale) => drawn(read, scale))).toEqual(['++++', '++-', '---+']);
  expect(read.text).toContain('Very severe');
  const written = await files();
  expect(written['en.md']).toMatch(/\n {2}impact: very-severe\n[^]*\n {2}horizon: decades\n/);
  await dossier.take('a-signal', written);
  expect(await files()).toEqual(written);
  expect(briefingIn(await ask(`${dossier.url}/api/v1/briefings/a-signal`))).toMatchObject({ horizon: 'decades' });
  const narrowed = await ask(`${dossier.url}/api/v1/briefings?impact=very-severe`);
  expect(JSON.parse(narrowed.text)).toMatchObject({ items: [{ slug: 'a-signal', impact: 'very-severe' }] });
  expect((await ask(`${dossier.url}/api/v1/briefings?impact=severe`)).status).toBe(400);
  expect((await page('/search?impact=very-severe')).text).toContain('/briefings/a-signal');
});

test('another order is another drawing, and no other file', async () => {
  const before = await files();
  await move('impact', 'very-severe', 'up');
  expect(drawn(await page(), 'impact')).toBe('+++-');
  expect(await files()).toEqual(before);
  await move('impact', 'very-severe', 'down');
  expect(drawn(await page(), 'impact')).toBe('++++');
});

test('what is retired is no step any more, but for what says it; what is said is not deleted', async () => {
  expect((await act('/admin/shape/impact/low/retire')).status).toBe(303);
  expect(drawn(await page(), 'impact')).toBe('+++');
  expect((await act('/admin/shape/impact/very-severe/retire')).status).toBe(303);
  expect(drawn(await page(), 'impact')).toBe('+++');
  const refused = await open(dossier, admin, '/admin/shape/impact/very-severe/delete');
  expect(said(refused, '.form-error')).toContain('says it');
  await act('/admin/shape/impact/medium/retire');
  const last = await open(dossier, admin, '/admin/shape/impact/high/retire');
  expect(said(last, '.form-error')).toContain('the last one on offer');
  for (const slug of ['low', 'medium', 'very-severe'])
    expect((await act(`/admin/shape/impact/${slug}/offer`)).status).toBe(303);
});
