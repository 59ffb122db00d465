import { categoryPath, categoryLabel } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import type { CategoryRow } from '../../briefings/reading/queries';
import { CATEGORY_LONGEST } from '../../briefings/file/shape';
import type { Language, Languages } from '../../lib/language';
import { editorPath } from '../editor/page';
import type { Box, DeskFrame } from '../page-types';
import { typedOf, type CategoryInput, type CategoryFields, type CategoryErrors } from './forms';
import { wishOf, type usersOf } from './queries';
import type { CategoriesPage, CategoryDeletePage, CategoryForm, CategoryPage } from './page-types';

/** The address of a category's room, or of one within it. */
export const categoryRoom = ({ prefix }: Pick<Language, 'prefix'>, slug: string, room = ''): string =>
  `${prefix}/desk/categories/${slug}${room}`;

interface FormState {
  readonly typed: CategoryFields;
  readonly wrong?: CategoryErrors;
}

function formOf(
  language: Language,
  { all }: Languages,
  { typed, wrong = {} }: FormState,
  rest: Pick<CategoryForm, 'action' | 'slugHint' | 'hidden' | 'submit'>,
): CategoryForm {
  const { say } = language;
  const idOf = (name: string) => `category-${name.replace('.', '-')}`;
  const [first] = Object.keys(wrong);
  const box = (name: string, label: string, lang: string | null, kind: Box['kind']): Box => ({
    name,
    id: idOf(name),
    label,
    lang,
    kind,
    value: typed[name] ?? '',
    missing: false,
    list: null,
    error: wrong[name] === undefined ? null : say(wrong[name]),
  });
  return {
    ...rest,
    wrongHref: first === undefined ? null : `#${idOf(first)}`,
    wrong: Object.keys(wrong).length > 0 ? say('desk.category.wrong') : null,
    words: (['name', 'description'] as const).map((part) => ({
      legend: say(`desk.category.${part}`),
      hint: say(`desk.category.${part}.hint`, { n: CATEGORY_LONGEST[part] }),
      boxes: all.map(({ code }) =>
        box(`${part}.${code}`, language.languageName(code), code, part === 'name' ? 'line' : 'text'),
      ),
    })),
    slug: box('slug', say('desk.category.slug'), null, 'line'),
  };
}

/** The list with the form of a new category below it. */
export function categoriesPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  rows: readonly CategoryRow[],
  counts: ReadonlyMap<string, number>,
  { once, ...state }: FormState & { readonly once: string },
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
        href: categoryRoom(language, slug),
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
          action: categoryRoom(language, slug, '/move'),
          ways: [...way('before', rows[index - 1]), ...way('after', rows[index + 1])],
        },
      };
    }),
    form: formOf(language, languages, state, {
      action: `${prefix}/desk/categories`,
      slugHint: say('desk.category.slug.new'),
      hidden: { name: 'once', value: once },
      submit: say('desk.category.make'),
    }),
  };
}

/** The form of one category; `theirs` is what somebody else made of it meanwhile. */
export function categoryPage(
  language: Language,
  languages: Languages,
  frame: DeskFrame,
  {
    slug,
    seen,
    theirs,
    ...state
  }: FormState & { readonly slug: string; readonly seen: string; readonly theirs: CategoryInput | null },
): CategoryPage {
  const { say } = language;
  const langs = languages.all.map(({ code }) => code);
  const now = theirs && typedOf(theirs, langs);
  const labelOf = (name: string) => {
    const [part, lang] = name.split('.');
    return lang === undefined
      ? say('desk.category.slug')
      : `${say(`desk.category.${part}`)} (${language.languageName(lang)})`;
  };
  return {
    frame,
    conflict:
      now &&
      Object.keys(now)
        .filter((name) => now[name] !== state.typed[name])
        .map((name) => ({ label: labelOf(name), theirs: now[name] || '—', mine: state.typed[name] || '—' })),
    form: formOf(language, languages, state, {
      action: categoryRoom(language, slug),
      slugHint: say('desk.category.slug.hint'),
      hidden: { name: 'seen', value: seen },
      submit: say(theirs ? 'desk.conflict.keep' : 'desk.category.save'),
    }),
    links: [
      { label: say('desk.category.see'), href: categoryPath(language, slug) },
      { label: say('desk.category.delete'), href: categoryRoom(language, slug, '/delete') },
    ],
  };
}

/** The page that asks before a category is deleted, or says what keeps it. */
export function deletePage(
  language: Language,
  frame: DeskFrame,
  row: CategoryRow,
  { count, first }: Awaited<ReturnType<typeof usersOf>>,
  seen: string,
): CategoryDeletePage {
  const { say } = language;
  const name = categoryLabel(row.slug, row.texts, language).name.text;
  return {
    frame,
    text: count > 0 ? say('desk.category.delete.used', { n: count, name }) : say('desk.category.delete.text', { name }),
    users: first.map(({ id, slug, originalLang, editions }) => ({
      href: editorPath(language, id),
      title: new LocaleFallback(
        language.code,
        originalLang,
        editions.map(({ lang }) => lang),
      ).text((lang) => editions.find((one) => one.lang === lang)?.title) ?? { text: slug, lang: null },
    })),
    more: count > first.length ? say('desk.category.delete.more', { n: count - first.length }) : null,
    sure: count > 0 ? null : { action: categoryRoom(language, row.slug, '/delete'), seen },
    back: categoryRoom(language, row.slug),
  };
}

/** What the form of a category shows when nothing was typed into it yet. */
export const typedNow = (row: CategoryRow, { all }: Languages): CategoryFields => {
  const langs = all.map(({ code }) => code);
  return typedOf(wishOf(row, langs), langs);
};
