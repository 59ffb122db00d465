import type { Language, Phrase } from '../../lib/language';
import { isPrintable } from '../../lib/line';
import type { LanguageCatalogue } from '../../site/languages/catalogue';
import type { WallTransaction } from '../../stores/postgres/wall';
import { versionOf, type Fields } from '../action/submission';
import { placeholderFaults } from './placeholders';

/** Characters of a phrase. */
export const LONGEST_PHRASE = 2_000;

/** A phrase that is being changed: as it is delivered, as it is, and what was typed. */
export interface PhraseCase {
  readonly lang: string;
  readonly key: string;
  readonly reference: Phrase;
  /** As this language is delivered; null: it lacks the phrase. */
  readonly delivered: Phrase | null;
  /** The publisher's own words; null: none. */
  readonly own: Phrase | null;
  /** The plural forms of the language that can be typed; one without a name where the phrase has none. */
  readonly forms: readonly string[];
  /** What was typed, form by form; null: nothing was. */
  readonly typed: ReadonlyMap<string, string> | null;
  readonly errors: ReadonlyMap<string, string>;
  readonly version: string;
}

/** The name of a form's field. */
export const fieldOf = (form: string): string => (form === '' ? 'text' : `text-${form}`);

/** The plural forms a language has, for a phrase that has any. */
function pluralForms(lang: string, reference: Phrase): string[] {
  if (typeof reference === 'string') return [''];
  return new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
}

/** Reads a phrase and what was typed for it, and says what is wrong with that. */
export async function readPhraseCase(
  db: WallTransaction,
  catalogue: Pick<LanguageCatalogue, 'phrasesOf' | 'reference'>,
  { say }: Language,
  { lang, key, fields }: { readonly lang: string; readonly key: string; readonly fields: Fields },
): Promise<PhraseCase> {
  const reference = catalogue.reference.phrases[key]!;
  const row = await db.phrase.findUnique({ where: { lang_key: { lang, key } }, select: { value: true } });
  const own = row ? (row.value as Phrase) : null;
  const forms = pluralForms(lang, reference);
  const given = forms.filter((form) => fields[fieldOf(form)] !== undefined);
  const typed = given.length === 0 ? null : new Map(forms.map((form) => [form, lineOf(fields[fieldOf(form)] ?? '')]));
  const errors = new Map<string, string>();
  for (const [form, text] of typed ?? []) {
    const error = wrongText(text, reference, say);
    if (error !== null) errors.set(form, error);
  }
  const delivered = catalogue.phrasesOf(lang).delivered[key] ?? null;
  return { lang, key, reference, delivered, own, forms, typed, errors, version: versionOf([own]) };
}

/** Lines are parted as one would on any machine, and space around is left out. */
const lineOf = (text: string): string => text.replace(/\r\n?/g, '\n').trim();

function wrongText(text: string, reference: Phrase, say: Language['say']): string | null {
  if (text === '') return say('admin.phrases.wrong.empty');
  if ([...text].length > LONGEST_PHRASE) return say('admin.phrases.wrong.long', { n: LONGEST_PHRASE });
  if (!isPrintable(text.replaceAll('\n', ' ')) || /[\uFDD0-\uFDEF]/.test(text)) return say('admin.phrases.wrong.signs');
  const { missing, unknown } = placeholderFaults(text, reference);
  const listed = (names: readonly string[]) => names.map((name) => `{${name}}`).join(', ');
  if (missing.length > 0) return say('admin.phrases.wrong.missing', { names: listed(missing) });
  return unknown.length > 0 ? say('admin.phrases.wrong.unknown', { names: listed(unknown) }) : null;
}

/**
 * The phrase as it was typed.
 * @throws for a case in which nothing was typed.
 */
export function phraseTyped({ typed }: PhraseCase): Phrase {
  if (typed === null) throw new Error('a phrase that was not typed');
  const plain = typed.get('');
  return plain ?? Object.fromEntries(typed);
}

/** One form of a phrase: of a phrase without that form, the one that is said in its place. */
export function formIn(phrase: Phrase | null, form: string): string {
  if (phrase === null) return '';
  if (typeof phrase === 'string') return phrase;
  return phrase[form as Intl.LDMLPluralRule] ?? phrase.other ?? '';
}
