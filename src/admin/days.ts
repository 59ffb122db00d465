/** A day as a date field sends it: the moment it begins in UTC, or null for what is no day. */
export function dayOf(given: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(given)) return null;
  const day = new Date(`${given}T00:00:00.000Z`);
  // The thirtieth of February is the first of March to Date, and none here.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given) ? day : null;
}

const DAY = 86_400_000;

/** The moment a day is over. */
export const afterDay = (day: Date): Date => new Date(day.getTime() + DAY);

/** The last moment of a day, as the end of a right: its words then name that very day. */
export const lastMomentOf = (day: Date): Date => new Date(day.getTime() + DAY - 1);
