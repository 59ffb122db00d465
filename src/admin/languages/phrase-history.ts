import type { Language, Phrase } from '../../lib/language';
import type { Facts } from '../../stores/postgres/audit';
import type { Fields } from '../action/submission';
import { pastActionViews, readPastActions, textFact, textFacts, type PastAction, type Undo } from '../audit/past';
import { withQuery } from '../fields';
import type { PastChangeView } from '../page-types';
import { PHRASE_AUDIT_ACTIONS } from './audit-actions';
import type { LanguageParts } from './parts';
import { fieldOf } from './phrase-case';
import { phraseKeys } from './phrase-filter';

export const PHRASE_PATH = '/admin/settings/phrases/edit';

/** A phrase as facts of the log: each plural form by itself, so that it can be put back. */
export const factsOfPhrase = (phrase: Phrase | null): Facts =>
  phrase === null || typeof phrase === 'string'
    ? { phrase }
    : Object.fromEntries(Object.entries(phrase).map(([form, text]) => [`phrase-${form}`, text]));

/** What a phrase said before a change, by the names of its form's fields. */
export function typedBefore({ before }: Pick<PastAction, 'before'>): Fields {
  return Object.fromEntries(
    Object.entries(textFacts(before)).flatMap(([fact, text]) =>
      fact === 'phrase' ? [[fieldOf(''), text]] : /^phrase-/.test(fact) ? [[fieldOf(fact.slice(7)), text]] : [],
    ),
  );
}

/** The language and the key an entry is about. */
function aboutOf({ targetId }: PastAction): { readonly lang: string; readonly key: string } | null {
  const [lang, key] = (targetId ?? '').split(' ');
  return lang === undefined || key === undefined ? null : { lang, key };
}

/**
 * The last changes of phrases, of one (`es gate.title`) or of a language (`es `), each with the way to undo it: its
 * form, with what was said before. Entries of before plural forms were kept one by one have them all in one text, and
 * lead to the form as it is.
 */
export async function phraseHistory(
  { wall, languages }: Pick<LanguageParts, 'wall' | 'languages'>,
  language: Language,
  target: string,
): Promise<PastChangeView[]> {
  const keys = phraseKeys(languages);
  const undo = (past: PastAction): Undo | null => {
    const about = aboutOf(past);
    if (about === null || !keys.includes(about.key)) return null;
    const isPlural = typeof languages.reference.phrases[about.key] !== 'string';
    const whole = !isPlural || textFact(past.before, 'phrase') === null;
    const query = { ...about, ...(whole ? { restore: past.id } : {}) };
    return { href: withQuery(`${language.prefix}${PHRASE_PATH}`, query) };
  };
  return pastActionViews(language, await readPastActions(wall, PHRASE_AUDIT_ACTIONS, target), undo);
}
