import type TurndownService from 'turndown';
import { cleanText } from '../../lib/line';
import { isSafeLink } from '../../lib/markdown';
import { lazily } from '../../lib/packages/lazily';
import { pictureName } from './pictures/names';

const turndown = lazily<typeof TurndownService>('turndown');

/** What HTML says as Markdown, and what of it Markdown cannot say. */
export interface Converted {
  readonly markdown: string;
  /** Names of what was left out, with how often: `iframe`, `picture`. Nothing of what it said. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** What the converter hands us of its tree. */
interface Node {
  readonly nodeName: string;
  readonly className?: string;
  readonly textContent: string | null;
  readonly parentNode: Node | null;
  readonly isBlock?: boolean;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Node | null | undefined;
  querySelectorAll(selector: string): ArrayLike<Node>;
}

/** The converter's types are of a browser's tree, which the server's have no names for. */
const asNode = (node: unknown): Node => node as Node;

/** Elements that have no Markdown, and what is listed for each. */
const LEFT_OUT = new Set(
  [
    'IFRAME',
    'SCRIPT',
    'STYLE',
    'OBJECT',
    'EMBED',
    'VIDEO',
    'AUDIO',
    'FORM',
    'INPUT',
    'BUTTON',
    'SELECT',
    'TEXTAREA',
  ].concat(['SVG', 'CANVAS', 'NOSCRIPT', 'TEMPLATE', 'MATH', 'MAP', 'LINK', 'META', 'DIALOG']),
);

/** Cards of former platforms that are more than their words. */
const LEFT_OUT_CARDS = /\bkg-((?:audio|video|file|signup|product|header|gallery-embed)-card)\b/;

const nameOf = (node: Node): string | null => {
  const card = LEFT_OUT_CARDS.exec(node.className ?? '')?.[1];
  if (card !== undefined) return card;
  const name = node.nodeName.toUpperCase();
  if (name === 'PICTURE' && !node.querySelector('img')) return 'picture';
  return LEFT_OUT.has(name) ? name.toLowerCase() : null;
};

/** What shows a picture by its address: the name of its file here; null where it is not to be had. */
export type ShowPicture = (src: string) => string | null;

/**
 * HTML as the Markdown of this house. It is read as a tree; whatever has no Markdown is left out and listed, and a card
 * that is not known leaves its words. A picture of which nothing is said is said to show what `unsaid` says.
 */
export function toMarkdown(html: string, show: ShowPicture | null = null, unsaid = ''): Converted {
  const dropped = new Map<string, number>();
  const drop = (name: string): '' => {
    dropped.set(name, (dropped.get(name) ?? 0) + 1);
    return '';
  };
  const service = new (turndown())({
    ...{ headingStyle: 'atx', bulletListMarker: '-', codeBlockStyle: 'fenced', emDelimiter: '*', hr: '---' },
    // What has no words may still be something: a form, a drawing.
    blankReplacement: (_content, node) => {
      const name = nameOf(node as Node);
      if (name !== null) return drop(name);
      return (node as Node).isBlock ? '\n\n' : '';
    },
  });
  const rule: AddRule = (name, filter, replacement) =>
    void service.addRule(name, {
      filter: (node) => filter(asNode(node)),
      replacement: (content, node) => replacement(content, asNode(node)),
    });
  rule(
    'struck',
    ({ nodeName }) => ['DEL', 'S', 'STRIKE'].includes(nodeName),
    (content) => `~~${content}~~`,
  );
  rule('unsafe-link', isUnsafeLink, (content) => content + drop('link'));
  rule(
    'table',
    ({ nodeName }) => nodeName === 'TABLE',
    (_content, node) => tableOf(service, node),
  );
  rule('bookmark', isBookmark, (_content, node) => linkOf(service, node));
  addPictureRules(rule, service, { show, unsaid, drop });
  rule(
    'left-out',
    (node) => nameOf(node) !== null,
    (_content, node) => drop(nameOf(node)!),
  );
  const markdown = service
    .turndown(html.replaceAll(/__GHOST_URL__(?=["'/])/g, ''))
    // A line of colons opens a passage in a briefing file.
    .replace(/^( {0,3}):::/gm, '$1\\:::');
  return { markdown: cleanText(markdown).replace(/^\n+|\s+$/g, ''), dropped };
}

type AddRule = (
  name: string,
  filter: (node: Node) => boolean,
  replacement: (content: string, node: Node) => string,
) => void;

interface Showing {
  readonly show: ShowPicture | null;
  readonly unsaid: string;
  readonly drop: (name: string) => string;
}

function addPictureRules(rule: AddRule, service: TurndownService, { show, unsaid, drop }: Showing): void {
  const captions = new Set<Node>();
  rule(
    'picture-link',
    (node) => node.nodeName === 'A' && Boolean(node.querySelector('img')) && isPicture(node.getAttribute('href')),
    (content) => content,
  );
  rule(
    'picture',
    ({ nodeName }) => nodeName === 'IMG',
    // Of a table and of a card that leads elsewhere the words alone are kept.
    (_content, node) =>
      show === null || above(node, isWordsAlone)
        ? drop('picture')
        : pictureOf(service, node, { show, unsaid, captions }),
  );
  rule(
    'caption',
    (node) => captions.has(node),
    () => '',
  );
}

const isUnsafeLink = (node: Node): boolean =>
  node.nodeName === 'A' && node.getAttribute('href') !== null && !isSafeLink(node.getAttribute('href')!);

const isPicture = (href: string | null): boolean => pictureName(href ?? '') !== null;

interface Pictures {
  readonly show: ShowPicture;
  readonly unsaid: string;
  /** What stands under a picture and has become its caption. */
  readonly captions: Set<Node>;
}

/** A picture with what it shows and what stands under it. Of one that is not to be had, `show` has noted it. */
function pictureOf(service: TurndownService, node: Node, { show, unsaid, captions }: Pictures): string {
  const name = show(node.getAttribute('src') ?? '');
  if (name === null) return '';
  const line = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  const figure = above(node, ({ nodeName }) => nodeName === 'FIGURE');
  const under = figure?.querySelector('figcaption') ?? null;
  const caption = line(under?.textContent);
  // A caption with a link stays a text of its own, and so does one of several pictures.
  const title =
    under !== null && caption !== '' && !under.querySelector('a') && figure?.querySelectorAll('img').length === 1;
  if (title) captions.add(under);
  const alt = service.escape(line(node.getAttribute('alt')) || caption || unsaid);
  const picture = `![${alt}](${name}${title ? ` "${caption.replace(/["\\]/g, '\\$&')}"` : ''})`;
  return above(node, isOneLine) === null ? `\n\n${picture}\n\n` : picture;
}

/** What is one line of Markdown, with whatever is in it. */
const IN_A_LINE = new Set(['A', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6']);

const isOneLine = (node: Node): boolean => IN_A_LINE.has(node.nodeName) && !isPicture(node.getAttribute('href'));

const isBookmark = ({ className }: Node): boolean => /\bkg-bookmark-card\b/.test(className ?? '');
const isWordsAlone = (node: Node): boolean => node.nodeName === 'TABLE' || isBookmark(node);

function above(node: Node, is: (one: Node) => boolean): Node | null {
  let at = node.parentNode;
  while (at !== null && !is(at)) at = at.parentNode;
  return at;
}

/** A card that leads somewhere, as a link with its title. */
function linkOf(service: TurndownService, node: Node): string {
  const href = node.querySelector('a')?.getAttribute('href') ?? '';
  const title = (node.querySelector('.kg-bookmark-title')?.textContent ?? href).replace(/\s+/g, ' ').trim();
  return isSafeLink(href) ? `\n\n[${service.escape(title)}](<${href.replace(/[<>]/g, '')}>)\n\n` : '';
}

/** A table with its first row as the head, since Markdown has none without. */
function tableOf(service: TurndownService, node: Node): string {
  const rows = Array.from(node.querySelectorAll('tr')).map((row) =>
    Array.from(row.querySelectorAll('th, td')).map((cell) =>
      service.escape((cell.textContent ?? '').replace(/\s+/g, ' ').trim()).replaceAll('|', '\\|'),
    ),
  );
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) return '';
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: width }, (_none, at) => cells[at] ?? '').join(' | ')} |`;
  const [head = [], ...others] = rows;
  return `\n\n${[line(head), line(Array.from({ length: width }, () => '---')), ...others.map(line)].join('\n')}\n\n`;
}
