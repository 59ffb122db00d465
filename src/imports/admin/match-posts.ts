import { tierOfKind, type Matrix } from '../../access/matrix';
import type { Fields } from '../../admin/action/submission';
import { inputField, selectField } from '../../admin/fields';
import type { TierNames } from '../../admin/tier-names';
import { categoryLabel } from '../../briefings/reading/cards';
import type { CategoryRow } from '../../briefings/reading/queries';
import { CHOICE_FIELDS } from '../../briefings/fields';
import { isWebAddress } from '../../briefings/file/shape';
import { slugOf } from '../../lib/slug';
import type { Language, Languages } from '../../lib/language';
import { nameIn, offered, type BriefingShape } from '../../site/shape/shape';
import type { PostOptions } from '../posts/options';
import type { MatchForm, TierValue } from './match';

/** What the form is made from. */
export interface PostMatchParts {
  readonly language: Language;
  readonly languages: Languages;
  readonly shape: BriefingShape;
  readonly matrix: Matrix;
  readonly tiers: TierNames;
  readonly categories: readonly CategoryRow[];
  /** The first tags of posts, with how many have each. */
  readonly values: readonly TierValue[];
}

export type PostFaults = Readonly<Record<string, string>>;

/** Kinds that take one text of a briefing's own, and that not everybody reads. */
const kindsFor = ({ shape, matrix }: PostMatchParts) =>
  offered(shape.kinds).filter(
    ({ slug, shape: of }) => (of === 'one-text' || of === 'list') && tierOfKind(matrix, slug).rank > 0,
  );

/** Each with the tier that reads it. */
const kindOptions = (parts: PostMatchParts) =>
  kindsFor(parts).map((kind) => ({
    value: kind.slug,
    label: `${nameIn(kind, parts.language)} (${parts.tiers.nameOf(tierOfKind(parts.matrix, kind.slug).slug)})`,
  }));

/** What was chosen in the form, and what is wrong with it. */
export function readPostMatch(
  fields: Fields,
  parts: PostMatchParts,
): { readonly options: PostOptions; readonly wrong: PostFaults } {
  const { language, languages, shape, categories, values } = parts;
  const errors: Record<string, string> = {};
  const oneOf = (name: string, slugs: readonly string[]): string | null => {
    const chosen = slugs.find((slug) => slug === fields[name]) ?? null;
    if (chosen === null) errors[name] = language.say('import.posts.wrong.choose');
    return chosen;
  };
  const all = categories.map(({ slug }) => slug);
  const kinds = kindsFor(parts).map(({ slug }) => slug);
  const home = (fields['home'] ?? '').trim();
  if (!isWebAddress(home)) errors['home'] = language.say('import.posts.wrong.home');
  const choices = CHOICE_FIELDS.flatMap((field): [string, string | number][] => {
    if (field.words === null) {
      const score = /^(?:0(?:[.,]\d{1,2})?|1(?:[.,]0{1,2})?)$/.test(fields[field.name] ?? '');
      if (!score) errors[field.name] = language.say('import.posts.wrong.score');
      return score ? [[field.name, Math.round(Number(fields[field.name]!.replace(',', '.')) * 100)]] : [];
    }
    const chosen = oneOf(
      field.name,
      offered(shape[field.words]).map(({ slug }) => slug),
    );
    return chosen === null ? [] : [[field.name, chosen]];
  });
  const byTag = values.flatMap(({ value }, at): [string, string][] => {
    const chosen = all.find((slug) => slug === fields[`category.${at}`]);
    return chosen === undefined ? [] : [[value, chosen]];
  });
  return {
    options: {
      language: languages.all.find(({ code }) => code === fields['language'])?.code ?? languages.first.code,
      ...{ category: oneOf('category', all), categories: Object.fromEntries(byTag) },
      ...{ members: oneOf('members', kinds), paid: oneOf('paid', kinds) },
      ...{ home: 'home' in errors ? null : home, choices: Object.fromEntries(choices) },
    },
    wrong: errors,
  };
}

/** The form that says what posts become. What a tag is called like is proposed for it. */
export function postMatchForm(
  parts: PostMatchParts,
  options: PostOptions,
  errors: PostFaults,
  typed: Fields | null,
): MatchForm {
  const { language, languages, shape, categories, values } = parts;
  const { say } = language;
  const ask = { value: '', label: say('desk.choose') };
  const select = (name: string, value: string, choices: readonly { value: string; label: string }[], label: string) =>
    selectField(language, name, value, choices, { label, error: errors[name] ?? null });
  const named = categories.map(({ slug, texts }) => ({
    value: slug,
    label: categoryLabel(slug, texts, language).name.text,
  }));
  const kinds = kindOptions(parts);
  const likeTag = (tag: string) => categories.find(({ slug }) => slug === slugOf(tag))?.slug ?? '';
  const choiceFields = CHOICE_FIELDS.map((field) => {
    const label = say(`desk.field.${field.name}`);
    const value = String(options.choices[field.name] ?? '');
    if (field.words === null) {
      const score = typed?.[field.name] ?? (value === '' ? '' : (Number(value) / 100).toFixed(2));
      return inputField(language, field.name, 'text', score, { label, error: errors[field.name] ?? null });
    }
    const words = offered(shape[field.words]).map((word) => ({ value: word.slug, label: nameIn(word, language) }));
    return select(field.name, value, [ask, ...words], label);
  });
  return {
    columns: [
      select('members', options.members ?? '', [ask, ...kinds], say('import.posts.members')),
      select('paid', options.paid ?? '', [ask, ...kinds], say('import.posts.paid')),
      inputField(language, 'home', 'text', typed?.['home'] ?? options.home ?? '', {
        ...{ label: say('import.posts.home'), hint: say('import.posts.home.hint'), error: errors['home'] ?? null },
      }),
      select(
        'language',
        options.language,
        languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) })),
        say('import.posts.language'),
      ),
      select('category', options.category ?? '', [ask, ...named], say('import.posts.category')),
      ...values.map(({ value, n }, at) =>
        select(
          `category.${at}`,
          options.categories[value] ?? likeTag(value),
          [{ value: '', label: say('import.posts.category.same') }, ...named],
          say('import.posts.tag', { value, n }),
        ),
      ),
    ],
    values: [],
    others: choiceFields,
    letters: null,
    heading: say('import.posts.match'),
    text: say('import.posts.match.text'),
    given: { heading: say('import.posts.choices'), text: say('import.posts.choices.text') },
  };
}
