import { accountsViewer } from '../../src/access/viewer';
import { NodeType, type HTMLElement, type Node } from 'node-html-parser';
import { original, PASSAGES, SPANISH, TEXTS } from '../support/briefing';
import { enter, enterAll, logIn, VISITOR, type Member, type Name } from '../support/cast';
import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const DAY = 86_400_000;

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

const read = (who: Member, path = '/briefings/a-signal') => visit(`${dossier.url}${path}`, { headers: who.headers });

const CIRCLE = ['GATED trend text.', 'GATED organization note.'];
const ALLIANCE = ['GATED evidence text.', 'GATED failure path text.', 'GATED source note text.'];

/** What of the gated text a page holds. */
const opened = (text: string) => [...CIRCLE, ...ALLIANCE].filter((one) => text.includes(one));
const due = (rank: number) => [...(rank >= 10 ? CIRCLE : []), ...(rank >= 20 ? ALLIANCE : [])];

test('each of the cast reads exactly as far as their grants go, the first time and from the kept page', async () => {
  for (const round of [1, 2]) {
    for (const [name, who] of Object.entries(cast)) {
      const page = await read(who);
      expect([round, name, page.status, opened(page.text)]).toEqual([round, name, 200, due(who.rank)]);
    }
  }
});

test("a member's page names the kinds it opens, each with an anchor of its own, and is nobody else's to keep", async () => {
  const page = await read(cast.alliance);
  const ids = page.html.querySelectorAll('[id]').map((element) => element.id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const anchor of [
    'trend',
    'evidence',
    'failure-path',
    'trend-trend',
    'evidence-a-tie',
    'source-note-first',
    'organization-one-org',
  ])
    expect(page.html.querySelector(`[id="${anchor}"]`)).not.toBeNull();
  expect(page.headers.get('cache-control')).toBe('private, no-store');
  expect(page.html.querySelector('.gate')).toBeNull();
  expect((await read(cast.circle)).html.querySelectorAll('.gate')).toHaveLength(1);
  expect(page.html.querySelector('.top-who')!.text).toContain('Account');
  expect(page.html.querySelector('.top-who')!.text).not.toContain('Log in');
});

test('what goes wrong is told to whom it is: nobody who is logged in is asked to, and staff are led to their sections', async () => {
  const links = async (name: Name, path: string) => {
    const page = await read(cast[name], path);
    const hrefs = (selector: string) => page.html.querySelectorAll(selector).map((one) => one.getAttribute('href'));
    return [page.status, hrefs('.top-who > a:not([hreflang])'), hrefs('main a')];
  };
  const visitor = ['/login', '/join/strategy-circle'];
  expect(await links('visitor', '/nothing')).toEqual([404, visitor, ['/']]);
  expect(await links('circle', '/nothing')).toEqual([404, ['/account'], ['/']]);
  expect(await links('alliance', '/es/desk')).toEqual([404, ['/es/account'], ['/es']]);
  expect(await links('editor', '/briefings/none')).toEqual([404, ['/desk', '/account'], ['/', '/desk']]);
  expect(await links('admin', '/categories/cloud-service?page=x')).toEqual([
    400,
    ['/desk', '/admin', '/account'],
    ['/', '/desk', '/admin'],
  ]);
});

test('every text of a briefing stands in its own direction, on its page and in lists', async () => {
  const own = [...`${TEXTS}${PASSAGES}`.matchAll(/^(?:.*: |\s*- |)((?:[A-Z]|GATED ).*)$/gm)].map(([, text]) => text!);
  const texts = ['Cloud Service', 'The open body.', 'One Org', ...own];
  const textsIn = (node: Node): Node[] =>
    node.nodeType === NodeType.TEXT_NODE ? [node] : node.childNodes.flatMap(textsIn);
  const turned = (node: Node | null): boolean =>
    node !== null &&
    'getAttribute' in node &&
    (/ dir="auto"/.test(` ${(node as HTMLElement).rawAttrs}`) || turned(node.parentNode));
  const met = new Set<string>();
  for (const [path, who] of [
    ['/briefings/a-signal', cast.alliance],
    ['/', cast.visitor],
    ['/categories/cloud-service', cast.visitor],
  ] as const) {
    const page = await read(who, path);
    for (const node of textsIn(page.html.querySelector('main')!)) {
      const found = texts.find((text) => node.text.includes(text));
      if (found === undefined) continue;
      met.add(found);
      expect([path, node.text.trim(), turned(node.parentNode)]).toEqual([path, node.text.trim(), true]);
    }
  }
  expect([...met].sort()).toEqual([...new Set(texts)].sort());
});

test("a member and a visitor of one address never meet each other's page", async () => {
  for (const who of [cast.visitor, cast.alliance, cast.visitor, cast.circle, cast.visitor])
    expect(opened((await read(who)).text)).toEqual(due(who.rank));
  const { headers } = await read(cast.alliance);
  const answer = await visit(`${dossier.url}/briefings/a-signal`, {
    headers: { 'If-None-Match': headers.get('etag')! },
  });
  expect([answer.status, opened(answer.text)]).toEqual([200, []]);
});

test('a member known to this process is read from the session alone: no database', async () => {
  await read(cast.circle);
  const spy = jest.spyOn(dossier.wall, 'read');
  expect((await read(cast.circle)).status).toBe(200);
  expect(spy).not.toHaveBeenCalled();
  spy.mockRestore();
});

describe('on the next request, in every process,', () => {
  let second: Dossier;
  beforeAll(async () => {
    second = await startDossier({ on: dossier.urls });
  });
  afterAll(() => second.stop());

  const both = async (who: Member) =>
    Promise.all(
      [dossier, second].map(async ({ url }) =>
        opened((await visit(`${url}/briefings/a-signal`, { headers: who.headers })).text),
      ),
    );

  test.each<[string, (id: string) => Promise<unknown>, number, number]>([
    [
      'a grant is in force',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.grant.create({ data: { accountId, tierSlug: 'leadership-alliance', source: 'COMP', from: new Date() } }),
        ),
      10,
      20,
    ],
    [
      'an ended one is not',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.grant.updateMany({ where: { accountId }, data: { until: new Date(Date.now() - 1000) } }),
        ),
      10,
      0,
    ],
    [
      'a revoked one is not',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.grant.updateMany({ where: { accountId }, data: { revokedAt: new Date(Date.now() - 1000) } }),
        ),
      10,
      0,
    ],
    [
      'a suspended account is nobody',
      (id) =>
        dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { state: 'suspended' } })),
      10,
      0,
    ],
    [
      'an ended login is nobody',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { accountId }, data: { endedAt: new Date() } }),
        ),
      10,
      0,
    ],
    [
      'an account of another role has to log in again',
      (id) =>
        dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { role: 'support' } })),
      10,
      0,
    ],
    [
      'an account that was suspended and is not any more has to log in again',
      async (id) => {
        await dossier.wall.write(accountsViewer, (db) =>
          db.account.update({ where: { id }, data: { state: 'suspended' } }),
        );
        await dossier.wall.write(accountsViewer, (db) =>
          db.account.update({ where: { id }, data: { state: 'active' } }),
        );
      },
      10,
      0,
    ],
    [
      'a deleted account is nobody',
      (id) => dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id } })),
      10,
      0,
    ],
  ])('%s', async (_name, change, before, after) => {
    const who = await enter(dossier, 'circle');
    expect(await both(who)).toEqual([due(before), due(before)]);
    await change(who.id!);
    await until(async () => JSON.stringify(await both(who)) === JSON.stringify([due(after), due(after)]), 1_000);
  });
});

test('a grant that ends while it is remembered ends at its time', async () => {
  const who = await enter(dossier, 'stranger');
  await dossier.wall.write(accountsViewer, (db) =>
    db.grant.create({
      data: {
        accountId: who.id!,
        tierSlug: 'strategy-circle',
        source: 'TRIAL',
        from: new Date(),
        until: new Date(Date.now() + 4_000),
      },
    }),
  );
  await until(async () => opened((await read(who)).text).length === 2);
  await until(async () => opened((await read(who)).text).length === 0);
});

test('a session older than its absolute lifetime is over, and one that was forged never began', async () => {
  const who = await enter(dossier, 'alliance');
  const old = await logIn(dossier, who.id!, Date.now() - 91 * DAY);
  expect(opened((await visit(`${dossier.url}/briefings/a-signal`, { headers: { Cookie: old } })).text)).toEqual([]);
  const forged = who.headers['Cookie']!.replace(/.{6}$/, 'AAAAAA');
  expect(opened((await visit(`${dossier.url}/briefings/a-signal`, { headers: { Cookie: forged } })).text)).toEqual([]);
});

test('whoever is sent away reads on without a cookie, and may log in with the very next form', async () => {
  const page = await read(await enter(dossier, 'suspended'));
  expect(page.headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual(['dossier=']);
  const { headers } = await enter(dossier, 'suspended');
  const answer = await visit(`${dossier.url}/login`, {
    method: 'POST',
    headers: { ...headers, Origin: dossier.url },
    body: new URLSearchParams({ email: '', password: '' }),
  });
  expect(answer.status).toBe(422);
});

test('the id of a session is not what the store keeps', async () => {
  const cookie = decodeURIComponent(cast.circle.headers['Cookie']!.split('=')[1]!).slice(2).split('.')[0]!;
  const { rows } = await dossier.stores.sessions.query<{ sid: string }>('SELECT sid FROM sessions');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.map(({ sid }) => sid)).not.toContain(cookie);
});

test('a visitor who only reads gets no cookie, whatever they send', async () => {
  for (const headers of [{}, { Cookie: 'dossier=s%3Anothing.here' }, { Cookie: 'other=1' }]) {
    expect((await visit(`${dossier.url}/briefings/a-signal`, { headers })).headers.get('set-cookie')).toBeNull();
  }
  expect(VISITOR.headers).toEqual({});
});

test('a session under a new id leaves the old one dead, also where it was known', async () => {
  const other = await startDossier({ on: dossier.urls });
  try {
    const { email } = await anAccount(dossier);
    const before = await send(dossier, '/login', { email, password: PASSWORD });
    const cookie = cookiesOf(before);
    const there = async (shown: string) =>
      opened((await visit(`${other.url}/briefings/a-signal`, { headers: { Cookie: shown } })).text);
    for (let round = 0; round < 3; round++) expect(await there(cookie)).toEqual(CIRCLE);
    const answer = await send(
      dossier,
      '/account/password',
      { current: PASSWORD, 'new-password': 'another long enough passphrase' },
      { cookie },
    );
    expect(answer.status).toBe(303);
    // Whoever reads on under the new id brings the account back to mind, and its login is open.
    for (let round = 0; round < 3; round++) expect(await there(cookiesOf(answer))).toEqual(CIRCLE);
    expect(await there(cookie)).toEqual([]);
  } finally {
    await other.stop();
  }
});
