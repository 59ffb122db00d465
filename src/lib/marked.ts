// A phrase that is said in another language than its page carries marks, which become `lang` and `dir` in HTML and are
// left out of everything else. They are noncharacters of Unicode, so no text anybody writes has them.
const OPEN = '\uFDD0';
const SAID_IN = '\uFDD1';
const CLOSE = '\uFDD2';

/** The phrase, with a mark that says in which language it is. */
export const markPhrase = (text: string, { code, dir }: { readonly code: string; readonly dir: string }): string =>
  `${OPEN}${code} ${dir}${SAID_IN}${text}${CLOSE}`;

/** The text without marks. */
export const unmarked = (text: string): string =>
  text.includes(OPEN) || text.includes(CLOSE) ? text.replace(/\uFDD0[^\uFDD1]*\uFDD1|\uFDD2/g, '') : text;

/** Where HTML can hold no element: within tags and comments, and in elements whose content is text. */
const NO_ELEMENTS = /(<(script|style|title|textarea|option)\b[^]*?<\/\2>|<!--[^]*?-->|<[^>]*>)/i;

/** A page whose marked phrases stand in elements of their own, `<span lang dir>`, wherever an element can stand. */
export function markedHtml(html: string): string {
  if (!html.includes(OPEN)) return html;
  const parts = html.split(NO_ELEMENTS);
  let result = '';
  for (let at = 0; at < parts.length; at += 3) {
    const [text = '', tag = ''] = [parts[at], parts[at + 1]];
    result += withElements(text) + unmarked(tag);
  }
  return result;
}

const MARKED = /\uFDD0([A-Za-z0-9-]+) (ltr|rtl)\uFDD1([^\uFDD0\uFDD2]*)\uFDD2/g;

/** Phrases within phrases first; marks whose other half is elsewhere are left out. */
function withElements(text: string): string {
  let [before, after] = ['', text];
  while (before !== after) {
    before = after;
    after = before.replace(MARKED, '<span lang="$1" dir="$2">$3</span>');
  }
  return unmarked(after);
}
