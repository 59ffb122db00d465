import { z } from 'zod';
import { CATEGORY_LONGEST } from '../../briefings/file/shape';
import { isPrintable, oneLine } from '../../lib/line';
import { parsed, parseFields, slugFor, type RecordFields, type ValidRecord } from '../records/forms';

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

const move = z.union([z.object({ before: z.string() }), z.object({ after: z.string() })]);

/** Before or after which category another is to stand. @throws Failure 400 when it says neither. */
export const readMove = (body: unknown): { readonly before: string } | { readonly after: string } => parsed(move, body);

/** The fields of a category's form, each as one line. @throws Failure 400 when one is not there. */
export function parseCategoryForm(body: unknown, langs: readonly string[]): RecordFields {
  const names = ['slug', ...langs.flatMap((lang) => [`name.${lang}`, `description.${lang}`])];
  return Object.fromEntries(Object.entries(parseFields(body, names)).map(([name, text]) => [name, oneLine(text)]));
}

/** A category as its form shows it. */
export const typedOf = ({ slug, words }: CategoryInput, langs: readonly string[]): RecordFields => ({
  slug,
  ...Object.fromEntries(
    langs.flatMap((lang) => [
      [`name.${lang}`, words[lang]?.name ?? ''],
      [`description.${lang}`, words[lang]?.description ?? ''],
    ]),
  ),
});

/**
 * What was typed as a category, or what is wrong with it. A name in one language is enough, and an address that was
 * left empty is made of the first.
 */
export function validateCategory(typed: RecordFields, langs: readonly string[]): ValidRecord<CategoryInput> {
  const errors: Record<string, string> = {};
  const words: Record<string, CategoryTexts> = {};
  for (const lang of langs) {
    const [name, description] = [typed[`name.${lang}`]!, typed[`description.${lang}`]!];
    for (const part of ['name', 'description'] as const) {
      const text = typed[`${part}.${lang}`]!;
      if (text.length > CATEGORY_LONGEST[part]) errors[`${part}.${lang}`] = `desk.category.wrong.${part}.long`;
      else if (!isPrintable(text)) errors[`${part}.${lang}`] = 'desk.category.wrong.signs';
    }
    if (name === '' && description !== '') errors[`name.${lang}`] = 'desk.category.wrong.name.missing';
    if (name !== '') words[lang] = { name, description: description || null };
  }
  const [first] = Object.values(words);
  if (!first) errors[`name.${langs[0]!}`] ??= 'desk.category.wrong.name.none';
  const { slug, wrong: wrongSlug } = slugFor(typed, first?.name ?? '');
  if (first && wrongSlug !== null) errors['slug'] = wrongSlug;
  return Object.keys(errors).length > 0 ? { wrong: errors } : { input: { slug, words } };
}
