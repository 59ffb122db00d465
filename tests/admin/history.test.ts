import { original } from '../support/briefing';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original() });
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const section = (path: string) => open(dossier, admin, path);

/** What the form of a page would send, its texts and choices too. */
function typedIn({ html }: Page): Record<string, string> {
  const form = html.querySelector('main form.section-form[method=post], main .file-body > form[method=post]')!;
  const inputs = form.querySelectorAll('input:not([type=radio]), textarea, select').map((field) => {
    const chosen = field.querySelector('option[selected]')?.getAttribute('value');
    const value = field.tagName === 'TEXTAREA' ? field.text.replace(/^\n/, '') : field.getAttribute('value');
    return [field.getAttribute('name')!, chosen ?? value ?? ''];
  });
  const chosen = form.querySelectorAll('input[type=radio][checked]');
  return Object.fromEntries([
    ...inputs,
    ...chosen.map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
  ]) as Record<string, string>;
}

/** Opens the page that asks, and means it with what is changed. */
async function act(path: string, changes: Readonly<Record<string, string>> = {}): Promise<Page> {
  const asked = await section(path);
  expect([path, asked.status]).toEqual([path, 200]);
  const to = asked.html.querySelector('main .file-body form[method=post]')!.getAttribute('action')!;
  const answer = await send(dossier, to, { ...typedIn(asked), ...changes }, { cookie: admin.cookie });
  expect([path, answer.status, said(answer, '.form-error, .field-error')]).toEqual([path, 303, null]);
  return asked;
}

const line = ({ html }: Page) => html.querySelector('.setting-history > li')!;
/** Where the newest change of a room leads to be undone. */
const undoIn = async (path: string) =>
  line(await section(path))
    .querySelector('a')
    ?.getAttribute('href') ?? null;
const cellOf = (page: Page, slug: string) =>
  page.html.querySelectorAll('tbody tr').find((one) => one.querySelector('.dense-under')?.text === slug);
const typesNow = async () =>
  (await section('/admin/shape')).html
    .querySelectorAll('[aria-labelledby=shape-types] tbody tr .dense-name')
    .map((one) => one.text);

test('a word that was renamed, moved, retired, made or deleted is as before with an undo', async () => {
  expect((await section('/admin/shape')).html.querySelector('.setting-history')).toBeNull();
  const before = await typesNow();
  const [first] = before;

  await act('/admin/shape/types/signal/names', { 'name-en': 'Beacon', 'name-es': '' });
  expect(line(await section('/admin/shape')).text).toContain('Renamed a word of the shape');
  expect(line(await section('/admin/shape')).text).toContain(admin.email);
  const renamed = (await undoIn('/admin/shape'))!;
  expect((await section(renamed)).text).toContain('It is not saved yet');
  await act(renamed);
  expect(await typesNow()).toEqual(before);
  expect(cellOf(await section('/admin/shape'), 'signal')!.text).toContain('Informe de señal');

  const down = (await section('/admin/shape')).html.querySelector('form[action="/admin/shape/types/signal/move"]')!;
  const sentBy = (form: typeof down) =>
    Object.fromEntries(
      form.querySelectorAll('input').map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
    );
  const pressed = { cookie: admin.cookie };
  await send(dossier, down.getAttribute('action')!, sentBy(down), pressed);
  expect(await typesNow()).not.toEqual(before);
  const back = line(await section('/admin/shape')).querySelector('form')!;
  expect(sentBy(back)['place']).toBe(String(before.indexOf(first!) + 1));
  await send(dossier, back.getAttribute('action')!, sentBy(back), pressed);
  expect(await typesNow()).toEqual(before);

  await act('/admin/shape/types/signal/retire');
  expect(await undoIn('/admin/shape')).toBe('/admin/shape/types/signal/offer');
  await act('/admin/shape/types/signal/offer');
  expect(await undoIn('/admin/shape')).toBe('/admin/shape/types/signal/retire');
});

test('a kind that was deleted comes back with its names, and opens to nobody but the tier that is chosen', async () => {
  const made = { 'name-en': 'Tide tables', 'long-en': 'The tide tables', 'passage-shape': 'per-source' };
  await act('/admin/shape/kinds/new', { ...made, tier: 'leadership-alliance' });
  expect(await undoIn('/admin/shape')).toBe('/admin/shape/kinds/tide-tables/delete');
  await act('/admin/shape/kinds/tide-tables/delete');
  expect(cellOf(await section('/admin/shape'), 'tide-tables')).toBeUndefined();
  const again = await section((await undoIn('/admin/shape'))!);
  expect(typedIn(again)).toMatchObject({ slug: 'tide-tables', ...made });
  await act((await undoIn('/admin/shape'))!, { tier: 'strategy-circle' });
  const made1 = cellOf(await section('/admin/shape'), 'tide-tables')!.text.replace(/\s+/g, ' ');
  expect(made1).toContain('Strategy Circle');
  await act('/admin/shape/kinds/tide-tables/delete');
  // What is about something else is nothing to undo.
  expect(
    typedIn(
      await section(`/admin/shape/types/new?restore=${/restore=(.*)$/.exec((await undoIn('/admin/shape'))!)![1]}`),
    ),
  ).toMatchObject({ 'name-en': '' });
});

/** What anybody reads of it. */
const page = async () => said(await visit(`${dossier.url}/briefings/a-signal`), 'main');

test('what a tier or the matrix opened is closed again on the page that says to whom', async () => {
  // Whom it concerns.
  await somebody(dossier);
  const before = await page();
  await act('/admin/tiers/leadership-alliance/order?below=public', { reason: 'a test' });
  const moved = (await undoIn('/admin/tiers'))!;
  expect(moved).toBe('/admin/tiers/leadership-alliance/order?below=strategy-circle');
  const asked = await act(moved, { reason: 'back' });
  expect(asked.html.querySelector('.points')!.text).toMatch(/1 passage in 1 published briefing: 1 member/);
  expect(await page()).toEqual(before);
  expect(await undoIn('/admin/tiers')).toBe('/admin/tiers/leadership-alliance/order?below=public');

  await act('/admin/matrix/change?evidence=public', { public: 'yes', reason: 'a test' });
  expect(await page()).not.toEqual(before);
  const opened = (await undoIn('/admin/matrix'))!;
  expect(opened).toBe('/admin/matrix/change?evidence=leadership-alliance');
  await act(opened, { reason: 'back' });
  expect(await page()).toEqual(before);
  // What opens passages to everybody asks for a tick besides, undone or not.
  const asksForMore = await section((await undoIn('/admin/matrix'))!);
  expect(asksForMore.html.querySelector('input[name=public][type=checkbox]')).not.toBeNull();
});

test('the texts of a tier, its way in and the tier itself come back', async () => {
  const texts = '/admin/tiers/strategy-circle/texts';
  const typed = typedIn(await section(texts));
  const look = { ...typed, 'name-en': 'The Outer Circle', 'benefits-en': 'One\nTwo' };
  const seen = await send(dossier, texts, look, { cookie: admin.cookie });
  expect((await send(dossier, texts, { ...typedIn(seen), step: 'save' }, { cookie: admin.cookie })).status).toBe(303);
  const worded = typedIn(await section((await undoIn('/admin/tiers'))!));
  expect([worded['name-en'], worded['benefits-en']]).toEqual([typed['name-en'], typed['benefits-en']]);

  const query = 'name=Harbour+Desk&below=strategy-circle&joining=invitation&emblem=ring';
  await act(`/admin/tiers/new?${query}`);
  await act('/admin/tiers/harbour-desk/joining?joining=paid', { reason: 'a test' });
  expect(await undoIn('/admin/tiers')).toBe('/admin/tiers/harbour-desk/joining?joining=invitation');
  await act((await undoIn('/admin/tiers'))!, { reason: 'back' });
  await act('/admin/tiers/harbour-desk/delete', { reason: 'a test' });
  await act((await undoIn('/admin/tiers'))!);
  const heads = (await section('/admin/tiers')).html.querySelectorAll('.tier-head > span').map((one) => one.text);
  expect(heads).toContain('Harbour Desk');
  expect(await undoIn('/admin/tiers')).toBe('/admin/tiers/harbour-desk/delete');
});

test('a phrase is said as before, its plural forms one by one', async () => {
  const at = (key: string) => `/admin/settings/phrases/edit?lang=en&key=${key}`;
  await act(at('nav.pricing'), { text: 'What it costs' });
  await act(at('nav.pricing'), { text: 'What one pays' });
  for (const path of [at('nav.pricing'), '/admin/settings/phrases?lang=en']) {
    const undone = await section((await undoIn(path))!);
    expect(undone.html.querySelector('textarea')!.text.trim()).toBe('What it costs');
  }
  expect((await section('/admin/settings/phrases?lang=es')).html.querySelector('.setting-history')).toBeNull();
  await act((await undoIn(at('nav.pricing')))!);
  expect((await visit(dossier.url)).text).toContain('What it costs');

  const plural = at('admin.matrix.count.passages');
  const [one, other] = ['{n} single text', '{n} texts'];
  await act(plural, { 'text-one': one, 'text-other': other });
  await act(plural, { 'text-one': '{n} x', 'text-other': '{n} y' });
  const typed = typedIn(await section((await undoIn(plural))!));
  expect([typed['text-one'], typed['text-other']]).toEqual([one, other]);
});
