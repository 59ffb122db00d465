import { accountsViewer } from '../../src/access/viewer';
import { anyEmail, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { fieldsOf } from '../support/desk';
import { saying, writePage } from '../support/own-pages';
import { said, visit, type Page } from '../support/page';

/** Which version of the terms somebody has accepted: what their form has shown. */
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
});
afterAll(() => dossier.stop());

const JOIN = '/join/strategy-circle';
const see = (path: string, cookie = '') => visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });
const where = ({ headers }: Page) => headers.get('location');
const accepted = (email: string) =>
  dossier.wall.read(accountsViewer, async (db) =>
    (
      await db.acceptance.findMany({
        where: { account: { email } },
        include: { page: true },
        orderBy: { acceptedAt: 'asc' },
      })
    ).map(({ page, version, revision, way }) => `${page.slug} ${version} (${revision}) ${way}`),
  );

async function join(shown: Page): Promise<{ email: string; cookie: string }> {
  const email = anyEmail();
  const fields = fieldsOf(shown, 'form.form');
  for (const [name, value] of Object.entries({ name: 'A Reader', email, password: PASSWORD })) fields.set(name, value);
  const answer = await send(dossier, JOIN, fields.toString());
  expect(answer.status).toBe(303);
  return { email, cookie: cookiesOf(answer) };
}

test('before there are terms nothing is shown, and nothing noted', async () => {
  const page = await see(JOIN);
  expect(page.html.querySelector('.consent')).toBeNull();
  const { email } = await join(page);
  expect(await accepted(email)).toEqual([]);
});

test('what the form has shown is noted, whatever comes out while it is filled in', async () => {
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms one' }) });
  await writePage(dossier, 'privacy', { content: saying({ en: 'Privacy one' }) });
  const page = await see(JOIN);
  expect(page.html.querySelectorAll('.consent a').map((one) => one.getAttribute('href'))).toEqual([
    '/terms/versions/1',
    '/privacy/versions/1',
  ]);
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms one, put right' }), change: 'correction' });
  const { email } = await join(page);
  expect(await accepted(email)).toEqual(['terms 1 (1) join', 'privacy 1 (1) join']);
  // What readers never had is not noted, whoever makes it up.
  const made = await see(JOIN);
  made.html.querySelector('input[name=accepted]')!.setAttribute('value', 'terms:9.9 imprint:1.1 nonsense privacy:1.1');
  expect(await accepted((await join(made)).email)).toEqual(['privacy 1 (1) join']);
});

test('a new version that members are asked for is asked once, before they read on and before nothing else', async () => {
  const { email, cookie } = await join(await see(JOIN));
  expect((await see('/search?q=x', cookie)).status).toBe(200);
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms two' }), change: 'version' });
  expect((await see('/search?q=x', cookie)).status).toBe(200);
  await writePage(dossier, 'terms', { content: saying({ en: 'Terms three' }), change: 'asked' });
  // Also where the page is kept for members.
  for (let time = 0; time < 2; time++) {
    const asked = await see('/search?q=x', cookie);
    expect([asked.status, where(asked)]).toEqual([303, '/account/accept?next=%2Fsearch%3Fq%3Dx']);
  }
  for (const path of ['/account', '/account/data', '/terms', '/terms/versions/3', '/pricing', '/contact', '/feed.xml'])
    expect([path, (await see(path, cookie)).status]).toEqual([path, 200]);
  expect((await see('/search?q=x')).status).toBe(200);
  const page = await see('/account/accept?next=%2Fsearch%3Fq%3Dx', cookie);
  expect(page.html.querySelectorAll('.consent a').map((one) => one.text)).toEqual(['Terms three, version 3']);
  const answer = await send(dossier, '/account/accept', fieldsOf(page, 'form.form').toString(), { cookie });
  expect([answer.status, where(answer)]).toEqual([303, '/search?q=x']);
  expect((await see('/search?q=x', cookie)).status).toBe(200);
  expect((await accepted(email)).at(-1)).toBe('terms 3 (4) visit');
  // No way to another house, and nothing is asked of whoever owes nothing.
  const away = await send(dossier, '/account/accept', { accepted: '', next: 'https://evil.example/' }, { cookie });
  expect(where(away)).toBe('/');
  expect(where(await see('/account/accept?next=/search', cookie))).toBe('/search');
});

test('it goes with the account, and is in its export', async () => {
  const { email, cookie } = await join(await see(JOIN));
  const file = await send(dossier, '/account/export', { 'export-current': PASSWORD }, { cookie });
  const { acceptances } = JSON.parse(file.text) as { acceptances: { document: string; version: number }[] };
  expect(acceptances.map(({ document, version }) => `${document} ${version}`)).toEqual(['terms 3', 'privacy 1']);
  const gone = await send(dossier, '/account/delete', { email, current: PASSWORD }, { cookie });
  expect(said(await see(where(gone)!), 'h1')).toBeTruthy();
  expect(await accepted(email)).toEqual([]);
});
