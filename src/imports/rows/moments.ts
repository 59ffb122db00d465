import { endOfDay, startOfDay } from '../../lib/local-time';

/** Before that nothing of what is brought in can have been. */
const FIRST = new Date('1990-01-01T00:00:00Z');

const WHOLE = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/;

/**
 * A moment as exports write it: ISO 8601, a space for its T, without a zone UTC. A day by itself is over at its end in
 * `zone` where one is given, and begins with it else. What may be read in two ways (`03/04/2025`) is not read.
 */
export function readMoment(text: string, zone?: string): Date | null {
  const [, day, time, offset = 'Z'] = WHOLE.exec(text) ?? [];
  if (day === undefined) return null;
  if (time === undefined && zone !== undefined) return lastMomentOfDay(day, zone);
  const ofZone = offset === 'UTC' ? 'Z' : offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const moment = new Date(`${day}T${time ?? '00:00'}${ofZone}`);
  // A day that no month has becomes one of the next.
  const isDay = startOfDay(day, 'UTC') !== null;
  return isDay && moment >= FIRST && moment.getTime() < Date.UTC(2200, 0) ? moment : null;
}

/** The last moment of a day: `2027-01-31`. Null: there is no such day. */
export function lastMomentOfDay(day: string, zone: string): Date | null {
  const start = startOfDay(day, zone);
  return start && new Date(endOfDay(start, zone).getTime() - 1);
}
