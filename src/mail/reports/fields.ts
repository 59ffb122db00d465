import { z } from 'zod';

/** An address as reports name it. */
export const reportedAddress = z
  .string()
  .max(254)
  .trim()
  .toLowerCase()
  .regex(/^[^\s@<>]+@[^\s@<>]+$/);

/** A moment in ISO 8601, with its offset. */
export const reportedMoment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The status that a text begins with (RFC 3463, 2), or null: nothing else of what a server said is kept. */
export function statusIn(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  return /^[245]\.\d{1,3}\.\d{1,3}(?!\S)/.exec(text.trim())?.[0] ?? null;
}

/** What a body says; null: it is no JSON. */
export function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
