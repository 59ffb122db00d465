import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { Client } from 'pg';
import { accountsViewer, adminViewer, editorialViewer, visitor } from '../../src/access/viewer';
import { makeAdmin } from '../../src/admin/make-admin';
import { announceSetup } from '../../src/setup/announce';
import { keepDraft, makeFirstAdmin } from '../../src/setup/first-admin';
import { issueSetupLink, openLink } from '../../src/setup/link';
import { ran } from '../support/command';
import { cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let other: Dossier;
let mail: MailServer;
beforeEach(async () => {
  mail = await startMailServer();
  dossier = await startDossier({ setup: true, smtpUrl: mail.url });
  other = await startDossier({ on: dossier.urls, setup: true });
});
afterEach(async () => {
  await other.stop();
  await dossier.stop();
  await mail.stop();
});

const at = (path: string, cookie?: string, of = dossier) =>
  visit(`${of.url}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
const makeLink = (now = new Date()) => dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, now));
/** Opens a link by its button, and answers with the cookie of whoever has. */
async function opened(of = dossier): Promise<string> {
  const token = (await makeLink())!;
  const answer = await send(of, '/setup', { token });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/setup/publication']);
  return cookiesOf(answer);
}
const PUBLICATION = {
  name: 'Basel Biotech',
  tagline: 'Read first.',
  first: 'en',
  zone: 'Europe/Zurich',
  currency: 'chf',
};
const ADA = { name: 'Ada Admin', email: 'ada@house.example', password: PASSWORD };
const codeOn = (page: Page) =>
  new TOTP({ secret: Secret.fromBase32(said(page, '.secret code')!.replace(/\s/g, '')) }).generate();
/** From the open link to the recovery codes. */
async function madeAdmin(cookie: string, of = dossier): Promise<Page> {
  expect((await send(of, '/setup/admin', ADA, { cookie })).headers.get('location')).toBe('/setup/factor');
  return send(of, '/setup/factor', { code: codeOn(await at('/setup/factor', cookie, of)) }, { cookie });
}

test('until there is an admin, every reader meets one page, in every process; machines are answered as always', async () => {
  for (const [path, of] of [
    ['/', dossier],
    ['/pricing', other],
    ['/briefings/x', dossier],
    ['/login', other],
    ['/desk', dossier],
    ['/admin', dossier],
    ['/api/v1/briefings', other],
  ] as const) {
    const page = await at(path, undefined, of);
    expect([path, page.status, page.headers.get('retry-after')]).toEqual([path, 503, '120']);
    expect(said(page, 'h1')).toBe('This publication is being set up');
    expect(page.html.querySelectorAll('a[href*=login], a[href*=join]')).toEqual([]);
  }
  expect(said(await at('/es/pricing'), 'h1')).toBe('Esta publicación se está preparando');
  expect((await at('/healthz')).status).toBe(200);
  expect((await at('/readyz')).status).toBe(200);
  const style = (await at('/')).html.querySelector('link[rel=stylesheet]')!.getAttribute('href')!;
  expect((await at(style)).status).toBe(200);
  expect((await visit(`${dossier.url}/webhooks/stripe`, { method: 'POST', body: '{}' })).status).toBe(400);
  expect((await at('/setup')).status).toBe(404);
  expect((await at('/setup/content')).status).toBe(303);
});

test('four steps, each kept as it is left, and readers meet the publication as it was set up', async () => {
  const cookie = await opened();
  const wrong = await send(dossier, '/setup/publication', { ...PUBLICATION, name: ' ', zone: 'Mars' }, { cookie });
  expect(wrong.status).toBe(422);
  for (const field of ['name', 'zone', 'checks']) expect(said(wrong, `#${field}-error`)).not.toBeNull();
  expect(wrong.html.querySelector('#tagline')?.getAttribute('value')).toBe('Read first.');
  const publication = { ...PUBLICATION, first: 'es', 'on-en': 'yes', 'on-es': 'yes' };
  const left = await send(dossier, '/setup/publication', publication, { cookie });
  expect([left.status, left.headers.get('location')]).toEqual([303, '/en/setup/admin']);
  const kept = await at('/en/setup/publication', cookie);
  expect(kept.html.querySelector('#name')?.getAttribute('value')).toBe('Basel Biotech');
  expect(kept.html.querySelector('#zone option[selected]')?.getAttribute('value')).toBe('Europe/Zurich');
  expect(kept.html.querySelector('#currency option[selected]')?.getAttribute('value')).toBe('chf');

  const short = await send(dossier, '/en/setup/admin', { ...ADA, password: 'short' }, { cookie });
  expect([short.status, short.html.querySelector('#email')?.getAttribute('value')]).toEqual([422, ADA.email]);
  await send(dossier, '/en/setup/admin', ADA, { cookie });
  // In the middle killed: the other process goes on where this one was, and nobody is an admin yet.
  expect((await at('/', undefined, other)).status).toBe(503);
  const factor = await at('/en/setup/factor', cookie, other);
  expect((await send(other, '/en/setup/factor', { code: '000000' }, { cookie })).status).toBe(422);
  const made = await send(other, '/en/setup/factor', { code: codeOn(factor) }, { cookie });
  expect([made.status, made.html.querySelectorAll('.secret-list li').length]).toEqual([201, 10]);
  const admin = cookiesOf(made);

  for (const of of [dossier, other]) expect((await at('/', undefined, of)).status).toBe(200);
  expect(said(await at('/'), '.mark')).toContain('Basel Biotech');
  expect((await at('/')).html.querySelector('html')?.getAttribute('lang')).toBe('es');
  const { account, row, entries } = await dossier.wall.read(accountsViewer, async (db) => ({
    account: await db.account.findUniqueOrThrow({ where: { email: ADA.email } }),
    row: await db.setup.findFirst(),
    entries: (await db.auditEntry.findMany({ orderBy: { at: 'asc' } })).map(
      ({ action, actor }) => `${actor} ${action}`,
    ),
  }));
  expect([account.role, account.totpConfirmedAt, row]).toEqual(['admin', expect.any(Date), null]);
  expect(account.totpSecret).toMatch(/^sealed\./);
  expect(entries).toEqual([...Array<string>(4).fill('setup setting-changed'), 'setup admin-made']);

  expect((await at('/en/setup/content', admin)).status).toBe(200);
  const content = await send(dossier, '/en/setup/content', { do: 'samples' }, { cookie: admin });
  expect(content.headers.get('location')).toBe('/en/setup/services');
  expect(await dossier.wall.read(editorialViewer, (db) => db.briefing.count())).toBeGreaterThan(5);
  expect(said(await at('/en/setup/content', admin), '.dek')).toMatch(/\d+ briefings already/);

  const letter = await send(dossier, '/en/setup/services', { do: 'letter' }, { cookie: admin });
  expect(said(letter, '.done')).toContain(ADA.email);
  await until(() => mail.received.length === 1);
  expect(mail.received[0]!.recipients).toEqual([ADA.email]);
  mail.refuse = true;
  expect(
    said(await send(dossier, '/en/setup/services', { do: 'letter' }, { cookie: admin }), '.done-bad'),
  ).not.toBeNull();
  const paid = await send(dossier, '/en/setup/services', { do: 'payments' }, { cookie: admin });
  expect(said(paid, '.done-bad')).toBe('Stripe does not answer.');
  expect(paid.html.querySelector('.notice-do a')?.getAttribute('href')).toBe('/en/admin');
  // What is missing stands there until nothing is.
  expect(said(await at('/en/admin', admin), '.missing')).toContain('samples');
});

test('any language may be the first, also one without phrases; the four settings are saved together or not at all', async () => {
  const cookie = await opened();
  const wrong = await send(
    dossier,
    '/setup/publication',
    { ...PUBLICATION, first: 'en', more: 'xx-nothing' },
    { cookie },
  );
  expect([wrong.status, said(wrong, '#more-error')]).toEqual([422, expect.stringContaining('no language codes')]);
  expect(wrong.html.querySelector('#more')?.getAttribute('value')).toBe('xx-nothing');
  const arabic = { ...PUBLICATION, first: 'ar', more: 'de, fr-CA', 'on-en': 'yes' };
  const settings = () => dossier.wall.read(adminViewer, (db) => db.siteSetting.findMany({ orderBy: { name: 'asc' } }));
  const owner = new Client({ connectionString: dossier.urls.owner });
  await owner.connect();
  try {
    await owner.query(`ALTER TABLE site_settings ADD CONSTRAINT gone CHECK (name <> 'money')`);
    expect((await send(dossier, '/setup/publication', arabic, { cookie })).status).toBeGreaterThanOrEqual(500);
    expect(await settings()).toEqual([]);
    await owner.query('ALTER TABLE site_settings DROP CONSTRAINT gone');
  } finally {
    await owner.end();
  }
  const left = await send(dossier, '/setup/publication', arabic, { cookie });
  expect([left.status, left.headers.get('location')]).toEqual([303, '/en/setup/admin']);
  const list = [
    { code: 'ar', dir: 'rtl', on: true },
    { code: 'en', dir: 'ltr', on: true },
    { code: 'es', dir: 'ltr', on: false },
    { code: 'de', dir: 'ltr', on: true },
    { code: 'fr-CA', dir: 'ltr', on: true },
  ];
  expect((await settings()).find(({ name }) => name === 'languages')?.value).toEqual({ list });
  // Sent twice, and from another tab: what was typed last is in force.
  expect((await send(dossier, '/en/setup/publication', { ...arabic, more: '' }, { cookie })).status).toBe(422);
  const again = { ...arabic, 'on-ar': 'yes', more: '', name: 'Twice' };
  for (const of of [dossier, other])
    expect((await send(of, '/en/setup/publication', again, { cookie })).status).toBe(303);
  expect((await at('/setup/admin', cookie)).html.querySelector('html')?.getAttribute('dir')).toBe('rtl');
});

test('a link opens once, for a day, and only by its button; another one ends it', async () => {
  const token = (await makeLink())!;
  // A mail scanner that looks at the address uses nothing up.
  for (const of of [dossier, other]) expect((await at(`/setup?token=${token}`, undefined, of)).status).toBe(200);
  const first = await send(dossier, '/setup', { token });
  expect(first.status).toBe(303);
  expect((await send(other, '/setup', { token })).status).toBe(404);
  expect((await at(`/setup?token=${token}`)).status).toBe(404);
  for (const wrong of ['x'.repeat(43), '', 'x'])
    expect((await send(dossier, '/setup', { token: wrong })).status).toBe(404);
  expect(
    (await visit(`${dossier.url}/setup`, { method: 'POST', headers: { Origin: 'https://evil.example' } })).status,
  ).toBe(403);

  const [older, newer] = [(await makeLink())!, (await makeLink())!];
  expect((await send(dossier, '/setup', { token: older })).status).toBe(404);
  // Until the new one is opened, whoever has begun goes on; from then on only who opened it does.
  const before = cookiesOf(first);
  expect((await at('/setup/publication', before)).status).toBe(200);
  const after = cookiesOf(await send(other, '/setup', { token: newer }));
  expect([(await at('/setup/publication', before)).status, (await at('/setup/publication', after)).status]).toEqual([
    404, 200,
  ]);
  expect((await send(dossier, '/setup/admin', ADA, { cookie: before })).status).toBe(404);

  const late = (await makeLink(new Date(Date.now() - 25 * 3_600_000)))!;
  expect((await send(dossier, '/setup', { token: late })).status).toBe(404);
  const row = await dossier.wall.read(accountsViewer, (db) => db.setup.findFirst());
  expect(JSON.stringify(row)).not.toContain(late);
  for (const viewer of [visitor, editorialViewer, adminViewer])
    expect(await dossier.wall.read(viewer, (db) => db.setup.findFirst())).toBeNull();
});

test('of two at once one makes the admin; from then on no link opens anything', async () => {
  const cookie = await opened();
  await send(dossier, '/setup/admin', ADA, { cookie });
  const code = codeOn(await at('/setup/factor', cookie));
  const both = await Promise.all([dossier, other].map((of) => send(of, '/setup/factor', { code }, { cookie })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 404]);
  expect(await dossier.wall.read(accountsViewer, (db) => db.account.count({ where: { role: 'admin' } }))).toBe(1);
  expect(await makeLink()).toBeNull();
  for (const path of ['/setup', '/setup/publication', '/setup/admin', '/setup/factor'])
    expect([path, (await at(path, cookie)).status]).toEqual([path, 404]);
});

test('whoever comes after an admin was made elsewhere makes none, however far they were', async () => {
  const secret = 'the secret of a session';
  await dossier.wall.write(accountsViewer, (db) =>
    issueSetupLink(db, new Date()).then((token) => openLink(db, token!, secret, new Date())),
  );
  const draft = { id: randomUUID(), name: 'Ada', email: ADA.email, passwordHash: 'x', secret: 'x' };
  await dossier.wall.write(accountsViewer, (db) => keepDraft(db, secret, draft));
  const make = (session: string) =>
    dossier.wall.write(accountsViewer, (db) =>
      makeFirstAdmin(db, {
        session,
        lang: 'en',
        step: 1n,
        at: new Date(),
        by: { actor: { id: null, name: 'a test' } },
      }),
    );
  expect(await make('another session')).toBe('gone');
  await dossier.wall.write(accountsViewer, (db) => makeAdmin(db, 'grace@house.example', new Date()));
  expect(await make(secret)).toBe('gone');
  expect(await dossier.wall.read(accountsViewer, (db) => db.account.count())).toBe(1);
});

test('an address that has an account already is no way into it', async () => {
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({ data: { email: ADA.email, name: 'A reader', lang: 'en' }, select: { id: true } }),
  );
  const cookie = await opened();
  const answer = await madeAdmin(cookie);
  expect([answer.status, said(answer, '#email-error')]).toEqual([422, expect.stringContaining('There is an account')]);
  expect((await at('/')).status).toBe(503);
});

describe('the link', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'setup-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is shown on a terminal, or left in a file that its owner alone reads; what may be logged never has it', async () => {
    const shown: string[] = [];
    const place = { publicUrl: dossier.url, dataDir: folder, terminal: { write: (text: string) => shown.push(text) } };
    const line = (await announceSetup(dossier.wall, place, new Date()))!;
    const file = path.join(folder, 'setup-link');
    const link = readFileSync(file, 'utf8').trim();
    expect([line.includes('token='), shown, statSync(file).mode & 0o777]).toEqual([false, [], 0o600]);
    expect((await visit(link)).status).toBe(200);
    // Another process that starts leaves it as it is.
    expect(await announceSetup(other.wall, place, new Date())).not.toContain(file);
    expect((await visit(link)).status).toBe(200);

    await dossier.wall.write(accountsViewer, (db) => db.setup.deleteMany({}));
    rmSync(file);
    const terminal = { ...place.terminal, isTTY: true };
    expect(await announceSetup(dossier.wall, { ...place, terminal }, new Date())).not.toContain('token=');
    expect([shown.length, existsSync(file)]).toEqual([1, false]);
    expect(shown[0]).toMatch(/\/setup\?token=[\w-]{43}/);
  });

  test('is made by a command, too, as long as there is no admin', async () => {
    const env = {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: folder },
      ...{ DATABASE_URL: dossier.urls.app, DATABASE_OWNER_URL: dossier.urls.owner, PUBLIC_URL: dossier.url },
    };
    const made = await ran('admin', ['setup-link'], env);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain(path.join(folder, 'setup-link'));
    const link = readFileSync(path.join(folder, 'setup-link'), 'utf8').trim();
    const token = new URL(link).searchParams.get('token')!;
    const cookie = cookiesOf(await send(dossier, '/setup', { token }));
    expect((await madeAdmin(cookie)).status).toBe(201);
    const refused = await ran('admin', ['setup-link'], env);
    expect([refused.code, refused.err]).toEqual([1, 'There is an admin, so there is nothing to set up.\n']);
  });
});
