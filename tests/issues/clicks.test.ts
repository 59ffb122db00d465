import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { enterAll, type Member, type Name } from '../support/cast';
import type { Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { hasState, partOf, sendToMany, startIssues, subscribers, to, type Subscriber } from './support';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let server: MailServer;
let dossier: Dossier;
let cast: Record<Name, Member>;
let briefingId: string;
let everybody: readonly Subscriber[];

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server);
  cast = await enterAll(dossier);
  everybody = await subscribers(dossier, 4);
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});
const sendAll = async (): Promise<string> => {
  const id = await sendToMany(dossier, cast.editor, briefingId);
  await hasState(dossier, id, 'sent');
  return id;
};
/** The addresses in somebody's last letter that contain this, in its HTML. */
const linksOf = ({ email }: Subscriber, part: string) =>
  [...partOf(to(server, email).at(-1)!, 'html').matchAll(/href="([^"]*)"/g)]
    .map(([, href]) => href!)
    .filter((href) => href.includes(part));
const open = (href: string, headers: Readonly<Record<string, string>> = { 'User-Agent': BROWSER }, method = 'GET') =>
  fetch(href, { redirect: 'manual', headers, method });
const sums = async (issueId: string) => {
  await dossier.app.counters.flush();
  const rows = await dossier.wall.read(accountsViewer, (db) => db.issueClick.findMany({ where: { issueId } }));
  return rows.map((row) => [row.briefingId, row.clicks]);
};
const listAs = (name: Name, issue: string) =>
  visit(`${dossier.url}/admin/letters?issue=${issue}`, { headers: cast[name].headers });
const says = 'by whom is not';

test('as delivered links lead to the briefing, and nothing is counted or said of it', async () => {
  const issue = await sendAll();
  expect(linksOf(everybody[0]!, '/letters/read/')).toEqual([]);
  expect(linksOf(everybody[0]!, '/briefings/a-signal').length).toBeGreaterThan(0);
  expect(partOf(to(server, everybody[0]!.email).at(-1)!, 'plain')).not.toContain(says);
  expect((await listAs('support', issue)).text).not.toContain('Its links');
});

describe('where the publisher says so', () => {
  let issue: string;
  let english: string;
  beforeAll(async () => {
    await setSetting(dossier, 'mail', { countClicks: true });
    issue = await sendAll();
    [english] = linksOf(everybody[0]!, '/letters/read/') as [string];
  });

  test('the letter says so, and everybody of a language has the same address', () => {
    const [one, other, third] = everybody as [Subscriber, Subscriber, Subscriber];
    expect(new Set([...linksOf(one, '/letters/read/'), ...linksOf(third, '/letters/read/')])).toEqual(
      new Set([english]),
    );
    expect(linksOf(one, '/briefings/a-signal')).toEqual([]);
    expect(linksOf(other, '/letters/read/es/')).not.toEqual([]);
    const text = partOf(to(server, one.email).at(-1)!, 'plain');
    expect([text.includes(says), text.includes(english)]).toEqual([true, true]);
  });

  test('it leads to the briefing, is kept nowhere and sets no cookie; whoever reads is counted in a sum', async () => {
    const first = await open(english, { 'User-Agent': BROWSER, ...cast.circle.headers });
    expect([first.status, first.headers.get('location')]).toEqual([302, '/briefings/a-signal']);
    expect(
      ['cache-control', 'referrer-policy', 'x-robots-tag', 'set-cookie'].map((name) => first.headers.get(name)),
    ).toEqual(['private, no-store', 'no-referrer', 'noindex', null]);
    const [spanish] = linksOf(everybody[1]!, '/letters/read/es/');
    expect((await open(spanish!)).headers.get('location')).toBe('/es/briefings/a-signal');
    for (const [headers, method] of [
      [{ 'User-Agent': BROWSER }, 'HEAD'],
      [{ 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
      [{ 'User-Agent': BROWSER, 'Sec-Purpose': 'prefetch' }],
    ] as const)
      expect((await open(english, headers, method)).status).toBe(302);
    expect(await sums(issue)).toEqual([[briefingId, 2]]);
    await open(english);
    expect(await sums(issue)).toEqual([[briefingId, 3]]);
    const list = await listAs('support', issue);
    expect(list.text).toContain('Its links to briefings were opened 3 times');
    expect(list.html.querySelector('tbody tr')!.text.replace(/\s+/g, ' ').trim()).toBe('A signal in English 3');
  });

  test('a briefing is named to whom it is there', async () => {
    await open(english);
    await sums(issue);
    const early = { earlyTier: 'leadership-alliance', earlyUntil: new Date(Date.now() + 3_600_000) };
    const change = (data: { readonly earlyTier: string | null; readonly earlyUntil: Date | null }) =>
      dossier.wall.write(editorialViewer, (db) => db.briefing.updateMany({ where: { id: briefingId }, data }));
    await change(early);
    const names = await Promise.all((['support', 'admin'] as const).map((name) => listAs(name, issue)));
    await change({ earlyTier: null, earlyUntil: null });
    expect(names.map(({ text }) => text.includes('A signal in English'))).toEqual([false, true]);
    expect(names[0]!.text).toContain('A briefing that you do not read');
  });

  test('what is not in its letters counts for nothing; it leads to no other site, and tells nobody what there is', async () => {
    const before = await sums(issue);
    const made = english.replace('/a-signal', '/nobody-wrote-this');
    const wrong = english.replace(/.(?=\/a-signal$)/, (sign) => (sign === '0' ? '1' : '0'));
    const forged = `${dossier.url}/letters/read/en/${'0'.repeat(48)}/a-signal`;
    for (const [href, location] of [
      [made, '/briefings/nobody-wrote-this'],
      [forged, '/briefings/a-signal'],
      [wrong, '/briefings/a-signal'],
      [english.replace('/read/en/', '/read/xx/'), '/briefings/a-signal'],
    ] as const)
      expect((await open(href)).headers.get('location')).toBe(location);
    for (const slug of ['%2F%2Fevil.example', 'https:evil.example'])
      expect((await open(english.replace('/a-signal', `/${slug}`))).status).toBe(404);
    expect((await open(english, undefined, 'POST')).status).toBe(405);
    expect(await sums(issue)).toEqual([[briefingId, (before[0]?.[1] as number) + 1]]);
  });

  test('turned off again, letters that went lead where they led, and are counted no more', async () => {
    const before = await sums(issue);
    await setSetting(dossier, 'mail', { countClicks: false });
    expect((await open(english)).headers.get('location')).toBe('/briefings/a-signal');
    expect(await sums(issue)).toEqual(before);
    await setSetting(dossier, 'mail', { countClicks: true });
  });
});
