import { grantEnd, type Grant } from '../../access/account-access';
import type { Stretch } from '../page-types';

/** The time a timeline shows, as thousandths of its width. */
export interface Scale {
  readonly begins: Date;
  readonly ends: Date;
  /** Where a moment lies, from 0 to 1000; one outside at the nearer edge. */
  at(moment: Date): number;
}

const DAY = 86_400_000;

/** Milliseconds back and ahead that are drawn at most: what lies further off ends at the edge. */
const LONGEST = { back: 5 * 365 * DAY, ahead: 3 * 365 * DAY };

/** From the first thing there was to the last there will be: at least thirty days on either side of today's. */
export function scaleOf(moments: readonly Date[], now: Date): Scale {
  const times = moments.map((moment) => moment.getTime());
  const first = Math.max(now.getTime() - LONGEST.back, Math.min(now.getTime() - 30 * DAY, ...times));
  const last = Math.min(now.getTime() + LONGEST.ahead, Math.max(now.getTime() + 30 * DAY, ...times));
  const at = (moment: Date) => Math.round(Math.min(1, Math.max(0, (moment.getTime() - first) / (last - first))) * 1000);
  return { begins: new Date(first), ends: new Date(last), at };
}

/** Where a grant holds, or held. */
export function stretchOf(grant: Pick<Grant, 'from' | 'until' | 'revokedAt'>, scale: Scale): Stretch {
  const { from } = grant;
  const end = grantEnd(grant) ?? scale.ends;
  const begin = scale.at(from);
  // What lasted no time still happened.
  return { from: Math.min(begin, 996), width: Math.max(4, scale.at(end) - begin), mark: end <= from };
}
