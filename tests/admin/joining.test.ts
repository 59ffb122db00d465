import { accountsViewer, adminViewer } from '../../src/access/viewer';
import { decideJoining, type JoiningRule } from '../../src/access/joining';
import { randomUUID } from 'node:crypto';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import type { SettingName, SettingValue } from '../../src/site/settings/schemas';
import { original } from '../support/briefing';
import { anyEmail, anyIp, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

/** Saves a setting, and waits until this house has heard of it. */
async function set<Name extends SettingName>(
  name: Name,
  change: Partial<SettingValue<Name>>,
  heard: () => Promise<boolean>,
) {
  const before = await dossier.wall.read(adminViewer, (db) => loadSetting(db, name));
  const by = { actor: { id: null, name: 'a test' } };
  const value = { ...before, ...change };
  const seen = settingVersion(before);
  expect(
    await saveSetting(dossier.wall, {
      name,
      value,
      expectedVersion: seen,
      submissionId: randomUUID(),
      at: new Date(),
      by,
    }),
  ).toBe('saved');
  await until(heard);
}
const always = () => Promise.resolve(true);
const anybody = (path: string) => visit(`${dossier.url}${path}`, { headers: { 'X-Forwarded-For': anyIp() } });
const ask = (email: string) =>
  send(dossier, '/join/strategy-circle', { name: 'Nia', email, password: PASSWORD, next: '' }, { ip: anyIp() });
const accountsOf = (email: string) => dossier.wall.read(accountsViewer, (db) => db.account.count({ where: { email } }));

test('by invitation, whoever is invited gets a letter, and nobody sees who is', async () => {
  const [invited, stranger] = [anyEmail(), anyEmail()];
  await set('joining-addresses', { invited: [invited] }, always);
  const byInvitation = async () => (await ask(anyEmail())).headers.get('location') === '/join/sent';
  await set('joining', { mode: 'invitation', welcome: { en: 'We are glad.\n\nRead on.' } }, byInvitation);
  const answers = [await ask(invited), await ask(stranger)];
  expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
    Array(2).fill([303, '/join/sent']),
  );
  expect(answers[0]!.text).toBe(answers[1]!.text);
  expect([(await lettersTo(dossier, invited)).length, (await lettersTo(dossier, stranger)).length]).toEqual([1, 0]);
  const [letter] = await lettersTo(dossier, invited);
  expect(said(await anybody(`/dev/mail/${letter!.id}`), '.letter-text')).toMatch(/We are glad\. Read on\. /);
});

test('gates, prices and the ways in say whether somebody may join, and lead to no page that refuses', async () => {
  const pages = ['/briefings/a-signal', '/pricing', '/login'];
  const read = async (path: string) => {
    const page = await anybody(path);
    const joins = page.html.querySelectorAll('a[href^="/join"]').map((one) => one.getAttribute('href'));
    return { page, text: said(page, 'main'), joins };
  };
  const closed = async () => (await read('/')).joins.length === 0;
  await set('joining', { mode: 'closed' }, closed);
  for (const path of pages) expect([path, (await read(path)).joins]).toEqual([path, []]);
  for (const path of pages.slice(0, 2)) expect((await read(path)).text).toContain('Nobody can join at the moment');
  await set('joining', { mode: 'invitation' }, async () => !(await closed()));
  const [gate, prices] = [await read(pages[0]!), await read(pages[1]!)];
  expect(said(gate.page, '.gate-price')).toBe('By invitation');
  expect(prices.text).toContain('Given to those who are invited.');
  expect((await read('/join/strategy-circle')).text).toContain('Joining is by invitation.');
  await set(
    'joining',
    { mode: 'open' },
    async () => said((await read(pages[0]!)).page, '.gate-price') === 'Free to join',
  );
});

test('some addresses and domains are refused, and where it is closed everybody is', async () => {
  const [address, fine] = [anyEmail(), anyEmail()];
  await set('joining-addresses', { refused: [address] }, always);
  const refusing = async () => (await ask('x@throwaway.example')).status === 422;
  await set('joining', { mode: 'open', refusedDomains: ['throwaway.example'] }, refusing);
  for (const one of [address, 'x@throwaway.example']) {
    const { status, text } = await ask(one);
    expect([status, text.includes('Joining with this address is not possible'), await accountsOf(one)]).toEqual([
      422,
      true,
      0,
    ]);
  }
  expect([(await ask(fine)).status, await accountsOf(fine)]).toEqual([303, 1]);
  const closed = async () => (await anybody('/')).html.querySelector('.top .pill') === null;
  await set('joining', { mode: 'closed' }, closed);
  expect(said(await anybody('/join/strategy-circle'), 'h1')).toBe('Nobody can join at the moment');
  const late = anyEmail();
  expect([(await ask(late)).status, await accountsOf(late)]).toEqual([403, 0]);
});

const OPEN: JoiningRule = {
  mode: 'open',
  refusedDomains: ['a.example'],
  invited: ['guest@b.example'],
  refused: ['Bad@b.example'],
};
test.each([
  ['open', 'reader@b.example', 'open'],
  ['open', 'reader@a.example', 'refused'],
  ['open', 'reader@sub.a.example', 'refused'],
  ['open', 'reader@nota.example', 'open'],
  ['open', 'bad@b.example', 'refused'],
  ['invitation', 'Guest@b.example', 'letter'],
  ['invitation', 'reader@b.example', 'silent'],
  ['invitation', 'bad@b.example', 'silent'],
  ['closed', 'guest@b.example', 'closed'],
] as const)('while joining is %s, %s: %s', (mode, email, answer) => {
  expect(decideJoining({ ...OPEN, mode }, email)).toBe(answer);
});
