import { diffArrays } from 'diff';

/** A part of a text and of another one: in both, or in one of them alone. */
export interface Run {
  readonly in: 'both' | 'before' | 'after';
  readonly text: string;
}

/** Words that may differ at most; longer changes are shown one text after the other. */
const MOST = 4_000;

/** Two texts as runs of words that both have, or only one of them: a shortest way from one to the other. */
export function compareWords(before: string, after: string): Run[] {
  const changes = diffArrays(words(before), words(after), { maxEditLength: MOST });
  if (changes === undefined)
    return [
      { in: 'before', text: before },
      { in: 'after', text: after },
    ];
  return changes.map(({ added, removed, value }) => ({
    in: added ? 'after' : removed ? 'before' : 'both',
    text: value.join(''),
  }));
}

/** Words, each with the white space after it. */
const words = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];
