import { text, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { Failure, notFound } from '../lib/failure';

/** Bytes and fields an editor's form may have: as much as the files of a briefing in every language. */
export const MOST_BYTES = 3 * 1024 * 1024;
export const MOST_FIELDS = 5_000;

/** Reads the body of an editor's form as it was sent: the order of its fields is the order of its rows. */
export const largeForm: RequestHandler = text({ type: 'application/x-www-form-urlencoded', limit: MOST_BYTES });

/** The fields of such a form. @throws Failure 400 when it is none. */
export function formOf(req: Request): URLSearchParams {
  if (typeof req.body !== 'string') throw new Failure(400, 'not a form');
  const form = new URLSearchParams(req.body);
  if ([...form.keys()].length > MOST_FIELDS) throw new Failure(400, 'a form with too many fields');
  return form;
}

const id = z.uuid();

/** The id in the address. @throws Failure 404 when it can be nobody's. */
export function idOfBriefing(req: Request): string {
  const parsed = id.safeParse(req.params['id']);
  if (!parsed.success) throw notFound('briefing');
  return parsed.data;
}
