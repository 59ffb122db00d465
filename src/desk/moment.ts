import { momentIn } from '../lib/local-time';

/**
 * A moment as `datetime-local` sends it, in that time zone; null when none is meant, or two may be. What people write
 * for it by hand is one too: a space, a `Z`, an offset (`src/lib/local-time.ts`).
 */
export const readMoment = (text: string, zone: string): Date | null => momentIn(text, zone);

/** A moment as the name of a field holds it, whatever the zone: to the second, in UTC, and says so. */
export const writeMoment = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;
