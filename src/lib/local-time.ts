import { Temporal } from 'temporal-polyfill';

/** Moments as the publication writes and reads them: in its time zone, in its style. */
export interface TimeStyle {
  /** IANA name, `Europe/Zurich`; `UTC` is one. */
  readonly zone: string;
  readonly dates: DateStyle;
}

/** How days are written: as each place has it in the language, in numbers, written out, or as ISO 8601 has it. */
export const DATE_STYLES = ['language', 'numeric', 'long', 'iso'] as const;
export type DateStyle = (typeof DATE_STYLES)[number];

/** What holds until something else is set. */
export const UTC_STYLE: TimeStyle = { zone: 'UTC', dates: 'language' };

/** Is that the IANA name of a time zone this machine knows? An offset such as `+02:00` is none: it has no clocks. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Every time zone there is to choose, UTC first. */
export const timeZones = (): string[] => [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC' && name !== 'Etc/UTC'),
];

/**
 * What a day and a time of the clock mean in a zone: one moment; none, for clocks were put forward over it; or two, for
 * they were put back over it. `earlier` and `later` are the moments that may be meant: of a time that was left out what
 * the clock before and the clock after the change make of it.
 */
export type LocalReading =
  | { readonly is: 'moment'; readonly at: Date }
  | { readonly is: 'skipped' | 'twice'; readonly earlier: Date; readonly later: Date }
  | { readonly is: 'nothing' };

const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?: ?(Z|UTC|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a moment as `datetime-local` sends it, in that zone, or as people write it: with a space, and with `Z`, `UTC`
 * or an offset such as `+02:00` behind it, which says which moment is meant wherever one is.
 */
export function readLocal(text: string, zone: string): LocalReading {
  const [, day, minute, second = ':00', offset] = LOCAL.exec(text.trim()) ?? [];
  if (day === undefined) return { is: 'nothing' };
  try {
    const local = Temporal.PlainDateTime.from(`${day}T${minute}${second}`, { overflow: 'reject' });
    const at = (disambiguation: 'earlier' | 'later') => local.toZonedDateTime(zone, { disambiguation });
    if (offset !== undefined) {
      const fixed = offset === 'Z' || offset === 'UTC' ? 'UTC' : offset;
      return { is: 'moment', at: new Date(local.toZonedDateTime(fixed).epochMilliseconds) };
    }
    const [earlier, later] = [at('earlier'), at('later')];
    const [first, last] = [new Date(earlier.epochMilliseconds), new Date(later.epochMilliseconds)];
    if (first.getTime() === last.getTime()) return { is: 'moment', at: first };
    return { is: earlier.toPlainDateTime().equals(local) ? 'twice' : 'skipped', earlier: first, later: last };
  } catch {
    return { is: 'nothing' };
  }
}

/** The same when one moment is meant; null when none is, or two may be. */
export function momentIn(text: string, zone: string): Date | null {
  const read = readLocal(text, zone);
  return read.is === 'moment' ? read.at : null;
}

/** A moment as a `datetime-local` field holds it, to the second; with its offset where the clock shows it twice. */
export function writeLocal(time: Date, zone: string): string {
  const local = zoned(time, zone).toPlainDateTime().toString({ smallestUnit: 'second' });
  return readLocal(local, zone).is === 'moment' ? local : writeWithOffset(time, zone);
}

/** A moment with its offset, as `readLocal` understands it whatever the zone: `2026-10-25 02:30 +02:00`. */
export function writeWithOffset(time: Date, zone: string): string {
  const there = zoned(time, zone);
  const minutes = there.second === 0 ? 'minute' : 'second';
  const local = there.toPlainDateTime().toString({ smallestUnit: minutes }).replace('T', ' ');
  return `${local} ${there.offset === '+00:00' ? 'UTC' : there.offset}`;
}

/** The day a moment falls on in that zone, `2026-11-29`. */
export const dayIn = (time: Date, zone: string): string => zoned(time, zone).toPlainDate().toString();

/** The moment a day begins in that zone; null for what is no day. */
export function startOfDay(day: string, zone: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  try {
    const date = Temporal.PlainDate.from(day, { overflow: 'reject' });
    return new Date(date.toZonedDateTime(zone).epochMilliseconds);
  } catch {
    return null;
  }
}

/** The moment the day is over that a moment falls on. */
export const endOfDay = (time: Date, zone: string): Date =>
  new Date(zoned(time, zone).toPlainDate().add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds);

const zoned = (time: Date, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone);
