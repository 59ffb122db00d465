import type { Language } from '../../lib/language';
import { nameIn, wordOf, type BriefingShape, type ListWord, type PassageKind, type Word } from '../../site/shape/shape';
import type { Facts } from '../../stores/postgres/audit';
import { submitOnceButton } from '../action/form';
import type { Fields } from '../action/submission';
import { textFact, textFacts, type PastAction, type Undo } from '../audit/past';
import { withQuery } from '../fields';
import { isGrowing, type GrowingGroup } from './change';
import { GROUPS, SHAPE_PATH } from './parts';
import { TEXT_FIELDS, textFieldOf } from './texts';
import { usesOf, type WordUses } from './uses';

/** What is decided by whether something can be taken back, and how. */
interface ShapeNow {
  readonly shape: BriefingShape;
  readonly uses: WordUses;
}

/** How a change of the shape is taken back; null: by nothing, or it was already. */
export function undoOfShape(language: Language, now: ShapeNow, past: PastAction): Undo | null {
  const [name, slug = textFact(past.after, 'word-slug')] = (past.targetId ?? '').split('/');
  const group = GROUPS.find((one) => one === name);
  if (group === undefined || slug === null) return null;
  const words: readonly Word[] = now.shape[group];
  const word = wordOf(words, slug);
  const base = `${language.prefix}${SHAPE_PATH}/${group}`;
  const leadTo = (path: string): Undo => ({ href: `${base}/${slug}/${path}` });
  if (past.action === 'word-deleted')
    return word === undefined ? { href: withQuery(`${base}/new`, { restore: past.id }) } : null;
  if (word === undefined) return null;
  switch (past.action) {
    case 'word-renamed':
      return { href: withQuery(`${base}/${slug}/names`, { restore: past.id }) };
    case 'word-made':
      return isGrowing(group) && usesOf(now.uses, group, slug) === 0
        ? leadTo('delete')
        : word.retired
          ? null
          : leadTo('retire');
    case 'word-retired':
      return word.retired ? leadTo('offer') : null;
    case 'word-offered':
      return word.retired ? null : leadTo('retire');
    case 'word-moved': {
      const place = placeBefore(past);
      if (place === null || place > words.length || words[place - 1] === word) return null;
      const label = language.say('admin.shape.move.back', { name: nameIn(word, language) });
      return { button: submitOnceButton(`${base}/${slug}/move`, label, { place: String(place) }) };
    }
    default:
      return null;
  }
}

/** Where a word stood before it was moved, counted from one. */
function placeBefore({ before }: PastAction): number | null {
  const place = (before as Facts | null)?.['word-place'];
  return typeof place === 'number' && Number.isInteger(place) && place > 0 ? place : null;
}

/** What a word is, for the log: with it a deleted one can be made again. */
export const factsOfWord = (
  group: GrowingGroup,
  word: Pick<Word, 'slug' | 'texts'> & Partial<Pick<PassageKind, 'shape'> & Pick<ListWord, 'place'>>,
): Facts => ({
  'word-slug': word.slug,
  ...(group === 'kinds' ? { 'passage-shape': word.shape ?? null } : {}),
  ...(group === 'lists' ? { 'list-place': word.place ?? null } : {}),
  ...Object.fromEntries(
    word.texts.flatMap(({ lang, name, long }): [string, string][] => [
      [`word-name.${lang}`, name],
      ...(long === null ? [] : ([[`word-long.${lang}`, long]] as [string, string][])),
    ]),
  ),
});

/** The names an entry has of a word before it was renamed or deleted, by the names of the form's fields. */
export function textsBefore({ before }: PastAction): Fields {
  const facts = textFacts(before);
  return Object.fromEntries(
    Object.entries(facts).flatMap(([fact, text]) => {
      const [start, lang] = fact.split('.');
      const field = TEXT_FIELDS.find((one) => start === `word-${one}`);
      return field === undefined || lang === undefined ? [] : [[textFieldOf(field, lang), text]];
    }),
  );
}

/** A word that was deleted, by the names of the form's fields. */
export function wordBefore(past: PastAction): Fields {
  const fact = (name: string) => textFact(past.before, name) ?? '';
  return {
    ...textsBefore(past),
    ...{ slug: fact('word-slug'), 'passage-shape': fact('passage-shape'), place: fact('list-place') },
  };
}
