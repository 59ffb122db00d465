/** One thing that is looked for, as `wall.search` takes it. */
export interface Term {
  readonly text: string;
  readonly mode: 'word' | 'phrase' | 'beginning';
  /** Is what holds it left out? */
  readonly not: boolean;
}

/** Terms of one search; what comes after them is not looked for. */
const MOST = 12;

/** `"…"`, to the end where it is not closed, or what stands between spaces; each with a minus before it or without. */
const PART = /(?<minus>-?)"(?<phrase>[^"]*)(?:"|$)|(?<word>\S+)/gu;

const SAYS = /[\p{L}\p{N}]/u;

/**
 * What was typed as terms: `words` are all looked for, `"several words"` in this order, `-word` is left out, and
 * `begin*` looks for beginnings. What has neither letter nor digit is no term.
 */
export function parseTerms(typed: string): Term[] {
  return [...typed.matchAll(PART)]
    .map(({ groups = {} }) => (groups['phrase'] === undefined ? wordOf(groups['word']!) : phraseOf(groups)))
    .filter(({ text }) => SAYS.test(text))
    .slice(0, MOST);
}

function phraseOf({ minus, phrase = '' }: Readonly<Record<string, string | undefined>>): Term {
  return { text: phrase.trim(), mode: 'phrase', not: minus === '-' };
}

function wordOf(typed: string): Term {
  const not = /^-[\p{L}\p{N}]/u.test(typed);
  const text = not ? typed.slice(1) : typed;
  return text.endsWith('*') ? { text: text.replace(/\*+$/, ''), mode: 'beginning', not } : { text, mode: 'word', not };
}
