import type { Language } from '../../lib/language';
import { nameIn, type Word } from '../../site/shape/shape';
import type { Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { deleteWord, setRetired, type GrowingGroup } from './change';
import { factsOfWord } from './history';

/** A word, and what is known of it when something is to be done with it. */
export interface WordRequest {
  readonly group: GrowingGroup;
  readonly word: Word;
  /** The words of its group. */
  readonly words: readonly Word[];
  /** How many briefings say it now. */
  readonly uses: number;
  /** Does a briefing, a former revision or a restore point say it? */
  readonly mentioned: boolean;
  readonly language: Language;
  readonly now: Date;
}

/** Something an admin can do with a word of the shape, which asks first. */
export interface WordAction {
  readonly name: 'word-retired' | 'word-offered' | 'word-deleted';
  /** The end of its address. */
  readonly path: 'retire' | 'offer' | 'delete';
  readonly grave: boolean;
  /** Is it there to be done? */
  readonly offered: (word: Word, uses: number) => boolean;
  /** Why it cannot be done; null: it can. */
  readonly refused: (request: WordRequest) => string | null;
  readonly happens: (request: WordRequest) => readonly string[];
  readonly facts: (request: WordRequest) => { readonly before: Facts | null; readonly after: Facts | null };
  write(db: WallTransaction, request: WordRequest): Promise<void>;
}

/** Groups that a briefing must say a word of before it is published. */
const NEEDED: readonly GrowingGroup[] = ['types', 'domains', 'impact', 'relevance', 'horizon'];

/** Is it the last one on offer that a briefing could say? */
const isLast = ({ group, word, words }: WordRequest): boolean =>
  NEEDED.includes(group) && !words.some((one) => one !== word && !one.retired);

const retire: WordAction = {
  name: 'word-retired',
  path: 'retire',
  grave: true,
  offered: ({ retired }) => !retired,
  refused: (request) => {
    const { say } = request.language;
    if (request.word.retired) return say('admin.shape.refused.retired');
    return isLast(request) ? say('admin.shape.refused.last') : null;
  },
  happens: ({ language: { say }, group, uses }) => [
    say('admin.shape.retire.happens'),
    say('admin.shape.retire.uses', { n: uses }),
    ...(group === 'kinds' ? [say('admin.shape.retire.kind')] : []),
    say('admin.happens.next-page'),
  ],
  facts: () => ({ before: { retired: false }, after: { retired: true } }),
  write: (db, { group, word, now }) => setRetired(db, group, word.slug, now),
};

const offer: WordAction = {
  name: 'word-offered',
  path: 'offer',
  grave: false,
  offered: ({ retired }) => retired,
  refused: ({ word, language: { say } }) => (word.retired ? null : say('admin.shape.refused.offered')),
  happens: ({ language: { say } }) => [say('admin.shape.offer.happens'), say('admin.happens.next-page')],
  facts: () => ({ before: { retired: true }, after: { retired: false } }),
  write: (db, { group, word }) => setRetired(db, group, word.slug, null),
};

const remove: WordAction = {
  name: 'word-deleted',
  path: 'delete',
  grave: true,
  offered: (_word, uses) => uses === 0,
  refused: (request) => {
    const { say } = request.language;
    if (request.mentioned) return say('admin.shape.refused.said', { n: request.uses });
    return isLast(request) ? say('admin.shape.refused.last') : null;
  },
  happens: ({ language, word, group }) => [
    language.say('admin.shape.delete.happens', { name: nameIn(word, language) }),
    ...(group === 'kinds' ? [language.say('admin.shape.delete.kind')] : []),
    language.say('admin.happens.next-page'),
  ],
  facts: ({ group, word }) => ({ before: factsOfWord(group, word), after: null }),
  write: (db, { group, word }) => deleteWord(db, group, word.slug),
};

/** What can be done with a word besides naming and moving it, in the order it is offered. */
export const WORD_ACTIONS: readonly WordAction[] = [retire, offer, remove];
