import { accountsViewer, adminViewer } from '../../src/access/viewer';
import { fieldsOf, open, somebody, type Somebody } from '../admin/support';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  dossier = await startDossier();
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());
afterEach(() =>
  dossier.wall.write(adminViewer, async (db) => {
    await db.siteSetting.deleteMany({});
    await db.phrase.deleteMany({});
  }),
);

const at = (path: string) => visit(`${dossier.url}${path}`);
const section = (path: string) => open(dossier, admin, path);
const post = (path: string, form: Record<string, string>) => send(dossier, path, form, { cookie: admin.cookie });
/** Goes to the page that asks, and means it. */
async function mean(path: string): Promise<Page> {
  const asked = await section(path);
  expect(asked.status).toBe(200);
  return post(path.split('?')[0]!, fieldsOf(asked));
}
const audited = (action: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findFirst({ where: { action }, orderBy: [{ at: 'desc' }, { id: 'desc' }] }),
  );
const phrase = (lang: string, key: string) => `/admin/settings/phrases/edit?lang=${lang}&key=${key}`;
const saying = async (lang: string, key: string, texts: Record<string, string>) => {
  const form = { ...fieldsOf(await section(phrase(lang, key))), ...texts };
  return { form, answer: await post('/admin/settings/phrases/edit', form) };
};

test('another first language is previewed with the addresses that move, and in force on the next request', async () => {
  const list = await section('/admin/settings/languages');
  expect(list.html.querySelectorAll('tbody tr th').map((one) => one.text.trim().split(/\s+/)[0])).toEqual([
    'English',
    'Spanish',
  ]);
  const asked = await section('/admin/settings/languages/change?change=first&code=es');
  expect(
    asked.html.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td').map((cell) => cell.text)),
  ).toEqual([
    ['/es/pricing', '/pricing'],
    ['/pricing', '/en/pricing'],
  ]);
  expect(asked.html.querySelectorAll('.points li')).toHaveLength(4);
  const done = await mean('/admin/settings/languages/change?change=first&code=es');
  expect([done.status, done.headers.get('location')]).toEqual([
    303,
    '/en/admin/settings/languages?done=setting-changed',
  ]);
  expect((await at('/')).html.querySelector('html')?.getAttribute('lang')).toBe('es');
  expect((await at('/es/pricing')).headers.get('location')).toBe('/pricing');
  expect(await audited('setting-changed')).toMatchObject({ targetId: 'languages' });
  // Whoever had opened the form before is asked again.
  const late = await post('/admin/settings/languages/change', {
    ...fieldsOf(asked),
    change: 'off',
    code: 'en',
  });
  expect(late.status).toBe(409);
  await mean('/en/admin/settings/languages/change?change=first&code=en');
  expect((await at('/es')).status).toBe(200);
});

test('a language is added with nothing of its own, off again, and removed; a slip of the finger is none', async () => {
  for (const [code, wrong] of [
    ['api', true],
    ['zzz', true],
    ['EN', true],
    ['es', true],
    ['<b>', true],
    ['he', false],
  ] as const) {
    const page = await section(`/admin/settings/languages/change?change=add&code=${encodeURIComponent(code)}&dir=`);
    expect([code, page.status]).toEqual([code, wrong ? 422 : 200]);
    if (wrong) {
      expect(page.html.querySelector('#code')?.getAttribute('value')).toBe(code);
      expect(page.html.querySelector('#code-error')).not.toBeNull();
    }
  }
  await mean('/admin/settings/languages/change?change=add&code=he&dir=');
  const page = await at('/he/pricing');
  expect(page.html.querySelector('html')?.attributes).toEqual({ lang: 'he', dir: 'rtl' });
  expect(page.html.querySelector('h1 span[lang=en][dir=ltr]')).not.toBeNull();
  expect((await section('/admin/settings/languages/change?change=remove&code=he')).status).toBe(422);
  await mean('/admin/settings/languages/change?change=off&code=he');
  expect((await at('/he/pricing')).headers.get('location')).toBe('/pricing');
  await mean('/admin/settings/languages/change?change=remove&code=he');
  expect((await at('/he/pricing')).status).toBe(404);
});

test('a phrase is said in words of one’s own, escaped and with its placeholders, and as delivered again', async () => {
  const { answer } = await saying('en', 'nav.join', { text: '<b>Come in</b> & read' });
  expect(answer.headers.get('location')).toContain('done=phrase-changed');
  expect((await at('/')).html.querySelector('.top-who a.pill')?.innerHTML).toBe(
    '&lt;b&gt;Come in&lt;/b&gt; &amp; read',
  );
  expect(await audited('phrase-changed')).toMatchObject({
    targetId: 'en nav.join',
    before: { phrase: 'Join' },
    after: { phrase: '<b>Come in</b> & read' },
  });

  for (const [text, says] of [
    ['Nothing is left of it', '{title}'],
    ['{title} {site} {who}', '{who}'],
    ['', 'write something'],
    ['{title} {site}\u0007', 'cannot be seen'],
    [`{title} {site}${'x'.repeat(2_000)}`, '2,000'],
  ] as const) {
    const { answer: wrong } = await saying('en', 'title.page', { text });
    expect(wrong.status).toBe(422);
    expect(said(wrong, '#text-error')).toContain(says);
    expect(wrong.html.querySelector('#text')?.text.trim()).toBe(text.trim());
  }
  expect(
    (await saying('en', 'kind.count.passages', { 'text-one': 'A single passage', 'text-other': 'no number' })).answer
      .status,
  ).toBe(303);

  // One form is carried out once, and one that was filled in against other words asks again.
  const { form, answer: first } = await saying('es', 'nav.join', { text: 'Entrar' });
  expect([first.status, (await post('/admin/settings/phrases/edit', form)).status]).toEqual([303, 303]);
  const other = { ...form, submission: '00000000-0000-4000-8000-000000000001', text: 'Pasar' };
  expect((await post('/admin/settings/phrases/edit', other)).status).toBe(409);

  const page = await section(phrase('en', 'nav.join'));
  const reset = page.html.querySelectorAll('main form').at(-1)!;
  const fields = reset
    .querySelectorAll('input')
    .map((one): [string, string] => [one.getAttribute('name')!, one.getAttribute('value')!]);
  expect((await post('/admin/settings/phrases/edit', Object.fromEntries<string>(fields))).status).toBe(303);
  expect(said(await at('/'), '.top-who a.pill')).toBe('Join');
});

test('phrases are found by their words, by where they are said, and by what is missing, page by page', async () => {
  const keys = (page: Page) => page.html.querySelectorAll('tbody .dense-under').map((one) => one.text);
  expect(keys(await section('/admin/settings/phrases?lang=en&words=nav.join'))).toContain('nav.join');
  const letters = keys(await section('/admin/settings/phrases?lang=es&section=letters'));
  expect(letters.every((key) => key.startsWith('letter.'))).toBe(true);
  expect(letters).toHaveLength(50);
  expect(keys(await section('/admin/settings/phrases?lang=es&section=letters&page=2'))).not.toContain(letters[0]);
  expect(said(await section('/admin/settings/phrases?lang=es&state=missing'), '.empty')).not.toBeNull();
  await saying('es', 'nav.join', { text: 'Entrar' });
  expect(keys(await section('/admin/settings/phrases?lang=es&state=own'))).toEqual(['nav.join']);
});

test('the time zone is previewed and changes what is shown; what is scheduled stays where it is', async () => {
  const asked = await section('/admin/settings/time?zone=America%2FNew_York&dates=iso');
  expect(
    asked.html
      .querySelectorAll('tbody tr')[0]!
      .querySelectorAll('td')
      .map((cell) => cell.text),
  ).toEqual(['UTC', 'America/New_York']);
  await mean('/admin/settings/time?zone=America%2FNew_York&dates=iso');
  expect(said(await section('/admin/audit'), 'main time')).toMatch(/^\d{4}-\d\d-\d\d, \d\d:\d\d (EST|EDT)$/);
  expect((await section('/admin/settings/time?zone=%2B02%3A00&dates=iso')).status).toBe(422);
});

const undoLinks = (page: Page) =>
  page.html.querySelectorAll('.setting-history a').map((one) => one.getAttribute('href')!.replaceAll('&amp;', '&'));

test('another first language is taken back, and every address leads on as it did before', async () => {
  await mean('/admin/settings/languages/change?change=first&code=es');
  await mean('/en/admin/settings/languages/change?change=add&code=he&dir=');
  const list = await section('/en/admin/settings/languages');
  expect(
    list.html
      .querySelectorAll('.setting-history li')[1]!
      .querySelector('dd')!
      .text.trim()
      .split(/\s{2,}|\n/),
  ).toEqual([expect.stringMatching(/^(as delivered|English, Spanish) ?Spanish, English$/)]);
  const [, undo] = undoLinks(list);
  const asked = await section(undo!);
  expect(said(asked, '.file-head')).toContain('before the change of');
  expect(said(asked, '.points')).toContain('One that was added since stays, switched off.');
  expect(said(asked, '.points')).toContain('English takes the addresses without a prefix');
  expect(
    asked.html.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td').map((cell) => cell.text)),
  ).toEqual([
    ['/en/pricing', '/pricing'],
    ['/pricing', '/es/pricing'],
    ['/he/pricing', 'No page'],
  ]);
  const form = fieldsOf(asked);
  const done = await post('/en/admin/settings/languages/change', form);
  expect([done.status, done.headers.get('location')]).toEqual([303, '/admin/settings/languages?done=setting-changed']);
  const leads = async (path: string) => {
    const { status, headers, html } = await at(path);
    return [status, headers.get('location') ?? html.querySelector('html')?.getAttribute('lang')];
  };
  expect(await leads('/pricing')).toEqual([200, 'en']);
  expect(await leads('/es/pricing')).toEqual([200, 'es']);
  expect(await leads('/en/pricing')).toEqual([301, '/pricing']);
  expect(await leads('/he/pricing')).toEqual([302, '/pricing']);
  expect((await at('/en/pricing')).headers.get('cache-control')).toMatch(/no-(store|cache)/);
  const canonical = (await at('/es/pricing')).html;
  expect(canonical.querySelector('link[rel=canonical]')!.getAttribute('href')).toMatch(/\/es\/pricing$/);
  expect(canonical.querySelector('link[hreflang=en]')!.getAttribute('href')).toMatch(/[^n]\/pricing$/);
  // Sent again it is the same change; what it would undo is undone already; there is none of that id.
  expect((await post('/admin/settings/languages/change', form)).status).toBe(303);
  expect((await section(undo!.replace('/en', ''))).status).toBe(422);
  for (const id of ['', 'x', '00000000-0000-4000-8000-000000000001'])
    expect((await section(`/admin/settings/languages/change?change=restore&restore=${id}`)).status).toBe(404);
});

test('time zone and style of dates are taken back from the list of their changes', async () => {
  await mean('/admin/settings/time?zone=Asia%2FTokyo&dates=iso');
  const asked = await section('/admin/settings/time');
  const last = asked.html.querySelector('.setting-history li')!;
  expect(last.querySelectorAll('dd').map((one) => one.text.replace(/\s+/g, ' ').trim())).toContain('UTC Asia/Tokyo');
  const undo = await section(undoLinks(asked)[0]!);
  expect(said(undo, '.file-head')).toContain('before the change of');
  expect(fieldsOf(undo)).toMatchObject({ zone: 'UTC', dates: 'language' });
  expect((await post('/admin/settings/time', fieldsOf(undo))).status).toBe(303);
  expect(undoLinks(await section('/admin/settings/time'))).toHaveLength(
    undoLinks(asked).length + (undoLinks(asked).length < 10 ? 1 : 0),
  );
  expect(said(await section('/admin/settings/time'), '.file-head h2')).toBe('UTC');
});
