import { dayIn, type TimeStyle } from './local-time';

/** How moments are told: in the publication's time zone and style, as a language writes them. */
export interface Times {
  /** The publication's time zone, by its IANA name: every time below is told in it. */
  readonly zone: string;
  /** What that zone is called at a moment: `UTC`, `EST`, `GMT+1`. */
  zoneName(time: Date): string;
  /** The day a moment falls on, written out. */
  day(time: Date): string;
  /** The time of the clock, from 00:00 to 23:59. */
  clock(time: Date): string;
  /** The same to the second. */
  clockToSecond(time: Date): string;
  /** Day and time as work needs them, with the zone: `29 Nov 2026, 14:05 UTC`. */
  moment(time: Date): string;
  /** Day and time as readers are told of them, with the zone; seconds only where there are any. */
  longMoment(time: Date): string;
  /** Other parts of moments, in the publication's zone. */
  dateFormat(options: Intl.DateTimeFormatOptions): (time: Date) => string;
}

/** How moments are told in a language and a style. What `language` leaves to each place, any other style decides. */
export function timesOf(code: string, { zone, dates }: TimeStyle): Times {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(code, { ...options, timeZone: zone });
    return (time: Date) => formatter.format(time);
  };
  const zones = new Intl.DateTimeFormat(code, { timeZone: zone, timeZoneName: 'short' });
  const zoneName = (time: Date) =>
    zone === 'UTC' ? zone : zones.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value;
  const clockIn = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const [clock, clockToSecond] = [format(clockIn), format({ ...clockIn, second: '2-digit' })];
  const together = (usual: 'medium' | 'long', options: Intl.DateTimeFormatOptions) => {
    if (dates !== 'iso') return format({ dateStyle: dateStyleOf(dates, usual), ...options });
    const timeOfDay = format(options);
    return (time: Date) => `${dayIn(time, zone)} ${timeOfDay(time)}`;
  };
  const moment = together('medium', { timeStyle: 'short' });
  const long = together('long', { timeStyle: 'short', hourCycle: 'h23' });
  const longToSecond = together('long', { timeStyle: 'medium', hourCycle: 'h23' });
  return {
    zone,
    zoneName,
    day: dates === 'iso' ? (time) => dayIn(time, zone) : format({ dateStyle: dateStyleOf(dates, 'medium') }),
    clock,
    clockToSecond,
    moment: (time) => `${moment(time)} ${zoneName(time)}`,
    longMoment: (time) => `${(time.getTime() % 60_000 === 0 ? long : longToSecond)(time)} ${zoneName(time)}`,
    dateFormat: format,
  };
}

const dateStyleOf = (dates: Exclude<TimeStyle['dates'], 'iso'>, usual: 'medium' | 'long') =>
  dates === 'language' ? usual : dates === 'numeric' ? 'short' : 'long';
