import { z } from 'zod';
import { CATEGORY_LONGEST, KEY } from '../../briefings/file/shape';
import { Failure } from '../../lib/failure';
import { isPrintable, oneLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';

/** What a category is called and said to hold, in one language. */
export interface CategoryTexts {
  readonly name: string;
  readonly description: string | null;
}

/** A category as somebody wants it: its address and, by language, its words. */
export interface CategoryInput {
  readonly slug: string;
  readonly words: Readonly<Record<string, CategoryTexts>>;
}

/** What was typed, field by field: `slug`, `name.en`, `description.en`. */
export type CategoryFields = Readonly<Record<string, string>>;

/** For each field that is wrong, the key of the sentence that says so. */
export type CategoryErrors = Readonly<Record<string, string>>;

const fields = (langs: readonly string[]): string[] => [
  'slug',
  ...langs.flatMap((lang) => [`name.${lang}`, `description.${lang}`]),
];
const once = z.object({ once: z.uuid() });
const seen = z.object({ seen: z.string() });
const move = z.union([z.object({ before: z.string() }), z.object({ after: z.string() })]);

const parsed = <Shape>(shape: z.ZodType<Shape>, body: unknown): Shape => {
  const read = shape.safeParse(body);
  if (!read.success) throw new Failure(400, 'not a form of a category');
  return read.data;
};

/** The id under which a form is carried out once. @throws Failure 400 when there is none. */
export const readSubmissionId = (body: unknown): string => parsed(once, body).once;

/** The mark of the category that a form has shown. @throws Failure 400 when there is none. */
export const readExpectedVersion = (body: unknown): string => parsed(seen, body).seen;

/** Before or after which category another is to stand. @throws Failure 400 when it says neither. */
export const readMove = (body: unknown): { readonly before: string } | { readonly after: string } => parsed(move, body);

/** The fields of a category's form, each as one line. @throws Failure 400 when one is not there. */
export function parseCategoryForm(body: unknown, langs: readonly string[]): CategoryFields {
  const sent = parsed(z.object(Object.fromEntries(fields(langs).map((name) => [name, z.string()]))), body);
  return Object.fromEntries(Object.entries(sent).map(([name, text]) => [name, oneLine(text)]));
}

/** A category as its form shows it. */
export function typedOf({ slug, words }: CategoryInput, langs: readonly string[]): CategoryFields {
  return {
    slug,
    ...Object.fromEntries(
      langs.flatMap((lang) => [
        [`name.${lang}`, words[lang]?.name ?? ''],
        [`description.${lang}`, words[lang]?.description ?? ''],
      ]),
    ),
  };
}

/**
 * What was typed as a category, or what is wrong with it. A name in one language is enough, and an address that was
 * left empty is made of the first.
 */
export function validateCategory(
  typed: CategoryFields,
  langs: readonly string[],
): { readonly input: CategoryInput } | { readonly wrong: CategoryErrors } {
  const wrong: Record<string, string> = {};
  const words: Record<string, CategoryTexts> = {};
  for (const lang of langs) {
    const [name, description] = [typed[`name.${lang}`]!, typed[`description.${lang}`]!];
    for (const part of ['name', 'description'] as const) {
      const text = typed[`${part}.${lang}`]!;
      if (text.length > CATEGORY_LONGEST[part]) wrong[`${part}.${lang}`] = `desk.category.wrong.${part}.long`;
      else if (!isPrintable(text)) wrong[`${part}.${lang}`] = 'desk.category.wrong.signs';
    }
    if (name === '' && description !== '') wrong[`name.${lang}`] = 'desk.category.wrong.name.missing';
    if (name !== '') words[lang] = { name, description: description || null };
  }
  const [first] = Object.values(words);
  if (!first) wrong[`name.${langs[0]!}`] ??= 'desk.category.wrong.name.none';
  const slug = typed['slug'] || slugOf(first?.name ?? '');
  if (first && !(KEY.test(slug) && slug.length <= 80))
    wrong['slug'] = typed['slug'] ? 'desk.category.wrong.slug.form' : 'desk.category.wrong.slug.none';
  return Object.keys(wrong).length > 0 ? { wrong } : { input: { slug, words } };
}
