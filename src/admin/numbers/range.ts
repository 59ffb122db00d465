import type { Language } from '../../lib/language';
import type { Stretch } from '../../stores/postgres/series';

export const RANGES = ['30-days', '12-months', 'all'] as const;
export type RangeName = (typeof RANGES)[number];

/** A day or a month in UTC, up to and without `until`; the last one goes on. */
export interface Bucket {
  /** Its first day, `2026-11-25`. */
  readonly key: string;
  readonly from: Date;
  readonly until: Date;
}

/** A stretch of time in equal pieces, the last of which is under way. */
export interface Range extends Stretch {
  readonly name: RangeName;
  readonly buckets: readonly Bucket[];
}

/** Days up to which everything is shown day by day. */
const BY_DAY = 92;
const DAY = 86_400_000;

/** @param begins the first moment there is anything of. */
export function rangeOf(name: RangeName, begins: Date, now: Date): Range {
  const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  if (name === '30-days') return filled(name, 'day', new Date(today.getTime() - 29 * DAY), now);
  if (name === '12-months')
    return filled(name, 'month', new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 11, 1)), now);
  const first = begins < now ? begins : now;
  const byDay = now.getTime() - first.getTime() <= BY_DAY * DAY;
  return filled(
    name,
    byDay ? 'day' : 'month',
    new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), byDay ? first.getUTCDate() : 1)),
    now,
  );
}

function filled(name: RangeName, step: Range['step'], from: Date, now: Date): Range {
  const buckets: Bucket[] = [];
  for (let at = from; at <= now;) {
    const until =
      step === 'day' ? new Date(at.getTime() + DAY) : new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
    buckets.push({ key: at.toISOString().slice(0, 10), from: at, until });
    at = until;
  }
  return { name, step, from, now, buckets };
}

/** Says a bucket: whole in a table, short under a plot. */
export function formatBucket(
  { code }: Language,
  { step }: Pick<Range, 'step'>,
  { from }: Bucket,
  length: 'whole' | 'short',
): string {
  const parts: Intl.DateTimeFormatOptions =
    step === 'day'
      ? length === 'whole'
        ? { dateStyle: 'medium' }
        : { day: 'numeric', month: 'short' }
      : length === 'whole'
        ? { month: 'long', year: 'numeric' }
        : { month: 'short', year: '2-digit' };
  return new Intl.DateTimeFormat(code, { ...parts, timeZone: 'UTC' }).format(from);
}
