/**
 * A moment as `datetime-local` sends it, in UTC; null when it is none. What people write for it by hand is one too: a
 * space, a `Z`.
 */
export function readMoment(text: string): Date | null {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?: ?(?:Z|UTC))?$/.exec(text.trim());
  if (!parts) return null;
  const [, day, minute, second = ':00'] = parts;
  const time = new Date(`${day}T${minute}${second}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${day}T${minute}`) ? time : null;
}

/** A moment as a field holds it: to the second, and says that it is UTC. */
export const writeMoment = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;
