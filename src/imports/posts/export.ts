import type { Audience } from './post';

/** A file that is no export, or one without posts. Its message says nothing of what it holds. */
export class UnreadableExport extends Error {
  constructor(readonly why: 'json' | 'zip' | 'posts') {
    super(`an export that cannot be read: ${why}`);
  }
}

const MARK = /<!--\s*members-only\s*-->/i;

/**
 * What stands before the mark of the paywall, and behind it. Of a post that is not public and has none, all is gated.
 */
export function parted(html: string, audience: Audience): { readonly open: string; readonly gated: string } {
  if (audience === 'public') return { open: html.replace(new RegExp(MARK, 'gi'), ''), gated: '' };
  const mark = MARK.exec(html);
  if (mark === null) return { open: '', gated: html };
  return { open: html.slice(0, mark.index), gated: html.slice(mark.index + mark[0].length) };
}

/** `2023-05-01 10:00:00` or ISO 8601, in UTC, or milliseconds; null where it is none. */
export function momentOf(value: unknown): string | null {
  const withoutZone = typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value);
  const spelled = withoutZone ? `${value.replace(' ', 'T')}Z` : value;
  if (typeof spelled !== 'string' && typeof spelled !== 'number') return null;
  const moment = new Date(spelled);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
