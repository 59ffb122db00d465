import type { Request } from 'express';
import { z } from 'zod';
import { BANDS } from '../briefings/confidence';
import { PICTURE_FORMATS } from '../briefings/vocabulary';
import { notFound } from '../lib/failure';
import type { Language, Languages } from '../lib/language';
import { filedSlugs, type BriefingShape } from '../site/shape/shape';
import { searchWords } from '../lib/search-words';
import { MOST_TYPED, SORTS } from '../search/forms';
import { Problem } from './problems';

const slug = /^[a-z0-9-]{1,80}$/;
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of: ${values.join(', ')}`);

/** What a list may be narrowed to. */
const narrowed = ({ types, impact }: BriefingShape) => ({
  category: z
    .string()
    .regex(slug, 'must be the slug of a category')
    .optional()
    .meta({ description: 'Only briefings of the category with this slug.' }),
  type: oneOf(filedSlugs(types)).optional().meta({ description: 'Only briefings of this content type.' }),
  impact: oneOf(filedSlugs(impact)).optional().meta({ description: 'Only briefings of this impact.' }),
});

const q = z
  .string()
  .max(MOST_TYPED, `must have ${MOST_TYPED} characters at most`)
  .pipe(searchWords(MOST_TYPED))
  .default('')
  .meta({
    description:
      'What is looked for, in what whoever asks may read: all of these words; `"several words"` in this order; ' +
      '`-word` is left out; `begin*` looks for beginnings.',
  });

/** What a search may be narrowed to besides, and its order. */
const narrowedInSearch = ({ domains }: BriefingShape) => ({
  domain: oneOf(filedSlugs(domains)).optional().meta({ description: 'Only briefings of this primary domain.' }),
  region: z.string().max(120).optional().meta({ description: 'Only briefings of this region, as they name it.' }),
  band: oneOf(BANDS.map(({ name }) => name))
    .optional()
    .meta({ description: 'Only briefings whose confidence falls into this band of the grades, from `watch` to `a`.' }),
  organization: z
    .string()
    .regex(slug, 'must be the slug of an organization')
    .optional()
    .meta({ description: 'Only briefings that are linked to the organization with this slug.' }),
  year: z
    .string()
    .regex(/^(?:19|20|21)\d\d$/, 'must be a year')
    .optional()
    .meta({ description: "Only briefings published in this year, by the publication's time zone." }),
  sort: oneOf(SORTS).optional().meta({ description: 'The order; the best match first where words are looked for.' }),
});

/**
 * What may stand behind the question mark, address by address. These schemas check requests and describe them
 * (`parametersOf` in `openapi-parameters.ts`).
 */
export function formsOf(languages: Languages, shape: BriefingShape) {
  const language = oneOf(languages.all.map(({ code }) => code))
    .default(languages.first.code)
    .meta({
      description:
        'The language to prefer. Each text falls back by itself and says which language it is in; ' +
        '`Accept-Language` is not heeded.',
    });
  const page = z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
    .transform(Number)
    .pipe(z.int().min(1).max(99_999))
    .default(1)
    .meta({ description: 'Which page, from 1.' });
  return {
    list: z.strictObject({ page, ...narrowed(shape), language }),
    search: z.strictObject({ q, page, ...narrowed(shape), ...narrowedInSearch(shape), language }),
    briefing: z.strictObject({ language }),
    nothing: z.strictObject({}),
  };
}

/** What an address may name, likewise. */
export const ADDRESSES = {
  briefing: z.object({ slug: z.string().regex(slug).meta({ description: 'The slug of the briefing.' }) }),
  picture: z.object({
    file: z
      .string()
      .regex(new RegExp(`^[0-9a-f]{64}(-[1-9][0-9]{1,3})?\\.(${PICTURE_FORMATS.join('|')})$`))
      .meta({ description: 'As the `url` of a picture ends.' }),
  }),
  nothing: z.object({}),
} as const;

/** The language that a query names; it has been checked to be one of ours. */
export const languageIn = (languages: Languages, code: string): Language => languages.find(code) ?? languages.first;

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

/** What an address names. @throws Failure 404 for what can be nothing of ours. */
export function addressOf<Schema extends z.ZodObject>(
  schema: Schema,
  req: Pick<Request, 'params'>,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(req.params);
  if (!parsed.success) throw notFound(what);
  return parsed.data;
}
