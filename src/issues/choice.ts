import { z } from 'zod';
import { editorialViewer } from '../access/viewer';
import { categoryLabel } from '../briefings/reading/cards';
import { findCategories } from '../briefings/reading/queries';
import { formByName } from '../http/body';
import { Failure } from '../lib/failure';
import type { Language, Languages } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { isList, LISTS, type List } from './lists';
import type { ChoiceFields } from './page-types';

/** Reads a form with a box for each category. */
export const choiceForm = formByName({ bytes: 16 * 1024, fields: 400 });

/** What somebody wants to get. */
export interface ListChoice {
  readonly list: List;
  readonly lang: string;
  /** Slugs; none: of every category. */
  readonly categories: readonly string[];
}

/** The fields of a choice, as a form sends them; besides, others of the form. */
export const choiceSchema = z.strictObject({
  list: z.string(),
  lang: z.string(),
  categories: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .default([])
    .pipe(z.array(z.string().max(80)).max(300)),
});

/**
 * A choice as it was sent, with the categories there are; null: none at all.
 * @throws Failure 400 where it is none of ours.
 */
export async function readChoice(
  wall: Wall,
  { list, lang, categories }: z.output<typeof choiceSchema>,
  languages: Languages,
): Promise<ListChoice | null> {
  if (!(list === 'none' || isList(list)) || !languages.find(lang)) throw new Failure(400, 'no choice of ours');
  if (list === 'none') return null;
  const known = await wall.read(editorialViewer, (db) => findCategories(db, categories));
  return { list, lang, categories: known.map(({ slug }) => slug) };
}

/** What there is to choose from, and what is chosen. `none`: is getting nothing a choice, too? */
export async function choiceFields(
  wall: Wall,
  languages: Languages,
  language: Language,
  chosen: { readonly list: string; readonly lang: string; readonly categories: readonly string[] },
  none: boolean,
): Promise<ChoiceFields> {
  const categories = await wall.read(editorialViewer, (db) => findCategories(db));
  return {
    lists: [...(none ? ['none'] : []), ...LISTS].map((list) => ({
      value: list,
      label: language.say(`account.letters.list.${list}`),
      checked: chosen.list === list,
    })),
    categories: categories.map(({ slug, texts }) => ({
      value: slug,
      label: categoryLabel(slug, texts, language).name.text,
      checked: chosen.categories.includes(slug),
    })),
    langs: languages.all.map(({ code, name }) => ({ value: code, label: name, selected: chosen.lang === code })),
  };
}
