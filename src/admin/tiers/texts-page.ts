import { planOf } from '../../billing/checkout/pricing';
import type { Language, Languages } from '../../lib/language';
import { isPriced } from '../../membership/tiers';
import { hiddenFields, reasonField, submissionFields } from '../action/form';
import type { Rejection } from '../action/perform';
import type { Fields } from '../action/submission';
import { changesOf } from '../audit/format';
import type { AdminField } from '../page-types';
import type { TierTextsPage, TierWordedPage } from './page-types';
import { withTexts, type TextsCase } from './texts-case';
import { differences, fieldOf, FIELDS, typedOf, type Field, type TierTexts } from './tier-texts';

/** Fields of one line. */
const SHORT: readonly Field[] = ['name', 'join-label', 'join-heading'];

/** What a form says besides what was typed. */
export interface FormState {
  readonly error?: string | null;
  /** For each wrong field the key of the sentence that says so. */
  readonly wrong?: Readonly<Record<string, string>>;
  /** The version the form was filled in against. */
  readonly version: string;
  /** When the change was made that is taken back; null: it is none. */
  readonly restoring?: Date | null;
}

const actionOf = ({ prefix }: Language, { row }: TextsCase) => `${prefix}/admin/tiers/${row.slug}/texts`;

/** The texts of one tier as a form, language by language. */
export function textsFormPage(
  language: Language,
  languages: Languages,
  it: TextsCase,
  given: Fields,
  { error = null, wrong: errors = {}, version, restoring = null }: FormState,
): Omit<TierTextsPage, 'frame'> {
  const { say, prefix } = language;
  return {
    back: `${prefix}/admin/tiers`,
    tier: { slug: it.row.slug, name: it.name },
    error,
    restoring: restoring && say('admin.settings.restoring', { moment: language.moment(restoring) }),
    action: actionOf(language, it),
    languages: languages.all.map((one) => ({
      name: language.languageName(one.code),
      hint:
        one === languages.first
          ? say('admin.tiers.texts.whole')
          : say('admin.tiers.texts.may-be-empty', { lang: language.languageName(languages.first.code) }),
      fields: FIELDS.map((field) => textField(language, field, one.code, given, errors)),
    })),
    hidden: hiddenFields({ version, step: 'look' }),
  };
}

function textField(
  { say }: Language,
  field: Field,
  lang: string,
  given: Fields,
  errors: Readonly<Record<string, string>>,
): AdminField {
  const name = fieldOf(field, lang);
  return {
    name,
    type: SHORT.includes(field) ? 'text' : 'long',
    value: given[name] ?? '',
    options: [],
    label: say(`admin.tiers.field.${field}`),
    hint: say(`admin.tiers.field.${field}.hint`),
    error: errors[name] === undefined ? null : say(errors[name]),
  };
}

/** The same before it is saved: what changes, and how readers would see it. */
export function textsPreviewPage(
  language: Language,
  languages: Languages,
  it: TextsCase,
  given: Fields,
  words: TierTexts,
  rejection: Rejection | null,
): Omit<TierWordedPage, 'frame'> {
  const { say, prefix } = language;
  const { before, after } = differences(it.words, words, languages);
  return {
    back: `${prefix}/admin/tiers`,
    tier: { slug: it.row.slug, name: it.name },
    changes: changesOf(language, before, after),
    happens: [
      say('admin.tiers.texts.happens'),
      ...(isPriced(it.row) ? [say('admin.tiers.texts.happens.stripe')] : []),
      say('admin.tiers.texts.happens.matrix'),
    ],
    plans: languages.all.map((one) => ({
      lang: one.code,
      language: language.languageName(one.code),
      plan: planOf(withTexts(it.row, words), 'month', null, one),
    })),
    action: actionOf(language, it),
    hidden: [...hiddenFields(typedOf(words, languages)), ...submissionFields(given['version'] ?? '')],
    remark: reasonField(language, {
      why: 'remark',
      typed: given['remark'],
      hint: 'admin.matrix.reason.hint',
      rejection,
    }),
  };
}
