import { parseFeed as parseByRowan } from '@rowanmanning/feed-parser';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { accountsViewer } from '../../src/access/viewer';
import { asSuperuserIn } from '../support/stores/cluster';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await dossier.take('a-draft', { 'en.md': original({ slug: 'a-draft', state: 'draft', published: null }) });
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

const cookieOf = (name: Name) => ({ cookie: cast[name].headers['Cookie']! });
/** Makes somebody an address by the form of their section, and takes it from the page that shows it once. */
async function addressOf(name: Name): Promise<string> {
  const made = await send(dossier, '/account/feed', {}, cookieOf(name));
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'private, no-store']);
  const [atom, json] = made.html.querySelectorAll('.secret code').map(({ text }) => text);
  expect(json).toBe(atom!.replace('.xml', '.json'));
  return new URL(atom!).pathname;
}
const read = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${dossier.url}${path}`, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
/** What of the briefing's gated texts a document shows: `GATED` words, as the samples of the suite have them. */
const gatedIn = (text: string) => [...new Set(text.match(/GATED [a-z-]+/gi) ?? [])].sort();

test('two readers of feeds understand it, and it says as much as the page of the same member', async () => {
  for (const name of ['alliance', 'circle', 'stranger'] as const) {
    const path = await addressOf(name);
    const { status, headers, text } = await read(path);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
    expect([headers.get('cache-control'), headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual([
      'private, no-store',
      'noindex',
      'no-referrer',
    ]);
    expect(headers.get('set-cookie')).toBeNull();
    const page = await visit(`${dossier.url}/briefings/a-signal`, { headers: cast[name].headers });
    expect([name, gatedIn(text)]).toEqual([name, gatedIn(page.text)]);
    const atom = parseAtomFeed(text);
    expect(atom.entries).toHaveLength(1);
    expect(atom.id).not.toContain('dosf_');
    const [item] = parseByRowan(text).items;
    expect([item!.title, item!.url]).toEqual(['A signal in English', `${dossier.url}/briefings/a-signal`]);
    expect(gatedIn(item!.content ?? '')).toEqual(gatedIn(page.text));
    const json = parseJsonFeed((await read(path.replace('.xml', '.json'))).text);
    expect(gatedIn(json.items![0]!.content_html ?? '')).toEqual(gatedIn(page.text));
    const spanish = parseJsonFeed((await read(`/es${path.replace('.xml', '.json')}`)).text);
    expect([spanish.language, spanish.items![0]!.title]).toEqual(['es', 'Una señal en español']);
    const category = await read(path.replace('feed.xml', 'categories/cloud-service/feed.xml'));
    expect([category.status, gatedIn(category.text)]).toEqual([200, gatedIn(page.text)]);
  }
});

test('is the same for whoever asks with it, whatever cookie they show, and answers 304 to who has it', async () => {
  const path = await addressOf('circle');
  const bare = await read(path);
  expect((await read(path, cast.alliance.headers)).text).toBe(bare.text);
  const again = await read(path, { 'If-None-Match': bare.headers.get('etag')! });
  expect([again.status, again.text]).toEqual([304, '']);
  expect((await read('/feed.xml')).text).not.toContain('GATED');
});

test('once a membership has lapsed the same address says what is public, and more again once it is back', async () => {
  const path = await addressOf('comped');
  const whole = gatedIn((await read(path)).text);
  expect(whole.length).toBeGreaterThan(0);
  const id = cast.comped.id!;
  const revoke = (revokedAt: Date | null) =>
    dossier.wall.write(accountsViewer, (db) => db.grant.updateMany({ where: { accountId: id }, data: { revokedAt } }));
  await revoke(new Date());
  await until(async () => gatedIn((await read(path)).text).length === 0, 1_000);
  const teaser = await read(path);
  expect([teaser.status, teaser.text.includes('A lead in English.')]).toEqual([200, true]);
  await revoke(null);
  await until(async () => gatedIn((await read(path)).text).length === whole.length, 1_000);
});

test('is replaced by a click, ended by another and with a suspension; the owner is told, and sees it once', async () => {
  const first = await addressOf('alliance');
  expect((await read(first)).status).toBe(200);
  const second = await addressOf('alliance');
  expect([(await read(first)).status, (await read(second)).status]).toEqual([404, 200]);
  const section = await visit(`${dossier.url}/account/feed`, { headers: cast.alliance.headers });
  expect([section.status, section.text.includes('dosf_')]).toEqual([200, false]);
  expect(await lettersTo(dossier, cast.alliance.email!, 'feed-made')).not.toEqual([]);
  const stored = await dossier.wall.read(accountsViewer, (db) => db.privateFeed.findMany());
  expect(JSON.stringify(stored)).not.toContain('dosf_');
  const ended = await send(dossier, '/account/feed/end', {}, cookieOf('alliance'));
  expect([ended.status, (await read(second)).status]).toEqual([303, 404]);

  const third = await addressOf('alliance');
  const suspend = (state: 'active' | 'suspended') =>
    dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: cast.alliance.id! }, data: { state }, select: { id: true } }),
    );
  await suspend('suspended');
  await until(async () => (await read(third)).status === 404, 1_000);
  await suspend('active');
  expect((await read(third)).status).toBe(404);
});

test.each(['x', `dosf_${'a'.repeat(64)}`])('no feed is at %s', async (token) => {
  for (const file of ['feed.xml', 'categories/cloud-service/feed.json']) {
    const { status, headers } = await read(`/feeds/${token}/${file}`);
    expect([status, headers.get('referrer-policy'), headers.get('x-robots-tag')]).toEqual([
      404,
      'no-referrer',
      'noindex',
    ]);
  }
});

test('its address is in no log, even when it fails', async () => {
  const path = await addressOf('circle');
  const rename = (from: string, to: string) =>
    asSuperuserIn(dossier.urls.superuser, (client) => client.query(`ALTER TABLE ${from} RENAME TO ${to}`));
  await rename('editions', 'editions_elsewhere');
  expect((await read(path)).status).toBe(500);
  await rename('editions_elsewhere', 'editions');
  const logged = JSON.stringify(dossier.logged);
  expect(logged).toContain('/feeds/…/feed.xml');
  expect(logged).not.toContain('dosf_');
});
