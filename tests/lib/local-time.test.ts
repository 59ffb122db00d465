import {
  isTimeZone,
  momentIn,
  readLocal,
  startOfDay,
  endOfDay,
  writeLocal,
  writeWithOffset,
} from '../../src/lib/local-time';

/** Times of the clock around its changes, as they are read in a zone. */
test.each([
  ['2026-11-29T14:05', 'UTC', '2026-11-29T14:05:00Z'],
  ['2026-11-29 14:05:07', 'UTC', '2026-11-29T14:05:07Z'],
  ['2026-11-29T14:05', 'Europe/Zurich', '2026-11-29T13:05:00Z'],
  ['2026-06-29T14:05', 'America/New_York', '2026-06-29T18:05:00Z'],
  ['2026-11-29T14:05Z', 'Europe/Zurich', '2026-11-29T14:05:00Z'],
  ['2026-11-29 14:05 UTC', 'Europe/Zurich', '2026-11-29T14:05:00Z'],
  ['2026-10-25 02:30 +01:00', 'Europe/Zurich', '2026-10-25T01:30:00Z'],
  ['2026-10-25T02:30', 'UTC', '2026-10-25T02:30:00Z'],
  ['2026-04-05T02:45', 'Australia/Lord_Howe', '2026-04-04T16:15:00Z'],
])('%s in %s is %s', (text, zone, at) => {
  expect(momentIn(text, zone)).toEqual(new Date(at));
});

test.each([
  ['2026-03-29T02:30', 'Europe/Zurich', 'skipped', '2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z'],
  ['2026-10-25T02:30', 'Europe/Zurich', 'twice', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ['2026-11-01T01:00', 'America/New_York', 'twice', '2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
  // Half an hour alone, on an island.
  ['2026-04-05T01:45', 'Australia/Lord_Howe', 'twice', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
  // A whole day that Samoa left out.
  ['2011-12-30T12:00', 'Pacific/Apia', 'skipped', '2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z'],
])('%s in %s is %s', (text, zone, is, earlier, later) => {
  expect(readLocal(text, zone)).toEqual({ is, earlier: new Date(earlier), later: new Date(later) });
  expect(momentIn(text, zone)).toBeNull();
});

test.each(['', '2026-02-30T10:00', '2026-11-29', '2026-11-29T24:00', '2026-11-29T14:05 +25:00', 'tomorrow'])(
  '%j is no moment',
  (text) => expect(readLocal(text, 'Europe/Zurich')).toEqual({ is: 'nothing' }),
);

test('what is written is read again as the same moment, also where the clock shows it twice', () => {
  for (const zone of ['UTC', 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])
    for (const iso of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-11-01T05:30:07Z', '2026-07-01T12:00:00Z'])
      for (const write of [writeLocal, writeWithOffset])
        expect(momentIn(write(new Date(iso), zone), zone)).toEqual(new Date(iso));
  expect(writeLocal(new Date('2026-10-25T00:30:00Z'), 'Europe/Zurich')).toBe('2026-10-25 02:30 +02:00');
  expect(writeLocal(new Date('2026-07-01T12:00:00Z'), 'Europe/Zurich')).toBe('2026-07-01T14:00:00');
});

test('a day begins and ends by the clocks of its zone', () => {
  expect(startOfDay('2026-10-25', 'Europe/Zurich')).toEqual(new Date('2026-10-24T22:00:00Z'));
  expect(endOfDay(new Date('2026-10-25T12:00:00Z'), 'Europe/Zurich')).toEqual(new Date('2026-10-25T23:00:00Z'));
  expect(startOfDay('2026-02-30', 'UTC')).toBeNull();
});

test('a zone is one that has a name', () => {
  expect(['UTC', 'Europe/Zurich', 'America/Argentina/Buenos_Aires'].every(isTimeZone)).toBe(true);
  expect(['', '+02:00', 'Europe/Nowhere', 'europe/<b>'].some(isTimeZone)).toBe(false);
});
