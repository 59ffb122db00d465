import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { beginAlerts } from '../../src/issues/follows/alerts';
import { beginDigest, lastDue } from '../../src/issues/digest';
import { unsubscribeToken } from '../../src/issues/unsubscribe-token';
import { original, SPANISH } from '../support/briefing';
import { enter, enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { SESSION_SECRET, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { visit } from '../support/page';
import { until } from '../support/until';
import { messageId, partOf, sendToMany, startIssues, to } from './support';

let server: MailServer;
let dossier: Dossier;
let cast: Record<Name, Member>;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server);
  cast = await enterAll(dossier);
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});
beforeEach(async () => {
  server.received.length = 0;
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.follow.deleteMany();
    await db.listChoice.deleteMany();
  });
  await forget();
});

/** What has come out so far is old, and nobody was told. */
async function forget(): Promise<void> {
  await dossier.wall.write(accountsViewer, (db) => db.issue.deleteMany());
  await dossier.wall.write(editorialViewer, (db) =>
    db.briefing.updateMany({ data: { publishedAt: new Date('2024-01-01'), earlyUntil: null, earlyTier: null } }),
  );
}

const cookieOf = ({ headers }: Member) => ({ cookie: headers['Cookie']! });
const follow = (member: Member, query: string, list = 'each') =>
  send(dossier, '/account/follow', { query, list }, cookieOf(member));
const followsOf = (member: Member) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.follow.findMany({ where: { accountId: member.id! }, orderBy: { createdAt: 'asc' } }),
  );

let made = 0;
/** A briefing that comes out now, with a word in what the highest tier opens; its id. */
async function comesOut(word = 'nothing', changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const slug = `news-${made++}`;
  const file = original({ slug, published: new Date().toISOString(), ...changes });
  await dossier.take(slug, { 'en.md': file.replace('GATED evidence text.', `A ${word} crosses.`), 'es.md': SPANISH });
  const { id } = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } }),
  );
  return id;
}
const strike = () => beginAlerts({ wall: dossier.wall, clock: { now: () => new Date() } });
const issues = () => dossier.wall.read(accountsViewer, (db) => db.issue.findMany({ include: { letters: true } }));
/** Nothing of any issue is left to be done. */
const settled = () => until(async () => (await issues()).every(({ state }) => state === 'sent'), 30_000);
const lettersTo = (member: Member) => to(server, member.email!);

describe('following', () => {
  test('a member follows from the page of an organization, a category and a search; it is listed, changed and removed', async () => {
    for (const [page, address] of [
      ['/organizations/one-org', '/account/follow?organization=one-org'],
      ['/categories/cloud-service', '/account/follow?category=cloud-service'],
      ['/search?q=signal&region=Somewhere&sort=newest', '/account/follow?q=signal&region=Somewhere'],
    ] as const) {
      const shown = await visit(`${dossier.url}${page}`, { headers: cast.circle.headers });
      expect(shown.html.querySelector('.follow a')!.getAttribute('href')).toBe(address);
      expect((await visit(`${dossier.url}${page}`)).text).not.toContain('/account/follow');
      const form = await visit(`${dossier.url}${address}`, { headers: cast.circle.headers });
      const query = form.html.querySelector('input[name="query"]')!.getAttribute('value')!;
      expect((await follow(cast.circle, query, 'weekly')).headers.get('location')).toBe(
        '/account/letters?done=followed',
      );
    }
    // Once more is the same, heard of otherwise.
    await follow(cast.circle, 'organization=one-org', 'daily');
    const room = await visit(`${dossier.url}/account/letters`, { headers: cast.circle.headers });
    const rows = room.html.querySelectorAll('.rows .row');
    expect(rows.map((row) => [row.querySelector('a')!.text, row.querySelector('option[selected]')!.text])).toEqual([
      ['“signal” · Region: Somewhere', 'In the weekly digest'],
      ['Category: Cloud Service', 'In the weekly digest'],
      ['Organization: One Org', 'In the daily digest'],
    ]);
    const [first] = await followsOf(cast.circle);
    await send(dossier, '/account/follow/list', { id: first!.id, list: 'none' }, cookieOf(cast.circle));
    await send(dossier, '/account/follow/remove', { id: first!.id }, cookieOf(cast.alliance));
    expect((await followsOf(cast.circle)).map(({ list }) => list)).toEqual(['none', 'weekly', 'weekly']);
    await send(dossier, '/account/follow/remove', { id: first!.id }, cookieOf(cast.circle));
    expect(await followsOf(cast.circle)).toHaveLength(2);
  });

  test('a hundred can be followed, and the next one is refused with a sentence and keeps what was chosen', async () => {
    const now = new Date();
    const row = (n: number) => ({ accountId: cast.circle.id!, query: `q=word${n}`, lang: 'en', list: 'each' });
    await dossier.wall.write(accountsViewer, (db) =>
      db.follow.createMany({
        data: Array.from({ length: 100 }, (_, n) => ({ ...row(n), chosenAt: now, createdAt: now })),
      }),
    );
    const refused = await follow(cast.circle, 'q=another', 'daily');
    expect([refused.status, refused.html.querySelector('[role="alert"]')?.text.trim()]).toEqual([
      422,
      expect.stringContaining('You follow 100 things'),
    ]);
    expect(refused.html.querySelector('input[checked]')!.getAttribute('value')).toBe('daily');
    expect((await follow(cast.circle, 'q=word7', 'none')).status).toBe(303);
  });

  test.each(['', 'q=%3F', 'page=2', 'q=a&category=No%20Slug'])(
    '%p looks for nothing, and is not followed',
    async (query) => {
      expect([(await follow(cast.circle, query)).status, await followsOf(cast.circle)]).toEqual([400, []]);
    },
  );

  test('what is followed is in what an account takes along, and gone with it', async () => {
    const member = await enter(dossier, 'circle');
    await follow(member, 'organization=one-org');
    const taken = await send(dossier, '/account/export', {}, cookieOf(member));
    expect(JSON.parse(taken.text)).toMatchObject({ follows: [{ query: 'organization=one-org', list: 'each' }] });
    await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: member.id! } }));
    expect(await followsOf(member)).toEqual([]);
  });

  test('a category that gets another address is followed on, and chosen letters about it go on', async () => {
    const follows = [
      'category=policy-watch',
      'q=category%3Dpolicy-watch&category=policy-watch',
      'q=x&category=policy-watch-too',
    ];
    for (const query of follows) expect((await follow(cast.circle, query)).status).toBe(303);
    const choice = new URLSearchParams({ list: 'each', lang: 'en', categories: 'policy-watch' });
    await send(dossier, '/account/letters', choice.toString(), cookieOf(cast.alliance));
    const at = '/desk/categories/policy-watch';
    const form = await visit(`${dossier.url}${at}`, { headers: cast.editor.headers });
    const fields = form.html
      .querySelectorAll('form.desk-category-form :is(input, textarea)')
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value') ?? one.text.trim()] as const);
    const typed = { ...Object.fromEntries(fields), slug: 'moved' };
    const renamed = await send(dossier, at, typed, cookieOf(cast.editor));
    expect(renamed.status).toBe(303);
    // A form that was open still names the address before.
    await follow(cast.alliance, 'category=policy-watch');
    expect((await followsOf(cast.alliance)).map(({ query }) => query)).toEqual(['category=moved']);
    expect((await followsOf(cast.circle)).map(({ query }) => query)).toEqual([
      'category=moved',
      'q=category%3Dpolicy-watch&category=moved',
      'q=x&category=policy-watch-too',
    ]);
    await comesOut('nothing', { category: 'moved' });
    await strike();
    await settled();
    expect(lettersTo(cast.circle)).toHaveLength(1);
    const [row] = await dossier.wall.read(accountsViewer, (db) => db.listChoice.findMany());
    expect(row!.categories).toEqual(['moved']);
  });

  test('an organization that only a draft names has no name here', async () => {
    const organizations = '\n    - key: hush-org\n      name: A Hushed Name\n      url: https://example.org';
    await dossier.take('hushed', {
      'en.md': original({ slug: 'hushed', state: 'draft', published: null, organizations }, ''),
    });
    const page = await visit(`${dossier.url}/account/follow?organization=hush-org`, { headers: cast.circle.headers });
    expect([page.status, page.text.includes('Hushed')]).toEqual([200, false]);
  });
});

describe('alerts', () => {
  const GENERAL = 'Alert to those who follow it';
  /** What the newest letter to many is called at `/admin/letters`, for somebody who works there. */
  const called = async (name: 'support' | 'admin') => {
    const { headers } = await enter(dossier, name);
    const list = await visit(`${dossier.url}/admin/letters`, { headers });
    return list.html.querySelector('tbody th')!.text.trim();
  };
  /** Slugs of what each letter to many brought somebody, as they take it along. */
  const sentTo = async (member: Member) => {
    const taken = await send(dossier, '/account/export', {}, cookieOf(member));
    const { lettersToMany } = JSON.parse(taken.text) as { lettersToMany: { sent: { briefings: string[] }[] } };
    return lettersToMany.sent.map(({ briefings }) => briefings);
  };

  test('one letter for one briefing, whatever matches and whoever else sends it; each as far as its reader reads', async () => {
    const [circle, alliance, idle] = [cast.circle, cast.alliance, cast.comped];
    for (const query of [
      'organization=one-org',
      'category=cloud-service',
      'q=signal',
      'q=se%C3%B1al',
      'region=Somewhere',
    ])
      for (const member of [circle, alliance]) expect((await follow(member, query)).status).toBe(303);
    await follow(idle, 'q=unheard');
    for (const member of [circle, idle])
      await send(dossier, '/account/letters', { list: 'each', lang: 'es' }, cookieOf(member));
    const id = await comesOut();
    await Promise.all([strike(), strike()]);
    await settled();
    await strike();
    const counts = () => [circle, alliance, idle].map((member) => lettersTo(member).length);
    expect(counts()).toEqual([1, 1, 0]);
    const [toCircle, toAlliance] = [circle, alliance].map((member) => partOf(lettersTo(member)[0]!, 'plain'));
    expect(toCircle).toContain('GATED contexto de tendencia.');
    expect([toCircle!.includes('GATED failure'), toAlliance!.includes('GATED failure')]).toEqual([false, true]);
    expect(toAlliance).toContain('it is about something you follow');
    for (const header of [/^List-Id: <alerts\./im, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im])
      expect(lettersTo(alliance)[0]!.raw).toMatch(header);

    await sendToMany(dossier, cast.editor, id);
    await settled();
    expect(counts()).toEqual([1, 1, 1]);
    // What the editor sends once more is meant, for all whom the first was for.
    await sendToMany(dossier, cast.editor, id);
    await settled();
    expect(counts()).toEqual([2, 1, 2]);
  });

  test('a word that a member may not read brings no letter and leaves no trace of one: in two worlds it is the same', async () => {
    const rows = [];
    for (const word of ['zeppelin', 'bicycle']) {
      await forget();
      for (const member of [cast.stranger, cast.circle, cast.alliance]) await follow(member, 'q=zeppelin');
      await comesOut(word);
      await strike();
      await settled();
      const [issue] = await issues();
      rows.push(issue!.letters.map(({ accountId, state }) => [accountId, state]));
    }
    expect(rows).toEqual([[[cast.alliance.id, 'sent']], []]);
    expect([cast.stranger, cast.circle, cast.alliance].map((one) => lettersTo(one).length)).toEqual([0, 0, 1]);
  });

  test('who may not read the word any more when it is sent gets none', async () => {
    const member = await enter(dossier, 'comped');
    await follow(member, 'q=submarine');
    await comesOut('submarine');
    server.refuse = true;
    await strike();
    const waits = async () => (await issues())[0]?.letters[0]?.failure ?? null;
    await until(async () => (await waits()) !== null, 30_000);
    await dossier.wall.write(accountsViewer, (db) =>
      db.grant.updateMany({ where: { accountId: member.id! }, data: { revokedAt: new Date() } }),
    );
    server.refuse = false;
    const { id } = (await issues())[0]!;
    await dossier.wall.write(accountsViewer, (db) => db.issueLetter.updateMany({ data: { dueAt: new Date(0) } }));
    await dossier.stores.pool.query(
      `SELECT graphile_worker.add_job('send-issue', json_build_object('issue', $1::uuid), job_key => 'issue ' || $1)`,
      [id],
    );
    await settled();
    expect([(await issues())[0]!.letters.map(({ state }) => state), lettersTo(member)]).toEqual([['skipped'], []]);
  });

  test('what is published for a tier first is told to it, and to the others when it opens', async () => {
    const [circle, alliance] = [await enter(dossier, 'circle'), await enter(dossier, 'alliance')];
    for (const member of [circle, alliance]) await follow(member, 'organization=one-org');
    const opens = new Date(Date.now() + 3_600_000);
    const early = `\n    tier: leadership-alliance\n    until: ${opens.toISOString().slice(0, 19)}Z`;
    const id = await comesOut('nothing', { early });
    await strike();
    await settled();
    expect([lettersTo(circle).length, lettersTo(alliance).length]).toEqual([0, 1]);
    expect([await called('support'), await called('admin')]).toEqual([GENERAL, 'Alert: A signal in English']);
    expect(await sentTo(alliance)).toEqual([[]]);
    await dossier.wall.write(editorialViewer, (db) =>
      db.briefing.update({
        where: { id },
        data: { earlyUntil: new Date(Math.floor(Date.now() / 1000) * 1000) },
        select: { id: true },
      }),
    );
    await strike();
    await settled();
    expect([lettersTo(circle).length, lettersTo(alliance).length]).toEqual([1, 1]);
    expect(await called('support')).toBe('Alert: A signal in English');
    expect((await sentTo(alliance)).flat()).toEqual([expect.stringMatching(/^news-/)]);
  });

  test('nobody hears of what came out before they followed it', async () => {
    const member = await enter(dossier, 'circle');
    await comesOut('nothing', { published: new Date(Date.now() - 60_000).toISOString() });
    await follow(member, 'organization=one-org');
    await strike();
    expect(await issues()).toEqual([]);
  });

  test('one that comes hours late stands still until an editor lets it go on', async () => {
    const member = await enter(dossier, 'circle');
    await follow(member, 'organization=one-org');
    await dossier.wall.write(accountsViewer, (db) => db.follow.updateMany({ data: { chosenAt: new Date(0) } }));
    const id = await comesOut('nothing', { published: new Date(Date.now() - 7 * 3_600_000).toISOString() });
    await strike();
    const own = (await issues()).filter(({ briefingIds }) => briefingIds.includes(id));
    expect(own.map(({ state, reason }) => [state, reason])).toEqual([['paused', 'late']]);
    const list = await visit(`${dossier.url}/desk/issues`, { headers: cast.editor.headers });
    expect(list.text).toContain('Alert: A signal in English');
    await dossier.wall.write(accountsViewer, (db) => db.issue.deleteMany());
    expect(lettersTo(member)).toEqual([]);
  });

  test('in a digest stands what one follows, and nothing else for whoever has not chosen the digest', async () => {
    const [follower, chooser] = [await enter(dossier, 'circle'), await enter(dossier, 'circle')];
    await follow(follower, 'q=%22signal+of+two%22', 'daily');
    await send(dossier, '/account/letters', { list: 'daily', lang: 'en' }, cookieOf(chooser));
    await dossier.wall.write(accountsViewer, (db) => db.follow.updateMany({ data: { chosenAt: new Date(0) } }));
    // Where it is between six and seven in the morning.
    const west = (new Date().getUTCHours() + 18) % 24;
    const zone = `Etc/GMT${west > 12 ? `-${24 - west}` : `+${west}`}`;
    const at = lastDue('daily', new Date(), zone);
    const published = new Date(at.getTime() - 3_600_000).toISOString();
    const file = (slug: string) => original({ slug, published });
    await dossier.take('in-digest', { 'en.md': file('in-digest').replace('A signal in English', 'A signal of two') });
    await dossier.take('in-digest-too', { 'en.md': file('in-digest-too').replace('A signal in English', 'The other') });
    await beginDigest({ wall: dossier.wall, clock: { now: () => new Date() }, zone }, 'daily');
    await settled();
    const [one, two] = [follower, chooser].map((member) => lettersTo(member).map((letter) => partOf(letter, 'plain')));
    expect([one!.length, one![0]!.includes('A signal of two'), one![0]!.includes('The other')]).toEqual([
      1,
      true,
      false,
    ]);
    expect([two!.length, two![0]!.includes('A signal of two'), two![0]!.includes('The other')]).toEqual([
      1,
      true,
      true,
    ]);
    expect(messageId(lettersTo(follower)[0]!)).not.toBe(messageId(lettersTo(chooser)[0]!));
  });

  test('leaving at one click ends the letters and keeps what is followed', async () => {
    const member = await enter(dossier, 'circle');
    await follow(member, 'organization=one-org');
    const token = unsubscribeToken(member.id!, [SESSION_SECRET]);
    const left = await fetch(`${dossier.url}/letters/one-click?token=${token}`, { method: 'POST' });
    expect([left.status, (await followsOf(member)).map(({ list }) => list)]).toEqual([200, ['none']]);
    await comesOut();
    await strike();
    expect(await issues()).toEqual([]);
  });
});
