import type { Request } from 'express';
import { z } from 'zod';
import { formInOrder } from '../http/body';
import { Failure, notFound } from '../lib/failure';

/** Reads an editor's form, which may have as much as the files of a briefing in every language. */
export const largeForm = formInOrder({ bytes: 3 * 1024 * 1024, fields: 5_000 });

/** The fields of such a form. @throws Failure 400 when it is none. */
export function formOf(req: Request): URLSearchParams {
  const form: unknown = req.body;
  if (!(form instanceof URLSearchParams)) throw new Failure(400, 'not a form');
  return form;
}

const id = z.uuid();

/** The id in the address. @throws Failure 404 when it can be nobody's. */
export function idOfBriefing(req: Request): string {
  const parsed = id.safeParse(req.params['id']);
  if (!parsed.success) throw notFound('briefing');
  return parsed.data;
}
