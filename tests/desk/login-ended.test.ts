import sharp from 'sharp';
import { editorialViewer, accountsViewer } from '../../src/access/viewer';
import { hashOfToken } from '../../src/accounts/credentials/link-tokens';
import { original, SPANISH } from '../support/briefing';
import { enterAll, logIn, type Member, type Name } from '../support/cast';
import { fieldsOf, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
let id: string;
const AGAIN = '.ended form';
const NOBODYS = '00000000-0000-4000-8000-000000000000';
/** What a browser keeps a year after a login, whether it ended or not. */
const DEVICE = `device=${'d'.repeat(43)}`;
const copies = () =>
  dossier.wall.read(editorialViewer, (db) => db.briefing.count({ where: { copyOf: { not: null } } }));

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  id = await idOf(dossier, 'a-signal');
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged).toEqual([]));

/** Somebody of the cast whose login ended after they opened their page. */
async function ended(name: 'editor' | 'admin' | 'circle'): Promise<Member> {
  const cookie = await logIn(dossier, cast[name].id!);
  const newest = await dossier.wall.read(accountsViewer, (db) =>
    db.login.findFirstOrThrow({
      where: { accountId: cast[name].id! },
      orderBy: { createdAt: 'desc' },
      select: { id: true },
    }),
  );
  await dossier.wall.write(accountsViewer, (db) =>
    db.login.update({ where: { id: newest.id }, data: { endedAt: new Date() } }),
  );
  return { ...cast[name], headers: { Cookie: cookie } };
}

const again = (page: Page, as: Member) =>
  send(dossier, page.html.querySelector(AGAIN)!.getAttribute('action')!, fieldsOf(page, AGAIN).toString(), {
    cookie: as.headers['Cookie']!,
  });

test('what was typed into the editor comes back word for word, is kept nowhere, and is saved when it is sent again', async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  const texts = {
    'title.en': 'A </textarea><script>alert(1)</script> "title" & more',
    'body.en': '\n\nTwo\n\n**paragraphs**',
    'trend.trend.text.es': 'GATED nuevo\n\n- texto',
    do: 'publish',
  };
  const page = await sendSheet(dossier, await ended('editor'), sheet, texts);
  expect([page.status, page.headers.get('cache-control'), said(page, 'h1')]).toEqual([
    401,
    'private, no-store',
    'Your login has ended',
  ]);
  const sent = new URLSearchParams(sheet.fields);
  for (const [name, value] of Object.entries(texts)) sent.set(name, value);
  expect([...fieldsOf(page, AGAIN)]).toEqual([...sent]);
  expect(page.html.querySelectorAll('script')).toEqual([]);
  const login = page.html.querySelector('.ended a')!;
  expect([login.getAttribute('href'), login.getAttribute('target'), login.getAttribute('rel')]).toEqual([
    '/login?next=%2Fdesk',
    '_blank',
    'noopener',
  ]);
  // No other link of the page leads away from it by way of the doors.
  expect(page.html.querySelectorAll('header a').map((one) => one.getAttribute('href'))).toEqual(['/']);
  expect(await copies()).toBe(0);

  const saved = await again(page, cast.editor);
  expect([saved.status, saved.headers.get('location')]).toEqual([303, `/desk/briefings/${id}/publish`]);
  const { fields } = await openSheet(dossier, cast.editor, id);
  expect([fields.get('title.en'), fields.get('body.en'), fields.get('trend.trend.text.es')]).toEqual([
    texts['title.en'],
    'Two\n\n**paragraphs**',
    texts['trend.trend.text.es'],
  ]);
});

test('sent again too early it is still there, and says so in Spanish', async () => {
  const first = await send(
    dossier,
    `/es/desk/briefings/${id}/corrections`,
    { submission: NOBODYS, 'correction.en': 'The figure was wrong.' },
    { cookie: DEVICE },
  );
  expect([first.status, said(first, 'h1'), first.html.querySelector('.ended a')!.getAttribute('href')]).toEqual([
    401,
    'Su sesión ha terminado',
    '/es/login?next=%2Fes%2Fdesk',
  ]);
  const second = await again(first, { ...cast.editor, headers: { Cookie: DEVICE } });
  expect([second.status, second.text]).toEqual([401, first.text]);
});

test('the page is the same whether what the address names is there or not', async () => {
  const answers = await Promise.all(
    [id, NOBODYS].map(async (one) =>
      (await send(dossier, `/desk/briefings/${one}`, { 'title.en': 'mine' }, { cookie: DEVICE })).text.replaceAll(
        one,
        'ID',
      ),
    ),
  );
  expect(answers[0]).toBe(answers[1]);
  expect(answers[0]).toContain('mine');
});

test('a cover keeps what was said of it; its file must be chosen again', async () => {
  const form = new FormData();
  form.set('version', 'x');
  form.set('cover-alt.en', 'Typed <here>');
  const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  form.set('picture', new Blob([new Uint8Array(bytes)]), 'SECRETNAME.png');
  const to = (cookie: string, body: FormData) =>
    visit(`${dossier.url}/desk/briefings/${id}/cover`, {
      method: 'POST',
      body,
      headers: { Cookie: cookie, Origin: dossier.url },
    });
  const page = await to(DEVICE, form);
  expect([page.status, page.html.querySelector(AGAIN)!.getAttribute('enctype'), said(page, '.dek')]).toEqual([
    401,
    'multipart/form-data',
    expect.stringContaining('choose the file again'),
  ]);
  expect(Object.fromEntries(fieldsOf(page, AGAIN))).toEqual({ version: 'x', 'cover-alt.en': 'Typed <here>' });
  expect(page.html.querySelectorAll(`${AGAIN} input[type=file]`).map((one) => one.getAttribute('name'))).toEqual([
    'picture',
  ]);
  expect(page.text).not.toContain('SECRETNAME');
  form.set('picture', new Blob([]), '');
  expect((await to(DEVICE, form)).html.querySelector('input[type=file]')).toBeNull();
});

test('an action of the admin sections is kept too', async () => {
  const page = await send(
    dossier,
    `/admin/members/${cast.circle.id!}/comp?tier=leadership-alliance`,
    { reason: 'They wrote "the best" letter.' },
    { cookie: (await ended('admin')).headers['Cookie']! },
  );
  expect([page.status, page.html.querySelector('.ended a')!.getAttribute('href')]).toEqual([
    401,
    '/login?next=%2Fadmin',
  ]);
  expect(page.html.querySelector(AGAIN)!.getAttribute('action')).toMatch(
    new RegExp(`^/admin/members/${cast.circle.id!}/comp\\?tier=leadership-alliance&(?:amp;)?typed-by=[\\w-]{16}$`),
  );
  expect(Object.fromEntries(fieldsOf(page, AGAIN))).toEqual({ reason: 'They wrote "the best" letter.' });
});

test('whoever logs in comes back to the page of the form; another account that sends it carries nothing out and sees none of it', async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  const sent = new URLSearchParams(sheet.fields);
  sent.set('title.en', 'Typed by the editor');
  const cookie = (await ended('editor')).headers['Cookie']!;
  const from = `${dossier.url}/desk/briefings/${id}?done=saved`;
  const page = await send(dossier, `/desk/briefings/${id}`, sent.toString(), { cookie, headers: { Referer: from } });
  expect(page.html.querySelector('.ended a')!.getAttribute('href')).toBe(
    `/login?next=${encodeURIComponent(`/desk/briefings/${id}`)}`,
  );
  const before = await copies();
  const other = await again(page, cast.admin);
  expect([other.status, said(other, 'h1'), other.text.includes('Typed by')]).toEqual([
    409,
    'Somebody else is logged in now',
    false,
  ]);
  // Sent too early it still knows whose it is, though the session does not any more.
  const early = await again(page, { ...cast.editor, headers: { Cookie: DEVICE } });
  expect([early.status, (await again(early, cast.admin)).status, await copies()]).toEqual([401, 409, before]);
  expect((await again(early, cast.editor)).status).toBe(303);
  expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('Typed by the editor');
});

test('what a member typed into a form of their account comes back too; a password and a payment do not', async () => {
  const member = await ended('circle');
  const post = (path: string, fields: Record<string, string>, referer?: string) =>
    send(dossier, path, fields, {
      cookie: `${member.headers['Cookie']!}; ${DEVICE}`,
      headers: referer === undefined ? {} : { Referer: referer },
    });
  const page = await post(
    '/es/account/profile',
    { name: 'Ñandú «Ruiz»', lang: 'es' },
    `${dossier.url}/es/account/profile`,
  );
  expect([page.status, said(page, 'h1'), Object.fromEntries(fieldsOf(page, AGAIN))]).toEqual([
    401,
    'Su sesión ha terminado',
    { name: 'Ñandú «Ruiz»', lang: 'es' },
  ]);
  expect(page.html.querySelector('.ended a')!.getAttribute('href')).toBe('/es/login?next=%2Fes%2Faccount%2Fprofile');
  expect((await again(page, cast.circle)).headers.get('location')).toMatch(/^\/es\/account\/profile\?done=/);
  const email = await post('/account/email', { email: 'new@example.org', current: 'SECRETWORD' });
  expect([email.status, email.text.includes('new@example.org'), email.text.includes('SECRETWORD')]).toEqual([
    401,
    true,
    false,
  ]);
  for (const [path, fields, referer, next] of [
    [
      '/account/password',
      { current: 'SECRETWORD', 'new-password': 'SECRETWORD' },
      '/account/security',
      '/account/security',
    ],
    [
      '/account/billing/plan',
      { subscription: 'sub_x', to: 'year', date: '1' },
      '/account/billing/plan',
      '/account/billing/plan',
    ],
    ['/account/export', { 'export-current': 'SECRETWORD' }, '/desk', '/account'],
  ] as const) {
    const answer = await post(path, fields, `${dossier.url}${referer}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/login?next=${encodeURIComponent(next)}`]);
  }
  const foreign = await post('/account/password', {}, 'https://evil.example/account/security');
  expect(foreign.headers.get('location')).toBe('/login?next=%2Faccount%2Fsecurity');
});

test('a long form comes back where its route says so, to a browser that somebody of the desk has logged in with', async () => {
  const deviceOf = async (name: 'editor' | 'circle') => {
    const device = name[0]!.repeat(43);
    const row = { accountId: cast[name].id!, hash: hashOfToken(device), lastSeenAt: new Date() };
    await dossier.wall.write(accountsViewer, (db) => db.knownDevice.create({ data: row }));
    return `device=${device}`;
  };
  const long = 'As long as an article, and longer. '.repeat(2_000);
  const to = async (cookie: string, path = `/desk/briefings/${id}`) => {
    const page = await send(dossier, path, { 'body.en': long }, { cookie });
    return [page.status, page.text.includes(long)];
  };
  const [editors, circles] = [await deviceOf('editor'), await deviceOf('circle')];
  expect(await to(editors)).toEqual([401, true]);
  expect(await to(editors, `/es/desk/briefings/${id}`)).toEqual([401, true]);
  expect(await to((await ended('editor')).headers['Cookie']!)).toEqual([401, true]);
  for (const cookie of [circles, DEVICE]) expect(await to(cookie)).toEqual([303, false]);
  for (const path of ['/desk/x', '/desk/briefings', '/admin/audit/export'])
    expect(await to(editors, path)).toEqual([303, false]);
});

describe('what stays as it was', () => {
  const path = () => `/desk/briefings/${id}`;
  test.each<[string, string, () => Promise<Page>]>([
    ['never logged in here', '/login?next=%2Fdesk', () => send(dossier, path(), { 'title.en': 'mine' })],
    [
      'never logged in, in the admin sections',
      '/login?next=%2Fadmin',
      () => send(dossier, '/admin/members/export', { reason: 'mine' }),
    ],
    [
      'more than the editor may have',
      '/login?next=%2Fdesk',
      () => send(dossier, path(), { 'title.en': 'mine'.repeat(1024 * 1024) }, { cookie: DEVICE }),
    ],
    [
      'more fields than it may have',
      '/login?next=%2Fdesk',
      () => send(dossier, path(), 'a=mine&'.repeat(5_001), { cookie: DEVICE }),
    ],
    [
      'more than an action may have',
      '/login?next=%2Fadmin',
      () => send(dossier, '/admin/members/export', { reason: 'mine'.repeat(5_000) }, { cookie: DEVICE }),
    ],
    [
      'files that are none',
      '/login?next=%2Fdesk',
      () =>
        send(dossier, path(), 'mine', {
          cookie: DEVICE,
          headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        }),
    ],
  ])('%s', async (_name, location, ask) => {
    const page = await ask();
    expect([page.status, page.headers.get('location'), page.text.includes('mine')]).toEqual([303, location, false]);
  });

  test('a script is told in its own words, a reader that there is no desk, another origin nothing', async () => {
    const cookie = DEVICE;
    const script = await send(
      dossier,
      path(),
      { 'title.en': 'mine' },
      { cookie, headers: { Accept: 'application/json' } },
    );
    expect([script.status, script.text]).toEqual([401, '{"outcome":"logged-out"}']);
    expect(
      (await send(dossier, path(), { 'title.en': 'mine' }, { cookie: cast.alliance.headers['Cookie']! })).status,
    ).toBe(404);
    const foreign = await send(
      dossier,
      path(),
      { 'title.en': 'mine' },
      { cookie, headers: { Origin: 'https://evil.example' } },
    );
    expect([foreign.status, foreign.text.includes('mine')]).toEqual([403, false]);
  });

  test('a password is never sent back', async () => {
    const page = await send(
      dossier,
      path(),
      { 'title.en': 'kept', password: 'SECRETWORD', 'new-password': 'SECRETWORD', code: 'SECRETWORD' },
      { cookie: DEVICE },
    );
    expect([page.text.includes('kept'), page.text.includes('SECRETWORD')]).toEqual([true, false]);
  });
});
