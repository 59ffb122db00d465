import type { Language, Languages } from '../../lib/language';
import { slugOf } from '../../lib/slug';
import { KIND_SHAPES, LIST_PLACES, type ShapeGroup, type Word, type WordText } from '../../site/shape/shape';
import { LONGEST_SLUG, slugFault } from '../../site/shape/slugs';
import type { Fields } from '../action/submission';
import { inputField, selectField } from '../fields';
import type { AdminField } from '../page-types';
import type { TierNames } from '../tier-names';
import type { NewWord } from './change';
import type { WordPage } from './page-types';
import { hasLong } from './parts';
import { PERCENT, TEXT_FIELDS, textFieldOf, validateTexts, type TextField, type WordErrors } from './texts';

/** What a new word is made of, as it was typed, and what is wrong with it. */
export interface WordDraft extends NewWord {
  /** The tier that is to open a kind. */
  readonly tier: string;
  readonly wrong: WordErrors;
}

/** What must be known to say so. */
interface DraftFacts {
  readonly group: ShapeGroup;
  readonly words: readonly Word[];
  readonly tiers: TierNames;
  readonly languages: Languages;
}

/** Reads the form of a new word. Without a slug it is made from the name in the first language. */
export function readDraft(typed: Fields, { group, words, tiers, languages }: DraftFacts): WordDraft {
  const { texts, wrong: errors } = validateTexts(typed, languages, group, words);
  const typedSlug = (typed['slug'] ?? '').trim();
  const name = texts.find(({ lang }) => lang === languages.first.code)?.name ?? '';
  const slug = typedSlug === '' ? slugOf(name, LONGEST_SLUG) : typedSlug;
  // A name that is missing says enough.
  const ofSlug = typedSlug === '' && name === '' ? null : slugFault(group, slug, words);
  const shape = KIND_SHAPES.find((one) => one === typed['passage-shape']);
  const place = LIST_PLACES.find((one) => one === typed['place']);
  const tier = tiers.all.find((one) => one.slug === typed['tier'] && !one.retired);
  return {
    slug,
    texts,
    shape: shape ?? 'list',
    place: place ?? 'aside',
    tier: tier?.slug ?? '',
    wrong: {
      ...errors,
      ...(ofSlug === null ? {} : { slug: `slug.${ofSlug}` }),
      ...(group === 'kinds' && shape === undefined ? { 'passage-shape': 'choice' } : {}),
      ...(group === 'kinds' && tier === undefined ? { tier: 'choice' } : {}),
      ...(group === 'lists' && place === undefined ? { place: 'choice' } : {}),
    },
  };
}

/** What is as typed, with what is wrong beside it. */
interface FormState {
  readonly typed: Fields;
  readonly wrong: WordErrors;
}

const errorOf = ({ say }: Language, { wrong: errors }: FormState, name: string): string | null =>
  errors[name] === undefined ? null : say(`admin.shape.wrong.${errors[name]}`, { percent: PERCENT });

/** The fields that only a new word has: what cannot be changed later, and the tier of a kind. */
export function newWordFields(language: Language, group: ShapeGroup, tiers: TierNames, state: FormState): AdminField[] {
  const { say } = language;
  const { typed } = state;
  const error = (name: string) => ({ error: errorOf(language, state, name) });
  const choice = (name: string, value: string, options: Parameters<typeof selectField>[3]) =>
    selectField(language, name, typed[name] ?? value, options, error(name));
  const offered = tiers.all.filter(({ retired }) => !retired);
  return [
    ...(group === 'kinds'
      ? [
          choice(
            'passage-shape',
            'list',
            KIND_SHAPES.map((value) => ({ value, label: say(`admin.shape.of.${value}`) })),
          ),
          choice(
            'tier',
            offered.at(-1)?.slug ?? '',
            offered.map(({ slug, name }) => ({ value: slug, label: name })),
          ),
        ]
      : []),
    ...(group === 'lists'
      ? [
          choice(
            'place',
            'aside',
            LIST_PLACES.map((value) => ({ value, label: say(`admin.shape.place.${value}`) })),
          ),
        ]
      : []),
    {
      ...inputField(language, 'slug', 'text', typed['slug'] ?? '', error('slug')),
      label: say('admin.shape.slug'),
      hint: say('admin.shape.slug.hint'),
    },
  ];
}

/** The names of a word, language by language. */
export const languageFields = (
  language: Language,
  { all, first }: Languages,
  group: ShapeGroup,
  state: FormState,
): WordPage['languages'] =>
  all.map((one) => ({
    name: language.languageName(one.code),
    hint:
      one.code === first.code
        ? language.say('admin.tiers.texts.whole')
        : language.say('admin.tiers.texts.may-be-empty', { lang: language.languageName(first.code) }),
    fields: TEXT_FIELDS.filter((field) => field === 'name' || hasLong(group)).map((field) =>
      textField(language, group, field, one.code, state),
    ),
  }));

function textField(
  language: Language,
  group: ShapeGroup,
  field: TextField,
  lang: string,
  state: FormState,
): AdminField {
  const { say } = language;
  const name = textFieldOf(field, lang);
  return {
    name,
    type: 'text',
    value: state.typed[name] ?? '',
    options: [],
    label: say(field === 'name' ? 'admin.field.name' : `admin.shape.${group}.long`),
    hint: field === 'name' ? null : say(`admin.shape.${group}.long.hint`, { percent: PERCENT }),
    error: errorOf(language, state, name),
  };
}

/** Is every text of the form there? A form of another set of languages must not take names away. */
export const isWhole = (typed: Fields, { all }: Languages): boolean =>
  all.every(({ code }) => typed[textFieldOf('name', code)] !== undefined);

/** The texts of a word in languages that are not asked for stay; as it would be. */
export const withTexts = (word: Word, texts: readonly WordText[], { all }: Languages): readonly WordText[] => [
  ...word.texts.filter(({ lang }) => !all.some(({ code }) => code === lang)),
  ...texts,
];
