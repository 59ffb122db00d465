import type MarkdownIt from 'markdown-it';

/** What the links between a text and its footnotes are called, for whoever hears them. */
export interface FootnoteWords {
  /** Of the sign in the text: `Footnote 1`. */
  readonly note: (number: number) => string;
  /** Of the way back from a note: `Back to the text, footnote 1`. */
  readonly back: (number: number) => string;
  /** Of all notes of a text. */
  readonly heading: string;
  /** BCP 47 code of these words, where the text is in another language; null where it is not. */
  readonly lang: string | null;
}

/** What rendering needs to know: a name for the text that no other text of the page has, and the words. */
export interface FootnoteEnv {
  /** Letters, digits and hyphens. Ids begin with it, so that two texts with a footnote 1 share no id. */
  readonly id?: string;
  readonly words?: FootnoteWords;
}

type Token = MarkdownIt.Token;
type Parser = MarkdownIt.MarkdownIt;

const LABEL = '([^\\s\\[\\]^]{1,100})';
const DEFINITION = new RegExp(`^\\[\\^${LABEL}\\]:[ \\t]*`);
const REFERENCE = new RegExp(`\\[\\^${LABEL}\\]`, 'y');

/** Labels that have a definition are kept here while a text is parsed. */
const DEFINED = Symbol('labels of footnotes');
type Env = MarkdownIt.Env & { [DEFINED]?: Set<string> };

/**
 * Footnotes as GitHub writes them: `[^1]` in a text, `[^1]: …` on a line of its own. They stand at the end of their
 * text in the order of their signs. A sign without a note is text; a note without a sign is left out.
 */
export function useFootnotes(markdown: Parser): void {
  markdown.block.ruler.before('reference', 'footnote_definition', definition, { alt: ['paragraph', 'reference'] });
  markdown.inline.ruler.before('link', 'footnote_reference', reference);
  markdown.core.ruler.push('footnotes_at_the_end', (state) => {
    state.tokens = atTheEnd(state.tokens, state.Token);
  });
  const { rules } = markdown.renderer;
  rules['footnote_reference'] = (tokens, index, _options, env) => {
    const { number, time } = numbersOf(tokens[index]!);
    const { id, words } = named(env);
    const label = hear(markdown, words?.note(number), words);
    const attributes = `id="fnref-${id}_${number}_${time}" href="#fn-${id}_${number}"${label}`;
    return `<sup class="footnote-ref"><a ${attributes}>${number}</a></sup>`;
  };
  rules['footnotes_open'] = (_tokens, _index, _options, env) => {
    const { words } = named(env);
    return `<div class="footnotes"${words ? ` role="group"${hear(markdown, words.heading, words)}` : ''}>\n<ol>\n`;
  };
  rules['footnotes_close'] = () => '</ol>\n</div>\n';
  rules['footnote_open'] = (tokens, index, _options, env) =>
    `<li id="fn-${named(env).id}_${numbersOf(tokens[index]!).number}">`;
  rules['footnote_close'] = () => '</li>\n';
  rules['footnote_back'] = (tokens, index, _options, env) => {
    const { number, times } = numbersOf(tokens[index]!);
    const { id, words } = named(env);
    const way = (time: number) => {
      const href = `#fnref-${id}_${number}_${time}`;
      return ` <a class="footnote-back" href="${href}"${hear(markdown, words?.back(number), words)}>↩</a>`;
    };
    return Array.from({ length: times }, (_, before) => way(before + 1)).join('');
  };
}

function definition(state: MarkdownIt.StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.sCount[startLine]! - state.blkIndent >= 4) return false;
  const found = DEFINITION.exec(state.src.slice(start, state.eMarks[startLine]));
  if (!found) return false;
  if (silent) return true;
  const label = labelOf(state.md, found[1]!);
  ((state.env as Env)[DEFINED] ??= new Set()).add(label);
  state.push('footnote_open', '', 1).meta = { label };
  const { blkIndent, parentType } = state;
  const [mark, shift, count] = [state.bMarks[startLine]!, state.tShift[startLine]!, state.sCount[startLine]!];
  // Its first line begins behind the colon; lines that are four further in belong to it as well.
  state.blkIndent += 4;
  state.parentType = 'footnote';
  state.bMarks[startLine] = start + found[0].length;
  state.tShift[startLine] = 0;
  state.sCount[startLine] = state.blkIndent;
  state.md.block.tokenize(state, startLine, endLine);
  [state.bMarks[startLine], state.tShift[startLine], state.sCount[startLine]] = [mark, shift, count];
  Object.assign(state, { blkIndent, parentType });
  state.push('footnote_close', '', -1);
  return true;
}

function reference(state: MarkdownIt.StateInline, silent: boolean): boolean {
  REFERENCE.lastIndex = state.pos;
  const found = REFERENCE.exec(state.src);
  if (!found || state.pos + found[0].length > state.posMax) return false;
  const label = labelOf(state.md, found[1]!);
  if (!(state.env as Env)[DEFINED]?.has(label)) return false;
  if (!silent) state.push('footnote_reference', '', 0).meta = { label };
  state.pos += found[0].length;
  return true;
}

/** The tokens of a text with the notes it refers to behind it, numbered in the order in which it does. */
function atTheEnd(
  tokens: readonly Token[],
  Token: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token,
): Token[] {
  const { text, notes } = taken(tokens);
  const references = new Map<string, { readonly number: number; times: number }>();
  const count = (within: readonly Token[]) => {
    for (const { children } of within) {
      for (const one of children ?? []) {
        if (one.type !== 'footnote_reference') continue;
        const label = String(one.meta?.['label']);
        const known = references.get(label) ?? { number: references.size + 1, times: 0 };
        references.set(label, known);
        one.meta = { number: known.number, time: ++known.times };
      }
    }
  };
  count(text);
  // A note may refer to another one, which is thereby shown too: the map grows while it is walked.
  for (const label of references.keys()) count(notes.get(label)!);
  if (references.size === 0) return text;
  const made = (type: string, nesting: -1 | 0 | 1, meta: Token['meta'] = null) =>
    Object.assign(new Token(type, '', nesting), { meta, block: true });
  const shown = [...references].flatMap(([label, numbers]) => {
    const note = withBack(notes.get(label)!, made('footnote_back', 0, { ...numbers }));
    return [made('footnote_open', 1, { ...numbers }), ...note, made('footnote_close', -1)];
  });
  return [...text, made('footnotes_open', 1), ...shown, made('footnotes_close', -1)];
}

/** The text without its notes, and the notes by their labels, of each label the first. */
function taken(tokens: readonly Token[]): { text: Token[]; notes: Map<string, Token[]> } {
  const text: Token[] = [];
  const notes = new Map<string, Token[]>();
  const open: Token[][] = [];
  for (const token of tokens) {
    if (token.type === 'footnote_open') {
      const label = String(token.meta?.['label']);
      const own: Token[] = [];
      if (!notes.has(label)) notes.set(label, own);
      open.push(own);
    } else if (token.type === 'footnote_close') open.pop();
    else (open.at(-1) ?? text).push(token);
  }
  return { text, notes };
}

/** The way back stands behind the last words of a note. */
function withBack(note: readonly Token[], back: Token): Token[] {
  const [words, end] = [note.at(-2), note.at(-1)];
  if (end?.type !== 'paragraph_close' || end.tag !== 'p' || words?.type !== 'inline') return [...note, back];
  words.children = [...(words.children ?? []), back];
  return [...note];
}

const labelOf = (markdown: Parser, label: string): string => markdown.utils.normalizeReference(label);

const numbersOf = ({ meta }: Token) =>
  meta as { readonly number: number; readonly time: number; readonly times: number };

const named = (env: unknown): FootnoteEnv & { readonly id: string } => ({
  id: 'text',
  ...(env as FootnoteEnv | undefined),
});

function hear({ utils: { escapeHtml } }: Parser, label: string | undefined, words: FootnoteWords | undefined): string {
  if (label === undefined) return '';
  return ` aria-label="${escapeHtml(label)}"${words?.lang ? ` lang="${escapeHtml(words.lang)}"` : ''}`;
}
