import type { AtDesk } from '../../briefings/writing/working-copies';

/** What can be done with a briefing, in the order it is offered. */
export const ACTS = ['publish', 'schedule', 'submit', 'keep', 'return', 'unpublish', 'archive'] as const;
export type Act = (typeof ACTS)[number];

/** What can be done with this one now. */
export function actsFor({ content: { state, published }, copy }: Pick<AtDesk, 'content' | 'copy'>, now: Date): Act[] {
  const keep: Act[] = copy ? ['keep'] : [];
  if (state === 'draft') return ['publish', 'schedule', 'submit', ...keep, 'archive'];
  if (state === 'in-review') return ['publish', 'schedule', ...keep, 'return', 'archive'];
  if (state === 'archived') return ['publish', ...keep, 'return'];
  if (published !== null && published > now) return ['publish', 'schedule', ...keep, 'unpublish'];
  return [...keep, 'unpublish', 'archive'];
}
