import { accountsViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const SLUGS = ['first', 'second'];
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  for (const slug of SLUGS) await dossier.take(slug, { 'en.md': original({ slug }) });
  await dossier.take('tomorrow', { 'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }) });
});
afterAll(() => dossier.stop());

const post = (path: string, briefing: string, name: Name = 'circle') =>
  send(dossier, path, new URLSearchParams({ briefing }).toString(), { cookie: cast[name].headers['Cookie'] ?? '' });
const listed = async (name: Name = 'circle') => {
  const page = await visit(`${dossier.url}/account/reading-list`, { headers: cast[name].headers });
  return page.html.querySelectorAll('.card-title a').map((one) => one.getAttribute('href'));
};

test('a member keeps a briefing from its page, finds it on a list of their own, and takes it off again', async () => {
  const page = await visit(`${dossier.url}/briefings/first`, { headers: cast.circle.headers });
  expect(page.html.querySelector('form[action="/account/reading-list"] input')!.getAttribute('value')).toBe('first');
  expect((await visit(`${dossier.url}/briefings/first`)).text).not.toContain('reading-list');
  for (const slug of [...SLUGS, 'second']) expect((await post('/account/reading-list', slug)).status).toBe(303);
  expect(await listed()).toEqual(['/briefings/second', '/briefings/first']);
  expect(await listed('alliance')).toEqual([]);
  await post('/account/reading-list/remove', 'second');
  expect(await listed()).toEqual(['/briefings/first']);
  expect((await visit(`${dossier.url}/account/reading-list?page=2`, { headers: cast.circle.headers })).status).toBe(
    404,
  );
});

test('what a member does not meet is neither kept nor listed', async () => {
  expect((await post('/account/reading-list', 'tomorrow')).status).toBe(404);
  await dossier.take('first', { 'en.md': original({ slug: 'first', state: 'draft' }) });
  expect(await listed()).toEqual([]);
  await dossier.take('first', { 'en.md': original({ slug: 'first' }) });
  expect(await listed()).toEqual(['/briefings/first']);
});

test('the list is in what an account takes along, and gone with it', async () => {
  const taken = await send(dossier, '/account/export', '', { cookie: cast.circle.headers['Cookie']! });
  expect(JSON.parse(taken.text)).toMatchObject({ readingList: [{ briefing: 'first' }] });
  const count = () => dossier.wall.read(accountsViewer, (db) => db.kept.count());
  expect(await count()).toBe(1);
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: cast.circle.id! } }));
  expect(await count()).toBe(0);
});
