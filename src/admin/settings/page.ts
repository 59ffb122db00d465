import type { Language } from '../../lib/language';
import type { TierRow } from '../../membership/tiers';
import { tierTextsIn } from '../../membership/tiers';
import type { Fields } from '../action/submission';
import { fieldsOf, inputsOf, type RoomName, type SettingField } from './fields';
import type { FormParts } from './form';
import type { SettingGroup, SettingInput } from './page-types';

/** What is wrong with one input, as it is said beside it. */
export type Wrong = Readonly<Record<string, { readonly line: number | null; readonly most: number | null }>>;

export interface GroupParts {
  readonly language: Language;
  readonly parts: FormParts;
  readonly tiers: readonly TierRow[];
  readonly fields: Fields;
  readonly wrong: Wrong;
  /** What the environment says of a field, in a sentence. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The phrase of a field: its own below `admin.settings.<setting>.<field>`. */
const phraseOf = (setting: RoomName, field: SettingField, part = ''): string =>
  `admin.settings.${setting}.${field.name}${part}`;

function sayWrong(language: Language, setting: RoomName, field: SettingField, { line, most }: Wrong[string]): string {
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
  choice: 'select',
  check: 'check',
  day: 'date',
  colour: 'colour',
} as const;

function optionsOf(setting: RoomName, field: SettingField, { language, tiers }: GroupParts, chosen: string) {
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
  setting: RoomName,
  field: SettingField,
  { input, part }: { readonly input: string; readonly part: string | null },
  given: GroupParts,
): SettingInput {
  const { language, fields, wrong, tiers } = given;
  const tier = tiers.find(({ slug }) => slug === part);
  const value = fields[input] ?? '';
  const error = wrong[input];
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
    lang: field.byLanguage ? part : null,
    hint: null,
    error: error === undefined ? null : sayWrong(language, setting, field, error),
    options: optionsOf(setting, field, given, value),
  };
}

/** The fields of a setting as they are shown: each with its inputs, what is wrong beside them. */
export function settingGroups(setting: RoomName, given: GroupParts): readonly SettingGroup[] {
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
