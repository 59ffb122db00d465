import { cardHtml, escaped, listAt } from './html';

const SAFE_TAG = /^(?:p|h[1-6]|blockquote|aside|ul|ol|li|strong|b|em|i|u|s|code|a|sub|sup)$/;

/** A document of Mobiledoc 0.3 (Ghost before 5.3) as HTML. Null: it is none. */
export function mobiledocHtml(json: string): string | null {
  try {
    const document: unknown = JSON.parse(json);
    const sections = listAt(document, 'sections');
    const made = {
      markups: listAt(document, 'markups'),
      atoms: listAt(document, 'atoms'),
      cards: listAt(document, 'cards'),
    };
    return sections.length === 0 ? null : sections.map((section) => sectionHtml(section, made)).join('');
  } catch {
    // What was wrong stands in the text, which is nobody's to read.
    return null;
  }
}

interface Made {
  readonly markups: readonly unknown[];
  readonly atoms: readonly unknown[];
  readonly cards: readonly unknown[];
}

const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const tagOf = (value: unknown): string => (typeof value === 'string' && SAFE_TAG.test(value) ? value : 'p');

/** Sections: `[1, tag, markers]` text, `[2, src]` a picture, `[3, tag, items]` a list, `[10, card]` a card. */
function sectionHtml(section: unknown, made: Made): string {
  const [kind, what, of] = array(section);
  if (kind === 1) return `<${tagOf(what)}>${markersHtml(of, made)}</${tagOf(what)}>`;
  if (kind === 2) return `<p><img src="${escaped(typeof what === 'string' ? what : '')}"></p>`;
  if (kind === 3) {
    const items = array(of).map((item) => `<li>${markersHtml(item, made)}</li>`);
    return `<${tagOf(what)}>${items.join('')}</${tagOf(what)}>`;
  }
  if (kind !== 10) return '<object>x</object>';
  const [name, payload] = array(made.cards[Number(what)]);
  return cardHtml(typeof name === 'string' ? name : '', payload);
}

/** Markers: `[0 text or 1 atom, markups opened, how many are closed, text or atom]`. */
function markersHtml(markers: unknown, made: Made): string {
  const open: string[] = [];
  const html = array(markers).map((marker) => {
    const [kind, opened, closed, value] = array(marker);
    const begun = array(opened).map((index) => {
      const [tag, attributes] = array(made.markups[Number(index)]);
      open.push(tagOf(tag) === 'p' ? 'span' : tagOf(tag));
      const list = array(attributes);
      const href = list[list.indexOf('href') + 1];
      return tag === 'a' && list.includes('href') ? `<a href="${escaped(String(href))}">` : `<${open.at(-1)}>`;
    });
    const atom = kind === 1 ? array(made.atoms[Number(value)])[0] : null;
    const inner = kind === 1 ? (atom === 'soft-return' ? '<br>' : '') : escaped(typeof value === 'string' ? value : '');
    const ended = Array.from({ length: Number(closed) || 0 }, () => `</${open.pop() ?? 'span'}>`);
    return begun.join('') + inner + ended.join('');
  });
  return (
    html.join('') +
    open
      .reverse()
      .map((tag) => `</${tag}>`)
      .join('')
  );
}
