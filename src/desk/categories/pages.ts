import { categoryPath, categoryLabel } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import type { CategoryRow } from '../../briefings/reading/queries';
import { CATEGORY_LONGEST } from '../../briefings/file/shape';
import type { Language, Languages } from '../../lib/language';
import type { DeskFrame } from '../page-types';
import { conflictOf, editRecordForm, newRecordForm, recordForm, type RecordFormState } from '../records/pages';
import { typedOf, type CategoryInput } from './forms';
import type { CategoriesPage, CategoryForm, CategoryPage } from './page-types';

/** The address of a category's section, or of one within it. */
export const categoryDeskPath = ({ prefix }: Pick<Language, 'prefix'>, slug: string, section = ''): string =>
  `${prefix}/desk/categories/${slug}${section}`;

function formOf(
  language: Language,
  { all }: Languages,
  state: RecordFormState,
  rest: Pick<CategoryForm, 'action' | 'slugHint' | 'hidden' | 'submit'>,
): CategoryForm {
  const { say } = language;
  const { box, form } = recordForm(language, 'category', state);
  return {
    ...form,
    ...rest,
    words: (['name', 'description'] as const).map((part) => ({
      legend: say(`desk.category.${part}`),
      hint: say(`desk.category.${part}.hint`, { n: CATEGORY_LONGEST[part] }),
      boxes: all.map(({ code }) =>
        box(`${part}.${code}`, language.languageName(code), code, part === 'name' ? 'line' : 'text'),
      ),
    })),
  };
}

/** The list with the form of a new category below it. */
export function categoriesPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  rows: readonly CategoryRow[],
  counts: ReadonlyMap<string, number>,
  { submissionId, ...state }: RecordFormState & { readonly submissionId: string },
): CategoriesPage {
  const { say, prefix } = language;
  const nameOf = ({ slug, texts }: CategoryRow) => categoryLabel(slug, texts, language).name;
  return {
    frame,
    rows: rows.map((row, index) => {
      const { slug, texts } = row;
      const name = nameOf(row);
      const way = (to: 'before' | 'after', neighbour: CategoryRow | undefined) =>
        neighbour === undefined
          ? []
          : [
              {
                to,
                neighbour: neighbour.slug,
                label: say(`desk.category.move.${to}`, { name: name.text, other: nameOf(neighbour).text }),
              },
            ];
      return {
        name,
        href: categoryDeskPath(language, slug),
        address: categoryPath(language, slug),
        description: new LocaleFallback(
          language.code,
          language.code,
          texts.map(({ lang }) => lang),
        ).text((lang) => texts.find((one) => one.lang === lang)?.description),
        briefings: {
          label: say('desk.categories.briefings', { n: counts.get(slug) ?? 0 }),
          href: `${prefix}/desk?category=${slug}`,
        },
        languages: languages.all.map(({ code }) => {
          const state = texts.some(({ lang }) => lang === code) ? ('complete' as const) : ('missing' as const);
          const known = language.languageName(code);
          return { code, name: known, state, label: say(`desk.language.${state}`, { language: known }) };
        }),
        move: {
          action: categoryDeskPath(language, slug, '/move'),
          ways: [...way('before', rows[index - 1]), ...way('after', rows[index + 1])],
        },
      };
    }),
    form: formOf(language, languages, state, newRecordForm(language, `${prefix}/desk/categories`, submissionId)),
  };
}

/** The form of one category; `theirs` is what somebody else made of it meanwhile. */
export function categoryPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  {
    slug,
    version,
    theirs,
    ...state
  }: RecordFormState & { readonly slug: string; readonly version: string; readonly theirs: CategoryInput | null },
): CategoryPage {
  const { say } = language;
  const langs = languages.all.map(({ code }) => code);
  const action = categoryDeskPath(language, slug);
  return {
    frame,
    conflict: theirs && conflictOf(language, 'category', typedOf(theirs, langs), state.typed),
    form: formOf(language, languages, state, editRecordForm(language, action, version, theirs !== null)),
    links: [
      { label: say('desk.category.see'), href: categoryPath(language, slug) },
      { label: say('desk.category.delete'), href: `${action}/delete` },
    ],
  };
}
