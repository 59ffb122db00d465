import { Temporal } from 'temporal-polyfill';
import type { Language } from '../../lib/language';
import type { Stretch } from '../../stores/postgres/series';

export const RANGES = ['30-days', '12-months', 'all'] as const;
export type RangeName = (typeof RANGES)[number];

/** A day or a month of the publication's time zone; the last one goes on. */
export interface Bucket {
  /** Its first day, `2026-11-25`. */
  readonly key: string;
  /** The moment it begins. */
  readonly from: Date;
}

/** A stretch of time in equal pieces, the last of which is under way. */
export interface Range extends Stretch {
  readonly name: RangeName;
  readonly buckets: readonly Bucket[];
}

/** Days up to which everything is shown day by day. */
const BY_DAY = 92;
const DAY = 86_400_000;

/**
 * @param begins the first moment there is anything of.
 * @param zone whose days and months they are
 */
export function rangeOf(name: RangeName, begins: Date, now: Date, zone: string): Range {
  const dayAt = (time: Date) =>
    Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const today = dayAt(now);
  if (name === '30-days') return filled(name, 'day', today.subtract({ days: 29 }), now, zone);
  if (name === '12-months') return filled(name, 'month', today.subtract({ months: 11 }), now, zone);
  const first = begins < now ? begins : now;
  const byDay = now.getTime() - first.getTime() <= BY_DAY * DAY;
  return filled(name, byDay ? 'day' : 'month', dayAt(first), now, zone);
}

/** Where clocks change a day has 23 or 25 hours, so each is asked for its own beginning. */
function filled(name: RangeName, step: Range['step'], first: Temporal.PlainDate, now: Date, zone: string): Range {
  const buckets: Bucket[] = [];
  let day = step === 'day' ? first : first.with({ day: 1 });
  for (;;) {
    const from = new Date(day.toZonedDateTime(zone).epochMilliseconds);
    if (from > now && buckets.length > 0) break;
    buckets.push({ key: day.toString(), from });
    day = day.add(step === 'day' ? { days: 1 } : { months: 1 });
  }
  return { name, step, from: buckets[0]!.from, now, buckets };
}

/** Says a bucket: whole in a table, short under a plot. */
export function formatBucket(
  language: Language,
  { step }: Pick<Range, 'step'>,
  { from }: Bucket,
  length: 'whole' | 'short',
): string {
  if (step === 'day' && length === 'whole') return language.day(from);
  const parts: Intl.DateTimeFormatOptions =
    step === 'day'
      ? { day: 'numeric', month: 'short' }
      : length === 'whole'
        ? { month: 'long', year: 'numeric' }
        : { month: 'short', year: '2-digit' };
  return language.dateFormat(parts)(from);
}
