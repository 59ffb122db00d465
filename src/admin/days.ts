import { endOfDay, startOfDay } from '../lib/local-time';

/** A day as a date field sends it: the moment it begins in that time zone, or null for what is no day. */
export const dayOf = (given: string, zone: string): Date | null => startOfDay(given, zone);

/** The moment a day is over. */
export const afterDay = (day: Date, zone: string): Date => endOfDay(day, zone);

/** The last moment of a day, as the end of a right: its words then name that very day. */
export const lastMomentOf = (day: Date, zone: string): Date => new Date(endOfDay(day, zone).getTime() - 1);
