import { z } from 'zod';
import { KEY } from '../../briefings/file/shape';
import { withPresentNames } from '../../http/former-fields';
import { Failure, notFound } from '../../lib/failure';
import { slugOf } from '../../lib/slug';

/** What was typed, field by field: `slug`, `name.en`. */
export type RecordFields = Readonly<Record<string, string>>;

/** For each field that is wrong, the key of the sentence that says so. */
export type RecordErrors = Readonly<Record<string, string>>;

/** What was typed as an input, or what is wrong with it. */
export type ValidRecord<Input> = { readonly input: Input } | { readonly wrong: RecordErrors };

/** The fields of these names, as they were sent. @throws Failure 400 when one is not there. */
export const parseFields = (body: unknown, names: readonly string[]): RecordFields =>
  parsed(z.object(Object.fromEntries(names.map((name) => [name, z.string()]))), body);

/** The id under which a form is carried out once. @throws Failure 400 when there is none. */
export const readSubmissionId = (body: unknown): string =>
  parsed(z.object({ submission: z.uuid() }), withPresentNames(body)).submission;

/** The version that a form has shown. @throws Failure 400 when there is none. */
export const readExpectedVersion = (body: unknown): string =>
  parsed(z.object({ version: z.string() }), withPresentNames(body)).version;

/** A body of this shape. @throws Failure 400 when it is another. */
export function parsed<Shape>(shape: z.ZodType<Shape>, body: unknown): Shape {
  const read = shape.safeParse(body);
  if (!read.success) throw new Failure(400, 'not a form of a record');
  return read.data;
}

const isSlug = (slug: string) => KEY.test(slug) && slug.length <= 80;

/** A slug of an address. @throws Failure 404 when no record can have it. */
export function slugFrom(given: unknown): string {
  const slug = String(given);
  if (!isSlug(slug)) throw notFound('record');
  return slug;
}

/** The slug that was typed, or one made of the name; what is wrong with it where it is none. */
export function slugFor(typed: RecordFields, name: string): { readonly slug: string; readonly wrong: string | null } {
  const slug = typed['slug'] || slugOf(name);
  if (isSlug(slug)) return { slug, wrong: null };
  return { slug, wrong: typed['slug'] ? 'desk.record.wrong.slug.form' : 'desk.record.wrong.slug.none' };
}
