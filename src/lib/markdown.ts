import MarkdownIt from 'markdown-it';

/**
 * May this address stand in a link of ours? Web and mail addresses, own paths and fragments; nothing that runs.
 * Anything a browser would read as another scheme or host (control characters, `//`, `/\`) is refused.
 */
export function isSafeLink(address: string): boolean {
  if (/[\u0000-\u0020\u007F\\]/.test(address)) return false;
  if (/^(?:https?:\/\/|mailto:)\S/i.test(address)) return true;
  return address.startsWith('#') || (address.startsWith('/') && !address.startsWith('//'));
}

function reader(accept: (address: string) => boolean): MarkdownIt.MarkdownIt {
  const markdown = new MarkdownIt('default', { html: false, linkify: false, typographer: false });
  markdown.validateLink = accept;
  // Pictures come with the desk, which checks and stores them; a picture elsewhere would tell its host who reads.
  markdown.disable('image');
  return markdown;
}

const safe = reader(isSafeLink);
safe.core.ruler.push('headings_below_ours', ({ tokens, env }) => {
  const { top = 2 } = env as { top?: number };
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${Math.min(6, Math.max(2, Number(token.tag.slice(1))) - 2 + top)}`;
  }
});
const lax = reader(() => true);
lax.normalizeLink = (address) => address;

/**
 * Markdown as HTML that can be printed as it is: raw HTML is shown as text, unsafe links are not made. Its highest
 * headings (`#` and `##`) become `<h2>` or `<h3>`, whichever fits below what the page has above the text.
 */
export function renderMarkdown(text: string, top: 2 | 3): string {
  return safe.render(text, { top });
}

/** The links of a text that `renderMarkdown` would refuse, each with the line (0 for the first) of its block. */
export function unsafeLinks(text: string): { address: string; line: number }[] {
  return lax.parse(text, {}).flatMap((block) =>
    (block.children ?? [])
      .filter((token) => token.type === 'link_open')
      .map((token) => ({ address: String(token.attrGet('href') ?? ''), line: block.map?.[0] ?? 0 }))
      .filter(({ address }) => !isSafeLink(address)),
  );
}
