import type { Request } from 'express';
import { z } from 'zod';
import { CONTENT_TYPES, LEVELS } from '../briefings/vocabulary';
import { notFound } from '../lib/failure';
import type { Language, Languages } from '../lib/language';
import { Problem } from './problems';

const slug = /^[a-z0-9-]{1,80}$/;
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of: ${values.join(', ')}`);

/** What may stand behind the question mark, address by address. */
export function formsOf(languages: Languages) {
  const language = oneOf(languages.all.map(({ code }) => code))
    .optional()
    .transform((code): Language => (code === undefined ? languages.first : languages.find(code)!));
  return {
    list: z.strictObject({
      page: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
        .optional()
        .transform((page) => Number(page ?? 1)),
      category: z.string().regex(slug, 'must be the slug of a category').optional(),
      type: oneOf(CONTENT_TYPES).optional(),
      impact: oneOf(LEVELS).optional(),
      language,
    }),
    briefing: z.strictObject({ language }),
    nothing: z.strictObject({}),
  };
}

/**
 * The query of a request.
 * @throws Problem 400, which names every parameter that is unknown, given twice or not of an allowed value.
 */
export function queryOf<Schema extends z.ZodObject>(schema: Schema, req: Pick<Request, 'query'>): z.output<Schema> {
  const parsed = schema.safeParse({ ...req.query });
  if (parsed.success) return parsed.data;
  throw wrong(
    parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((name) => ({ name: name.slice(0, 64), reason: 'is not a parameter of this address' }));
      const name = String(issue.path[0]);
      return [{ name, reason: Array.isArray(req.query[name]) ? 'must be given once' : issue.message }];
    }),
  );
}

/** A refusal of parameters. */
export function wrong(parameters: { name: string; reason: string }[]): Problem {
  return new Problem(
    400,
    `Wrong in this request: ${parameters.map(({ name, reason }) => `"${name}" ${reason}`).join('; ')}.`,
    { parameters },
  );
}

/** The slug in the address. @throws Failure 404 for what can be no slug. */
export function slugOf(req: Pick<Request, 'params'>): string {
  const parsed = z.string().regex(slug).safeParse(req.params['slug']);
  if (!parsed.success) throw notFound('briefing');
  return parsed.data;
}
