import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { beginDigest, lastDue } from '../../src/issues/digest';
import type { Digest } from '../../src/issues/lists';
import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
  for (const slug of ['a-signal', 'another'])
    await dossier.take(slug, { 'en.md': original({ slug }), 'es.md': SPANISH });
});
afterAll(() => dossier.stop());
beforeEach(() => dossier.wall.write(accountsViewer, (db) => db.issue.deleteMany()));

// New York puts its clocks forward on 2027-03-14 and back on 2027-11-07; Samoa had no 2011-12-30.
test.each([
  ['daily', '2027-03-13T12:00:00Z', 'America/New_York', '2027-03-13T11:00:00Z'],
  ['daily', '2027-03-14T09:59:59Z', 'America/New_York', '2027-03-13T11:00:00Z'],
  ['daily', '2027-03-14T10:00:00Z', 'America/New_York', '2027-03-14T10:00:00Z'],
  ['daily', '2027-11-07T10:30:00Z', 'America/New_York', '2027-11-06T10:00:00Z'],
  ['daily', '2027-11-07T11:00:00Z', 'America/New_York', '2027-11-07T11:00:00Z'],
  ['weekly', '2027-03-15T09:59:00Z', 'America/New_York', '2027-03-08T11:00:00Z'],
  ['weekly', '2027-03-15T10:00:00Z', 'America/New_York', '2027-03-15T10:00:00Z'],
  ['weekly', '2027-03-21T23:00:00Z', 'America/New_York', '2027-03-15T10:00:00Z'],
  ['daily', '2027-03-14T00:15:00Z', 'Asia/Kathmandu', '2027-03-14T00:15:00Z'],
  ['daily', '2011-12-30T15:00:00Z', 'Pacific/Apia', '2011-12-29T16:00:00Z'],
] as const)('a %s digest was due last, at %s in %s, at %s, whatever the clocks did', (digest, now, zone, due) => {
  expect(lastDue(digest, new Date(now), zone)).toEqual(new Date(due));
});

const publish = (slug: string, publishedAt: string) =>
  dossier.wall.write(editorialViewer, (db) =>
    db.briefing.update({ where: { slug }, data: { publishedAt: new Date(publishedAt) }, select: { id: true } }),
  );
const askAt = (now: string, zone: string, digest: Digest = 'daily') =>
  beginDigest({ wall: dossier.wall, clock: { now: () => new Date(now) }, zone }, digest);
const sent = async () =>
  (await dossier.wall.read(accountsViewer, (db) => db.issue.findMany({ orderBy: { sendAt: 'asc' } }))).map(
    ({ sendAt, briefingIds }) => `${sendAt.toISOString().slice(0, 16)} ${briefingIds.length}`,
  );

test('asked every quarter of an hour it is one digest, of what there was at six', async () => {
  await publish('a-signal', '2027-03-13T20:00:00Z');
  await publish('another', '2027-03-14T10:05:00Z');
  for (const at of ['09:45', '10:00', '10:15', '10:30', '15:45'])
    await askAt(`2027-03-14T${at}:00Z`, 'America/New_York');
  expect(await sent()).toEqual(['2027-03-14T10:00 1']);
  await askAt('2027-03-15T10:00:00Z', 'America/New_York');
  expect(await sent()).toEqual(['2027-03-14T10:00 1', '2027-03-15T10:00 1']);
});

test('where nothing is new at six, what comes after it waits for the next morning', async () => {
  await publish('a-signal', '2027-03-14T10:05:00Z');
  await publish('another', '2026-01-01T00:00:00Z');
  for (const at of ['10:00', '10:15']) await askAt(`2027-03-14T${at}:00Z`, 'America/New_York');
  expect(await sent()).toEqual([]);
  await askAt('2027-03-15T10:00:00Z', 'America/New_York');
  expect(await sent()).toEqual(['2027-03-15T10:00 1']);
});

test.each([
  ['west, where the morning comes again', 'UTC', '06:00', 'America/New_York', ['2027-06-02T10:00 1']],
  ['east, where the next one comes soon', 'America/New_York', '10:00', 'Asia/Tokyo', ['2027-06-02T21:00 1']],
  ['east, where it comes in half a day and more', 'UTC', '06:00', 'Asia/Tokyo', ['2027-06-01T21:00 1']],
  ['across the date line', 'Pacific/Kiritimati', '16:00', 'Pacific/Pago_Pago', ['2027-06-02T17:00 1']],
])(
  'after a change of the zone %s nothing goes twice and nothing is left out',
  async (_what, before, hour, after, then) => {
    const first = `2027-06-01T${hour}`;
    await publish('a-signal', '2027-05-31T20:00:00Z');
    await publish('another', `${first}:30Z`);
    await askAt(`${first}:00Z`, before);
    expect(await sent()).toEqual([`${first} 1`]);
    // Every quarter of an hour, for two days.
    for (let n = 1; n <= 192; n++) await askAt(new Date(Date.parse(`${first}:00Z`) + n * 900_000).toISOString(), after);
    expect(await sent()).toEqual([`${first} 1`, ...then]);
  },
);

test('a weekly digest goes on Mondays, and once a week through a change of the zone', async () => {
  await publish('a-signal', '2027-05-29T20:00:00Z');
  await publish('another', '2027-06-01T00:00:00Z');
  await askAt('2027-05-30T16:00:00Z', 'Pacific/Kiritimati', 'weekly');
  for (let n = 1; n <= 9 * 24; n++)
    await askAt(
      new Date(Date.parse('2027-05-30T16:00:00Z') + n * 3_600_000).toISOString(),
      'Pacific/Pago_Pago',
      'weekly',
    );
  expect(await sent()).toEqual(['2027-05-30T16:00 1', '2027-06-07T17:00 1']);
});

test('what nobody could begin for hours waits for the next morning, which has all of it', async () => {
  await publish('a-signal', '2027-06-01T20:00:00Z');
  await publish('another', '2027-06-02T20:00:00Z');
  await askAt('2027-06-02T12:15:00Z', 'UTC');
  expect(await sent()).toEqual([]);
  await askAt('2027-06-03T08:15:00Z', 'UTC');
  expect(await sent()).toEqual(['2027-06-03T06:00 1']);
});
