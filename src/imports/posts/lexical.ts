import { at, cardHtml, escaped, listAt, textAt } from './html';

/** Bits of `format` in Lexical's text nodes, and the element each is. */
const FORMATS = [
  [1, 'strong'],
  [2, 'em'],
  [4, 's'],
  [8, 'u'],
  [16, 'code'],
  [32, 'sub'],
  [64, 'sup'],
] as const;

/** A document of Lexical (Ghost 5.3 and later) as HTML. Null: it is none. */
export function lexicalHtml(json: string): string | null {
  try {
    const root = at(JSON.parse(json), 'root');
    return root === undefined ? null : childrenOf(root);
  } catch {
    // What was wrong stands in the text, which is nobody's to read.
    return null;
  }
}

const childrenOf = (node: unknown): string => listAt(node, 'children').map(nodeHtml).join('');

function nodeHtml(node: unknown): string {
  const type = textAt(node, 'type').replace(/^extended-/, '');
  const inside = () => childrenOf(node);
  switch (type) {
    case 'text':
      return textHtml(node);
    case 'linebreak':
      return '<br>';
    case 'paragraph':
    case 'aside':
      return `<p>${inside()}</p>`;
    case 'heading':
      return headingHtml(textAt(node, 'tag'), inside());
    case 'quote':
      return `<blockquote>${inside()}</blockquote>`;
    case 'list': {
      const tag = textAt(node, 'listType') === 'number' ? 'ol' : 'ul';
      return `<${tag}>${inside()}</${tag}>`;
    }
    case 'listitem':
      return `<li>${inside()}</li>`;
    case 'link':
    case 'autolink':
      return `<a href="${escaped(textAt(node, 'url'))}">${inside()}</a>`;
    default:
      return cardHtml(type, node);
  }
}

const headingHtml = (tag: string, inside: string): string =>
  /^h[1-6]$/.test(tag) ? `<${tag}>${inside}</${tag}>` : `<h2>${inside}</h2>`;

function textHtml(node: unknown): string {
  const format = Number(at(node, 'format') ?? 0);
  return FORMATS.reduce(
    (html, [bit, tag]) => ((format & bit) === 0 ? html : `<${tag}>${html}</${tag}>`),
    escaped(textAt(node, 'text')),
  );
}
