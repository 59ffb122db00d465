import { inputField, selectField } from '../../admin/fields';
import { wrongEnd } from '../../admin/members/actions/comp';
import { dayOf } from '../../admin/days';
import type { Fields } from '../../admin/action/submission';
import type { TierNames } from '../../admin/tier-names';
import type { Language, Languages } from '../../lib/language';
import { FIELDS, type Field } from '../columns';
import type { ImportOptions } from '../options';
import type { ImportPage } from './page-types';

/** What a file names as tiers, with how many rows do. */
export interface TierValue {
  readonly value: string;
  readonly n: number;
}

/** Tiers of a file that can be told apart in the form. */
export const MOST_VALUES = 15;

/** What the form is made from. */
export interface MatchParts {
  readonly language: Language;
  readonly languages: Languages;
  readonly tiers: TierNames;
  readonly header: readonly string[];
  readonly values: readonly TierValue[];
}

export type MatchFaults = Readonly<Partial<Record<'email' | 'until' | 'comp', string>>>;

const NOTHING = '';

/** What was chosen in the form, and what is wrong with it. */
export function readMatch(
  fields: Fields,
  { language, languages, tiers, header, values }: MatchParts,
  now: Date,
): { readonly options: ImportOptions; readonly wrong: MatchFaults } {
  const columnOf = (field: Field): number | null => {
    const given = fields[`column.${field}`] ?? '';
    return /^\d{1,3}$/.test(given) && Number(given) < header.length ? Number(given) : null;
  };
  const tierOf = (given: string | undefined): string | null =>
    tiers.all.find(({ slug, rank, retired }) => slug === given && rank > 0 && !retired)?.slug ?? null;
  const columns = FIELDS.flatMap((field) => {
    const at = columnOf(field);
    return at === null ? [] : [[field, at] as const];
  });
  const given = fields['until'] ?? '';
  const day = given === '' ? null : dayOf(given, language.zone);
  const wrongDay = given === '' ? null : wrongEnd(day, now, language.zone);
  const comps = values.flatMap(({ value }, at) => {
    const tier = tierOf(fields[`gives.${at}`]);
    return tier === null ? [] : [[value, tier] as const];
  });
  const code = languages.all.find((one) => one.code === fields['language'])?.code ?? languages.first.code;
  return {
    options: {
      columns: Object.fromEntries(columns),
      ...{ language: code, comps: Object.fromEntries(comps), comp: tierOf(fields['comp']) },
      ...{ until: wrongDay === null && given !== '' ? given : null, letters: fields['letters'] === 'yes' },
    },
    wrong: {
      ...(columnOf('email') === null ? { email: language.say('import.wrong.email-column') } : {}),
      ...(wrongDay === null ? {} : { until: language.say(wrongDay) }),
    },
  };
}

/** The form that says how a file is to be read, without what its page adds. */
export type MatchForm = Omit<
  NonNullable<ImportPage['match']>,
  'action' | 'version' | 'submission' | 'error' | 'submit'
>;

/** The form that says what the columns are, and what is given. */
export function matchForm(
  parts: MatchParts,
  options: ImportOptions,
  errors: MatchFaults,
  typedUntil: string | undefined,
): MatchForm {
  const { language, languages, tiers, header, values } = parts;
  const { say } = language;
  const offered = tiers.all.filter(({ rank, retired }) => rank > 0 && !retired);
  const gifts = [
    { value: NOTHING, label: say('import.gives.nothing') },
    ...offered.map(({ slug, name }) => ({ value: slug, label: say('import.gives.comp', { tier: name }) })),
  ];
  const choices = [
    { value: '', label: say('import.column.none') },
    ...header.map((name, at) => ({ value: String(at), label: name || say('import.column.unnamed', { n: at + 1 }) })),
  ];
  return {
    columns: FIELDS.map((field) =>
      selectField(language, `column.${field}`, String(options.columns[field] ?? ''), choices, {
        label: say(`import.field.${field}`),
        error: field === 'email' ? (errors.email ?? null) : null,
      }),
    ),
    values: values.map(({ value, n }, at) =>
      selectField(language, `gives.${at}`, options.comps[value] ?? NOTHING, gifts, {
        label: say('import.gives', { value, n }),
      }),
    ),
    others: [
      selectField(
        language,
        'language',
        options.language,
        languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) })),
        { label: say('import.language') },
      ),
      ...(options.columns.comp === undefined
        ? []
        : [selectField(language, 'comp', options.comp ?? NOTHING, gifts, { label: say('import.comp') })]),
      inputField(language, 'until', 'date', typedUntil ?? options.until ?? '', {
        ...{ error: errors.until ?? null, label: say('import.until'), hint: say('import.until.hint') },
      }),
    ],
    letters: { label: say('import.letters'), hint: say('import.letters.hint'), checked: options.letters },
    ...{ heading: say('import.match'), text: say('import.match.text') },
    given: { heading: say('import.match.given'), text: say('import.match.given.text') },
  };
}
