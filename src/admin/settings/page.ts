import type { Language } from '../../lib/language';
import { readPictureName } from '../../site/pictures/names';
import type { TierRow } from '../../membership/tiers';
import { tierTextsIn } from '../../membership/tiers';
import type { Fields } from '../action/submission';
import { fieldsOf, inputsOf, type EditableSetting, type SettingField } from './fields';
import type { FormParts } from './form';
import type { SettingGroup, SettingInput } from './page-types';

/** What is wrong with one input, as it is said beside it. */
export type SettingErrors = Readonly<
  Record<
    string,
    {
      readonly line: number | null;
      readonly most: number | null;
      /** A sentence of its own, with what is put into it. */
      readonly own?: { readonly key: string; readonly values?: Readonly<Record<string, string | number>> };
    }
  >
>;

export interface GroupParts {
  readonly language: Language;
  readonly parts: FormParts;
  readonly tiers: readonly TierRow[];
  readonly fields: Fields;
  readonly wrong: SettingErrors;
  /** What the environment says of a field, in a sentence. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The phrase of a field: its own below `admin.settings.<setting>.<field>`. */
const phraseOf = (setting: EditableSetting, field: SettingField, part = ''): string =>
  `admin.settings.${setting}.${field.name}${part}`;

function sayWrong(
  language: Language,
  setting: EditableSetting,
  field: SettingField,
  errors: SettingErrors[string],
): string {
  const { line, most } = errors;
  if (errors.own) return language.say(errors.own.key, errors.own.values);
  const own = phraseOf(setting, field, '.wrong');
  const text =
    most !== null
      ? language.say('admin.settings.wrong.long', { n: most })
      : language.say(language.has(own) ? own : 'admin.settings.wrong');
  return line === null ? text : language.say('admin.settings.wrong.line', { line, text });
}

const INPUT_TYPES = {
  line: 'text',
  text: 'long',
  lines: 'long',
  ways: 'long',
  columns: 'long',
  choice: 'select',
  check: 'check',
  day: 'date',
  colour: 'colour',
  picture: 'picture',
} as const;

function optionsOf(setting: EditableSetting, field: SettingField, { language, tiers }: GroupParts, chosen: string) {
  const { options } = field;
  if (options === undefined) return [];
  const all =
    options === 'tiers'
      ? [
          { value: '', label: language.say('admin.settings.everybody') },
          ...tiers.map((row) => ({ value: row.slug, label: tierTextsIn(row, language).name })),
        ]
      : options.map((value) => ({ value, label: language.say(phraseOf(setting, field, `.${value}`)) }));
  return all.map((one) => ({ ...one, selected: one.value === chosen }));
}

function inputOf(
  setting: EditableSetting,
  field: SettingField,
  { input, part }: { readonly input: string; readonly part: string | null },
  given: GroupParts,
): SettingInput {
  const { language, fields, wrong: errors, tiers } = given;
  const tier = tiers.find(({ slug }) => slug === part);
  const value = fields[input] ?? '';
  const error = errors[input];
  const picture = field.kind === 'picture' ? readPictureName(value) : null;
  return {
    name: input,
    label: tier
      ? tierTextsIn(tier, language).name
      : part !== null
        ? language.languageName(part)
        : language.say(phraseOf(setting, field)),
    type: INPUT_TYPES[field.kind],
    value,
    checked: value === '1',
    picture: picture && { src: picture.address, width: picture.width, height: picture.height },
    lang: field.byLanguage ? part : null,
    hint: null,
    error: error === undefined ? null : sayWrong(language, setting, field, error),
    options: optionsOf(setting, field, given, value),
  };
}

/** The fields of a setting as they are shown: each with its inputs, what is wrong beside them. */
export function settingGroups(setting: EditableSetting, given: GroupParts): readonly SettingGroup[] {
  const { language, parts } = given;
  return fieldsOf(setting).map((field) => {
    const hint = phraseOf(setting, field, '.hint');
    return {
      label: language.say(phraseOf(setting, field)),
      hint: language.has(hint)
        ? language.say(hint, { languages: parts.languages.map((one) => language.languageName(one)).join(' | ') })
        : null,
      inputs: inputsOf(field, parts).map((one) => inputOf(setting, field, one, given)),
      environment: given.environment[field.name] ?? null,
    };
  });
}
