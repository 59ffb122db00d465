import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { readId } from '../accounts/own/forms';
import { Failure, notFound } from '../lib/failure';

/** Characters of a reason. */
export const LONGEST_REASON = 500;

/** What a form or an address sent, as far as it was text. */
export type Submission = Readonly<Record<string, string>>;

/** @throws Failure 400 for what no form of ours sends: a field twice, or characters that cannot be typed. */
export function textsOf(given: unknown): Submission {
  const all = Object.entries((given ?? {}) as Record<string, unknown>);
  if (!all.every((one): one is [string, string] => typeof one[1] === 'string' && !one[1].includes('\0')))
    throw new Failure(400, 'the body is not that of the form');
  return Object.fromEntries(all);
}

/**
 * What a form sends that does something: its fields, and the id under which that is done once. @throws Failure 400
 * where it is not whole.
 */
export function submissionIn(req: Request): { readonly asked: Submission; readonly once: string } {
  const asked = textsOf(req.body);
  const once = readId(asked['once']);
  if (once === null || asked['seen'] === undefined) throw new Failure(400, 'the body is not that of the form');
  return { asked, once };
}

/** The member an address is about. @throws Failure 404 where it names none. */
export function memberIn(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('a member');
  return id;
}

/** Stands in a form for what the one who decides has seen: where it is another by now, they decide again. */
export function versionOf(seen: unknown): string {
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 22);
}
