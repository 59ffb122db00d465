import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { readId } from '../../accounts/own/forms';
import { withPresentNames } from '../../http/former-fields';
import { Failure, notFound } from '../../lib/failure';

/** Characters of a reason. */
export const LONGEST_REASON = 500;

/** What a form or an address sent, as far as it was text. */
export type Fields = Readonly<Record<string, string>>;

/** A form that asks for an action: what it is to do, and what it rests on. */
export interface Submission {
  readonly fields: Fields;
  /** The id under which it is carried out once; it becomes the id of the audit entry. */
  readonly id: string;
  /** The version of the case that the form was shown with; null where the form names none. */
  readonly version: string | null;
  /** Why, without space around it; empty where nothing was typed. */
  readonly reason: string;
}

/** @throws Failure 400 for what no form of ours sends: a field twice, or characters that cannot be typed. */
export function readFields(given: unknown): Fields {
  const all = Object.entries((given ?? {}) as Record<string, unknown>);
  if (!all.every((one): one is [string, string] => typeof one[1] === 'string' && !one[1].includes('\0')))
    throw new Failure(400, 'the body is not that of the form');
  return Object.fromEntries(all);
}

/** The fields of a form that was sent. @throws Failure 400 as `readFields`. */
export const readFormFields = (req: Request): Fields => readFields(withPresentNames(req.body));

/**
 * A form that asks for an action.
 * @throws Failure 400 where it is not whole: without an id, or without the version it was filled in against.
 */
export function readSubmission(req: Request): Submission {
  const submission = submissionOf(readFormFields(req));
  if (submission.version === null) throw new Failure(400, 'the body is not that of the form');
  return submission;
}

/** The same, of fields that are read already; the version may be missing. @throws Failure 400 without an id. */
export function submissionOf(fields: Fields): Submission {
  const id = readId(fields['submission']);
  if (id === null) throw new Failure(400, 'the body is not that of the form');
  return {
    fields,
    id,
    version: fields['version'] ?? null,
    reason: (fields['reason'] ?? fields['remark'] ?? '').trim(),
  };
}

/** A form of one button, which has an id and nothing else that an action reads. */
export const submissionOfButton = (id: string, remark = ''): Submission => ({
  fields: {},
  id,
  version: null,
  reason: remark.trim(),
});

/** The member an address is about. @throws Failure 404 where it names none. */
export function readMemberId(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('a member');
  return id;
}

/** Stands in a form for the facts a decision rests on: other facts, another version. */
export function versionOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
}
