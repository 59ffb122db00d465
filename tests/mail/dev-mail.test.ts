import { accountsViewer } from '../../src/access/viewer';
import { writeLetter } from '../../src/stores/postgres/outbox';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
});
afterAll(() => dossier.stop());

const KINDS = [
  'verify-email',
  'finish-joining',
  'already-joined',
  'reset-password',
  'password-changed',
  'email-change',
  'email-changed',
  'token-made',
  'account-deleted',
];

/** A link with a token of nobody is over, a section of an account leads to the door, and the doors stand open. */
const answerOf = (href: string) => (href.includes('token=') ? 410 : href.includes('/account') ? 303 : 200);

test('without a mail server letters are kept and shown, newest first, with a link to click', async () => {
  expect(said(await visit(`${dossier.url}/dev/mail`), '.empty')).toContain('No letter');
  for (const [index, kind] of KINDS.entries()) {
    await dossier.wall.write(accountsViewer, (db) =>
      writeLetter(db, {
        key: kind,
        kind,
        lang: index % 2 ? 'es' : 'en',
        recipient: 'a@example.org',
        accountId: null,
        data: /verify-email|finish-joining|reset|change$/.test(kind) ? { token: 'A'.repeat(43) } : {},
      }),
    );
  }
  for (const prefix of ['', '/es']) {
    const list = await visit(`${dossier.url}${prefix}/dev/mail`);
    const links = list.html.querySelectorAll('.letters a');
    expect([list.status, links.length, links.at(0)!.text, links.at(-1)!.text]).toEqual([
      200,
      KINDS.length,
      'Your account was deleted',
      'Confirm your e-mail address',
    ]);
    for (const link of links) {
      const letter = await visit(`${dossier.url}${link.getAttribute('href')}`);
      expect([letter.status, said(letter, 'h1')]).toEqual([200, link.text]);
      const href = letter.html.querySelector('.letter-link')?.getAttribute('href');
      if (href !== undefined) expect([link.text, (await visit(href)).status]).toEqual([link.text, answerOf(href)]);
    }
  }
  const { headers } = await visit(`${dossier.url}/dev/mail`);
  expect(headers.get('cache-control')).toBe('private, no-store');
});

test.each([
  '/dev/mail/00000000-0000-4000-8000-000000000000',
  '/dev/mail/x',
  '/dev/mail/------------------------------------',
])('%s is not there', async (path) => {
  expect((await visit(`${dossier.url}${path}`)).status).toBe(404);
});

test('in production it is not there at all', async () => {
  const production = await startDossier({ on: dossier.urls, mode: 'production' });
  for (const path of ['/dev/mail', '/es/dev/mail']) expect((await visit(`${production.url}${path}`)).status).toBe(404);
  await production.stop();
});
