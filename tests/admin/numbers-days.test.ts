import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { rangeOf } from '../../src/admin/numbers/range';
import { original, SPANISH } from '../support/briefing';
import { logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { open, somebody } from './support';

// New York puts its clocks forward on 2027-03-14 and back on 2027-11-07.
const ZONE = 'America/New_York';
const time = new Date('2027-03-15T03:30:00Z');
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ clock: { now: () => time } });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await setSetting(dossier, 'time', { zone: ZONE });
});
afterAll(() => dossier.stop());

const hoursOf = (day: string, now: string) => {
  const { buckets } = rangeOf('30-days', new Date(0), new Date(now), ZONE);
  const place = buckets.findIndex(({ key }) => key === day);
  return (buckets[place + 1]!.from.getTime() - buckets[place]!.from.getTime()) / 3_600_000;
};

test('a range ends with the day it is in the zone, and a day is as long as its clocks make it', () => {
  const { buckets } = rangeOf('30-days', new Date(0), new Date('2027-03-15T03:30:00Z'), ZONE);
  expect([buckets.length, buckets[0]!.key, buckets.at(-1)]).toEqual([
    30,
    '2027-02-13',
    { key: '2027-03-14', from: new Date('2027-03-14T05:00:00Z') },
  ]);
  expect(['2027-03-13', '2027-03-14', '2027-03-15'].map((day) => hoursOf(day, '2027-03-20T12:00:00Z'))).toEqual([
    24, 23, 24,
  ]);
  expect(hoursOf('2027-11-07', '2027-11-20T12:00:00Z')).toBe(25);
  const months = rangeOf('12-months', new Date(0), new Date('2027-03-31T23:00:00Z'), ZONE).buckets;
  expect([months.length, months[0]!.key, months.at(-1)!.from]).toEqual([
    12,
    '2026-04-01',
    new Date('2027-03-01T05:00:00Z'),
  ]);
  // Where a day begins at one in the morning, and where there was none.
  expect(rangeOf('30-days', new Date(0), new Date('2018-11-05T12:00:00Z'), 'America/Sao_Paulo').buckets.at(-2)).toEqual(
    {
      key: '2018-11-04',
      from: new Date('2018-11-04T03:00:00Z'),
    },
  );
  expect(rangeOf('all', new Date(0), new Date(0), 'Pacific/Apia').buckets).toHaveLength(1);
});

const lines = (text: string) => text.replace('\ufeff', '').trimEnd().split('\r\n');

test('members and readings stand on the day it was in the zone, page and files say which, and a change of it moves no sum', async () => {
  const { id } = await somebody(dossier, 'admin');
  const admin = { cookie: await logIn(dossier, id, time.getTime()) };
  for (const [n, createdAt] of ['2027-03-14T04:59:59Z', '2027-03-14T05:00:00Z', '2027-03-15T03:29:00Z'].entries())
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.create({
        data: { email: `days-${n}@example.org`, name: 'N', lang: 'en', createdAt: new Date(createdAt) },
        select: { id: true },
      }),
    );
  dossier.app.counters.count(['read a-signal 0']);
  await dossier.app.counters.flush();
  const file = (name: string, path = name) => open(dossier, admin, `/admin/numbers/${path}.csv?range=30-days`);
  const joined = await file('joins');
  expect(
    lines(joined.text)
      .slice(-2)
      .map((row) => row.split(',').slice(0, 3).join()),
  ).toEqual(['2027-03-13,0,1', '2027-03-14,0,2']);
  expect(joined.headers.get('content-disposition')).toContain('joins-30-days-2027-03-14-America-New_York.csv');
  expect(lines((await file('reads')).text).at(-1)).toMatch(/^2027-03-14,1,/);
  expect(lines((await file('briefings')).text)).toEqual(['day,briefing,rank,reads', '2027-03-14,a-signal,0,1']);
  const page = await open(dossier, admin, '/admin/numbers?range=30-days');
  expect(said(page, '.numbers-head')).toContain('Days and months are those of America/New_York');
  expect(page.html.querySelectorAll('[aria-labelledby^=joins] tbody th').at(-1)!.text).toBe('Mar 14, 2027');

  // It is the 15th in Tokyo, and what was counted there stays on its day when the publication moves back.
  await setSetting(dossier, 'time', { zone: 'Asia/Tokyo' });
  dossier.app.counters.count(['read a-signal 0', 'read a-signal 0']);
  await dossier.app.counters.flush();
  expect(
    lines((await file('reads')).text)
      .slice(-2)
      .map((row) => row.slice(0, 13)),
  ).toEqual(['2027-03-14,1,', '2027-03-15,2,']);
  await setSetting(dossier, 'time', { zone: ZONE });
  expect(lines((await file('reads')).text).at(-1)).toMatch(/^2027-03-14,3,/);
  expect(lines((await file('briefings')).text).slice(1)).toEqual([
    '2027-03-14,a-signal,0,1',
    '2027-03-15,a-signal,0,2',
  ]);
  const kept = await dossier.wall.read(editorialViewer, (db) => db.readCount.findMany({ orderBy: { day: 'asc' } }));
  expect(kept.map(({ day, reads }) => [day.toISOString().slice(0, 10), reads])).toEqual([
    ['2027-03-14', 1],
    ['2027-03-15', 2],
  ]);
});

test('search counts and narrows by the years of the zone', async () => {
  await dossier.wall.write(editorialViewer, (db) =>
    db.briefing.update({ where: { slug: 'a-signal' }, data: { publishedAt: new Date('2026-01-01T03:00:00Z') } }),
  );
  const { html } = await visit(`${dossier.url}/search?q=signal`);
  expect(html.querySelectorAll('a[href*="year="]').map((one) => one.getAttribute('href'))).toEqual([
    expect.stringContaining('year=2025'),
  ]);
  const found = async (year: number) =>
    (await visit(`${dossier.url}/search?q=signal&year=${year}`)).html.querySelectorAll('.found-title').length;
  expect([await found(2025), await found(2026)]).toEqual([1, 0]);
});
