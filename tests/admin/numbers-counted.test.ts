import { editorialViewer } from '../../src/access/viewer';
import { countsFromGate } from '../../src/briefings/reading/view-counts';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { isReading } from '../../src/http/reading';
import { openCounters } from '../../src/stores/counters';
import { original, SPANISH } from '../support/briefing';
import { asSuperuserIn } from '../support/stores/cluster';
import { aBuyer, askToPay, doneAt, sandboxOf, see, sessionIn } from '../support/billing/buyer';
import { enter, type Member } from '../support/cast';
import { anyEmail, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { open, somebody, type Somebody } from './support';

const READER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let dossier: Dossier;
let admin: Somebody;
let circle: Member;
let alliance: Member;
let editor: Member;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[an-older-name]' }), 'es.md': SPANISH });
  await dossier.take('another', {
    'en.md': original({ slug: 'another' }, '').replaceAll('example.org/', 'example.org/another/'),
  });
  [admin, circle, alliance, editor] = [
    await somebody(dossier, 'admin'),
    await enter(dossier, 'circle'),
    await enter(dossier, 'alliance'),
    await enter(dossier, 'editor'),
  ];
});
afterAll(() => dossier.stop());

const read = (path = '/briefings/a-signal', headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  visit(`${dossier.url}${path}`, { method, headers: { 'User-Agent': READER, ...headers } });

/** Everything that is counted, once it is written down: reads by rank, and gates by tier as shown, begun and done. */
async function counted(slug = 'a-signal') {
  await dossier.app.counters.flush();
  return dossier.wall.read(editorialViewer, async (db) => ({
    reads: Object.fromEntries(
      (await db.readCount.findMany({ where: { briefing: { slug } }, orderBy: { rank: 'asc' } })).map(
        ({ rank, reads }) => [rank, reads],
      ),
    ),
    gates: Object.fromEntries(
      (await db.gateCount.findMany({ where: { briefing: { slug } } })).map(({ tierSlug, shown, begun, done }) => [
        tierSlug,
        [shown, begun, done],
      ]),
    ),
  }));
}

test('a page read anew, from memory, and again by whoever has it, counts each time, with its gates', async () => {
  const first = await read();
  const spy = jest.spyOn(dossier.stores.pool, 'connect');
  await read();
  expect((await read('/briefings/a-signal', { 'If-None-Match': first.headers.get('etag')! })).status).toBe(304);
  expect(spy).not.toHaveBeenCalled();
  spy.mockRestore();
  await read('/es/briefings/a-signal');
  expect(await counted()).toEqual({
    reads: { 0: 4 },
    gates: { 'strategy-circle': [4, 0, 0], 'leadership-alliance': [4, 0, 0] },
  });
});

test('members count at how far they read, with the gates they still meet', async () => {
  for (const member of [circle, circle, alliance]) await read('/briefings/a-signal', member.headers);
  expect(await counted()).toEqual({
    reads: { 0: 4, 10: 2, 20: 1 },
    gates: { 'strategy-circle': [4, 0, 0], 'leadership-alliance': [6, 0, 0] },
  });
});

test('what is no reading does not count: staff, HEAD, programs, what a browser fetches ahead, and what is not there', async () => {
  const before = await counted();
  await read('/briefings/a-signal', editor.headers);
  await read('/briefings/a-signal', {}, 'HEAD');
  for (const agent of [
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'curl/8.5.0',
    'python-requests/2.32',
    'Twitterbot/1.0',
    'node',
  ])
    await read('/briefings/a-signal', { 'User-Agent': agent });
  await read('/briefings/a-signal', { 'Sec-Purpose': 'prefetch;prerender' });
  await read('/briefings/nobody-wrote-this');
  await read('/briefings/an-older-name');
  expect(await counted()).toEqual(before);
  expect([
    isReading({ method: 'GET', headers: {} }),
    isReading({ method: 'GET', headers: { 'user-agent': READER } }),
  ]).toEqual([false, true]);
});

test('a briefing without passages has no gate to count, and one with a query is counted without being kept', async () => {
  await read('/briefings/another?utm_source=a-letter');
  await read('/briefings/another?utm_source=a-letter');
  expect(await counted('another')).toEqual({ reads: { 0: 2 }, gates: {} });
});

/** The way a gate of a page leads. */
async function wayOf(tier: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { html } = await read('/briefings/a-signal', headers);
  return html.querySelector(`#gate-${tier} .gate-do a`)!.getAttribute('href')!.replaceAll('&amp;', '&');
}

test('whoever joins from a gate counts for it; whoever joins from elsewhere does not', async () => {
  const way = await wayOf('strategy-circle');
  const before = (await counted()).gates['strategy-circle']!;
  await read(way);
  expect((await counted()).gates['strategy-circle']).toEqual([before[0], before[1]! + 1, before[2]]);
  const next = new URL(way, dossier.url).searchParams.get('next')!;
  const join = (more: Record<string, string>) =>
    send(dossier, '/join/strategy-circle', { name: 'A newcomer', email: anyEmail(), password: PASSWORD, ...more });
  expect((await join({ next })).status).toBe(303);
  expect((await counted()).gates['strategy-circle']).toEqual([before[0], before[1]! + 1, before[2]! + 1]);
  // From the head of the page; from another site; from a briefing that nobody wrote; refused.
  await read('/join/strategy-circle?next=/briefings/a-signal');
  for (const next of [
    '/briefings/a-signal',
    'https://evil.example/briefings/a-signal#trend',
    '/briefings/nobody-wrote-this#trend',
    '/briefings/a-signal#elsewhere',
  ])
    await join({ next });
  await join({ next, email: 'none' });
  expect((await counted()).gates['strategy-circle']).toEqual([before[0], before[1]! + 1, before[2]! + 1]);
});

test('whoever pays from a gate counts for it once, however often they come back', async () => {
  const buyer = await aBuyer(dossier);
  const way = await wayOf('leadership-alliance', { Cookie: buyer.cookie });
  const before = (await counted()).gates['leadership-alliance']!;
  const next = new URL(way, dossier.url).searchParams.get('next')!;
  await read(way, { Cookie: buyer.cookie });
  await read(`${way}&back=1`, { Cookie: buyer.cookie });
  const session = sessionIn(await askToPay(dossier, buyer, 'month', { next }));
  expect((await see(dossier, buyer, doneAt(session, next))).status).toBe(303);
  expect((await counted()).gates['leadership-alliance']).toEqual([before[0], before[1]! + 1, before[2]]);
  sandboxOf(dossier).acts.payCheckout(session, { card: 'good' });
  for (let time = 0; time < 3; time++)
    expect((await see(dossier, buyer, doneAt(session, next))).headers.get('location')).toBe(next);
  expect((await counted()).gates['leadership-alliance']).toEqual([before[0], before[1]! + 1, before[2]! + 1]);
});

test('a briefing under the name it had is the same briefing, and a made-up tier is none', () => {
  expect(countsFromGate(DELIVERED_SHAPE, 'strategy-circle', '/es/briefings/a-signal#trend', 'done')).toEqual([
    'gate strategy-circle a-signal done',
  ]);
  for (const next of [
    null,
    '',
    '/',
    '/briefings/a-signal',
    '/briefings/A#trend',
    '/briefings/a-signal#x',
    '/join/leadership-alliance?next=/briefings/a-signal#trend',
    '/x/y/briefings/a-signal#trend',
  ])
    expect([next, countsFromGate(DELIVERED_SHAPE, 'strategy-circle', next, 'done')]).toEqual([next, []]);
});

test('an older name is counted for the briefing; what names nothing is dropped, and takes nothing along', async () => {
  const before = await counted();
  dossier.app.counters.count([
    'read an-older-name 0',
    'read nobody-wrote-this 0',
    'gate strategy-circle an-older-name shown',
    'gate no-tier a-signal shown',
    'read a-signal 0',
  ]);
  const after = await counted();
  expect([
    after.reads[0]! - before.reads[0]!,
    after.gates['strategy-circle']![0]! - before.gates['strategy-circle']![0]!,
    Object.keys(after.gates),
  ]).toEqual([2, 1, Object.keys(before.gates)]);
});

test('nothing of anybody is kept: a table of sums has a day, a briefing, a tier, and numbers', async () => {
  await asSuperuserIn(dossier.urls.superuser, async (client) => {
    const { rows } = await client.query<{ at: string; type: string }>(
      `SELECT table_name || '.' || column_name AS at, data_type AS type FROM information_schema.columns WHERE table_name IN ('read_counts', 'gate_counts') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { at: 'gate_counts.begun', type: 'integer' },
      { at: 'gate_counts.briefing_id', type: 'uuid' },
      { at: 'gate_counts.day', type: 'date' },
      { at: 'gate_counts.done', type: 'integer' },
      { at: 'gate_counts.shown', type: 'integer' },
      { at: 'gate_counts.tier_slug', type: 'text' },
      { at: 'read_counts.briefing_id', type: 'uuid' },
      { at: 'read_counts.day', type: 'date' },
      { at: 'read_counts.rank', type: 'integer' },
      { at: 'read_counts.reads', type: 'integer' },
    ]);
  });
  const { headers } = await read();
  expect(headers.getSetCookie()).toEqual([]);
});

test('the section shows them, and its files hold every sum', async () => {
  const { reads, gates } = await counted();
  const page = await open(dossier, admin, '/admin/numbers?range=30-days');
  const section = (name: string) => page.html.querySelector(`section[aria-labelledby^="${name}-"]`)!;
  const row = (name: string, label: string) =>
    section(name)
      .querySelectorAll('tbody tr')
      .find((one) => one.querySelector('th')!.text === label)!
      .querySelectorAll('td')
      .map((one) => one.text);
  expect(row('briefings', 'A signal in English').slice(0, 3)).toEqual([reads[0], reads[10], reads[20]].map(String));
  expect(
    section('reads')
      .querySelectorAll('.legend b')
      .map((one) => one.text),
  ).toEqual([String(reads[0]! + 2), String(reads[10]), String(reads[20])]);
  expect(row('gates', 'Strategy Circle: A signal in English').slice(0, 3)).toEqual(
    gates['strategy-circle']!.map(String),
  );
  expect(section('gates').querySelectorAll('.bars li')).toHaveLength(4);
  const today = dossier.clock.now().toISOString().slice(0, 10);
  const file = async (name: string) =>
    (await open(dossier, admin, `/admin/numbers/${name}.csv?range=30-days`)).text
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n');
  expect(await file('briefings')).toEqual(
    expect.arrayContaining(['day,briefing,rank,reads', `${today},a-signal,0,${reads[0]}`, `${today},another,0,2`]),
  );
  expect(await file('gates')).toEqual(
    expect.arrayContaining([
      'day,briefing,tier,shown,begun,done',
      `${today},a-signal,leadership-alliance,${gates['leadership-alliance']!.join(',')}`,
    ]),
  );
});

describe('a tally', () => {
  const silent = { warn: () => undefined };

  test('keeps what could not be written, adds to it meanwhile, and fails nobody', async () => {
    const written: Record<string, number>[] = [];
    let down = true;
    const tally = openCounters(
      (sums) => {
        if (down) return Promise.reject(new Error('away'));
        written.push(Object.fromEntries(sums));
        return Promise.resolve();
      },
      silent,
      1_000_000,
    );
    tally.count(['a', 'b']);
    await tally.flush();
    tally.count(['a']);
    await tally.flush();
    down = false;
    tally.count(['c', 'c']);
    await Promise.all([tally.flush(), tally.flush()]);
    expect(written).toEqual([{ a: 2, b: 1, c: 2 }]);
    tally.count(['d']);
    await tally.close();
    await tally.close();
    expect(written).toEqual([{ a: 2, b: 1, c: 2 }, { d: 1 }]);
  });

  test('what is counted while it writes is written the next time', async () => {
    const written: Record<string, number>[] = [];
    const tally = openCounters(
      async (sums) => {
        const own = Object.fromEntries(sums);
        if (written.length === 0) tally.count(['late']);
        await Promise.resolve();
        written.push(own);
      },
      silent,
      1_000_000,
    );
    tally.count(['early']);
    await tally.flush();
    await tally.close();
    expect(written).toEqual([{ early: 1 }, { late: 1 }]);
  });
});

test('a Dossier that stops writes down what it counted last', async () => {
  const other = await startDossier({ on: dossier.urls });
  const before = (await counted()).reads[0]!;
  await visit(`${other.url}/briefings/a-signal`, { headers: { 'User-Agent': READER } });
  await other.stop();
  expect((await counted()).reads[0]).toBe(before + 1);
});

test('a page is served while nothing can be written down', async () => {
  await read();
  const away = jest.spyOn(dossier.wall, 'write').mockRejectedValue(new Error('away'));
  expect((await read()).status).toBe(200);
  await dossier.app.counters.flush();
  expect((await read()).status).toBe(200);
  away.mockRestore();
  const before = (await counted()).reads[0]!;
  await read();
  expect((await counted()).reads[0]).toBe(before + 1);
});
