import MarkdownIt from 'markdown-it';
import { isVisible } from './line';
import { useFootnotes, type FootnoteEnv, type FootnoteWords } from './markdown-footnotes';
import { useTasks } from './markdown-tasks';

/**
 * May this address stand in a link of ours? Web and mail addresses, own paths and fragments; nothing that runs.
 * Anything a browser would read as another scheme or host (control characters, `//`, `/\`) is refused.
 */
export function isSafeLink(address: string): boolean {
  if (/[\u0000-\u0020\u007F\\]/.test(address)) return false;
  if (/^(?:https?:\/\/|mailto:)\S/i.test(address)) return true;
  return address.startsWith('#') || (address.startsWith('/') && !address.startsWith('//'));
}

/** A picture that a text may name, and where it is to be had. */
export interface Shown {
  readonly src: string;
  readonly srcset: string | null;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

type Env = FootnoteEnv & {
  readonly top?: 2 | 3;
  readonly pictures?: ReadonlyMap<string, Shown>;
};

/** How a text is put onto a page. */
export interface Placing {
  /**
   * Whether its highest headings (`#` and `##`) become `<h2>` or `<h3>`: what fits below what the page has above it.
   */
  readonly top: 2 | 3;
  /** Names the text among those of its page, in letters, digits and hyphens: the ids of its footnotes begin with it. */
  readonly id: string;
  readonly words: FootnoteWords;
  readonly pictures?: ReadonlyMap<string, Shown>;
}

/** CSS: how wide a picture in a text becomes, at most the measure of the text. */
const SIZES = '(min-width: 48em) 42rem, 94vw';

function reader(accept: (address: string) => boolean): MarkdownIt.MarkdownIt {
  const markdown = new MarkdownIt('default', { html: false, linkify: false, typographer: false });
  markdown.validateLink = accept;
  useTasks(markdown);
  return markdown;
}

// A link is checked when it is printed: the parser does not know whether an address is a link's or a picture's.
const safe = reader(() => true);
safe.core.ruler.push('headings_below_ours', ({ tokens, env }) => {
  const { top = 2 } = env as Env;
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close')
      token.tag = `h${Math.min(6, Math.max(2, Number(token.tag.slice(1))) - 2 + top)}`;
  }
});
// Our content security policy knows no style in an element: a column is aligned by a class.
safe.core.ruler.push('columns_by_class', ({ tokens }) => {
  for (const token of tokens) {
    const side =
      token.type === 'th_open' || token.type === 'td_open'
        ? /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? ''))?.[1]
        : undefined;
    if (side) token.attrs = [['class', `column-${side}`]];
  }
});
// Each block that stands by itself goes the way of its own writing, and what is in it goes with it: a browser that
// looks for the way of a block passes over what has one of its own.
safe.core.ruler.push('own_direction', ({ tokens }) => {
  for (const token of tokens)
    if (token.nesting === 1 && token.level === 0 && !token.hidden) token.attrSet('dir', 'auto');
});
safe.core.ruler.push('only_safe_links', ({ tokens }) => {
  for (const { children } of tokens)
    for (const token of children ?? [])
      if (token.type === 'link_open' && !isSafeLink(String(token.attrGet('href') ?? ''))) token.attrs = [];
});
safe.core.ruler.push('a_picture_alone', ({ tokens, env }) => {
  tokens.forEach((token, index) => {
    const [only, ...others] = token.children ?? [];
    if (only?.type !== 'image' || others.length > 0 || !pictureOf(only, env as Env)) return;
    for (const around of [tokens[index - 1], tokens[index + 1]])
      if (around?.type.startsWith('paragraph_')) around.tag = 'figure';
    only.meta = { alone: true };
  });
});
// Pictures are those of the briefing; one from elsewhere would tell its host who reads. Of any other its words are
// left.
safe.renderer.rules.image = (tokens, index, options, env = {}, self) => {
  const token = tokens[index]!;
  const { escapeHtml } = safe.utils;
  const picture = pictureOf(token, env as Env);
  const words = escapeHtml(self.renderInlineAsText(token.children ?? [], options, env));
  if (!picture) return words;
  const caption = String(token.attrGet('title') ?? '');
  const sizes = picture.srcset === null ? '' : ` srcset="${escapeHtml(picture.srcset)}" sizes="${SIZES}"`;
  const img =
    `<img src="${escapeHtml(picture.src)}"${sizes} ` +
    `width="${picture.width}" height="${picture.height}" alt="${words}" loading="lazy" decoding="async">`;
  return (token.meta as { alone?: true } | null)?.alone && caption !== ''
    ? `${img}<figcaption>${escapeHtml(caption)}</figcaption>`
    : img;
};
// What browsers read as a slash is refused as it is written, and not made harmless by being encoded.
const encode = safe.normalizeLink.bind(safe);
safe.normalizeLink = (address) => (address.includes('\\') ? '\\' : encode(address));
useFootnotes(safe);
const lax = reader(() => true);
lax.normalizeLink = (address) => address;
useFootnotes(lax);

type Token = ReturnType<typeof safe.parse>[number];

function pictureOf(token: Token, { pictures }: Env): Shown | undefined {
  return pictures?.get(String(token.attrGet('src') ?? ''));
}

/**
 * Markdown as HTML that can be printed as it is: raw HTML is shown as text, unsafe links are not made, and of pictures
 * only these are shown. Tables, footnotes and task lists are GitHub's (github.github.com/gfm).
 */
export function renderMarkdown(text: string, { top, id, words, pictures = new Map<string, Shown>() }: Placing): string {
  return safe.render(text, { top, id, words, pictures } satisfies Env);
}

/** Does a text show a reader anything at all? A rule, an empty heading or what has no width says nothing. */
export function saysSomething(text: string): boolean {
  if (picturesIn(text).length > 0) return true;
  return isVisible(safe.render(text, {}).replace(/<[^>]*>/g, ''));
}

/** A picture that a text names: as it is named, and what it is said to show. */
export interface NamedPicture {
  readonly name: string;
  /** Empty when nothing is said. */
  readonly alt: string;
  /** 0 for the first: the line on which its block begins. */
  readonly line: number;
}

/** The pictures of a text, in order. */
export function picturesIn(text: string): NamedPicture[] {
  if (!text.includes('![')) return [];
  return lax.parse(text, {}).flatMap((block) =>
    (block.children ?? [])
      .filter(({ type }) => type === 'image')
      .map((token) => ({
        name: String(token.attrGet('src') ?? ''),
        alt: lax.renderer.renderInlineAsText(token.children ?? [], lax.options, {}).trim(),
        line: block.map?.[0] ?? 0,
      })),
  );
}

/**
 * The links of a text that `renderMarkdown` would refuse, as they are written, each with the line (0 for the first) of
 * its block. What counts is the address that would be printed: a space in one becomes `%20`.
 */
export function unsafeLinks(text: string): { address: string; line: number }[] {
  return lax.parse(text, {}).flatMap((block) =>
    (block.children ?? [])
      .filter((token) => token.type === 'link_open')
      .map((token) => ({ address: String(token.attrGet('href') ?? ''), line: block.map?.[0] ?? 0 }))
      .filter(({ address }) => !isSafeLink(safe.normalizeLink(address))),
  );
}

/** What a text says without its marks: the words of its blocks, one after the other. */
export function plainText(text: string): string {
  return lax
    .parse(text, {})
    .map(({ type, content, children }) =>
      type === 'inline'
        ? lax.renderer.renderInlineAsText(children ?? [], lax.options, {})
        : type === 'fence' || type === 'code_block'
          ? content
          : '',
    )
    .filter((words) => words.trim() !== '')
    .join(' ');
}
