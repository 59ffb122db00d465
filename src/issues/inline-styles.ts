/**
 * What each element looks like in a mail program: many read no style sheet. Colours stand in classes besides, which
 * those that know dark mode follow.
 */
const SANS = '-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const STYLES: Readonly<Record<string, string>> = {
  h2: 'margin:28px 0 10px;font-size:21px;line-height:1.3;font-weight:600',
  h3: 'margin:22px 0 8px;font-size:18px;line-height:1.35;font-weight:600',
  h4: 'margin:18px 0 8px;font-size:16px;line-height:1.4;font-weight:600',
  p: 'margin:0 0 16px',
  ul: 'margin:0 0 16px;padding:0 0 0 22px',
  ol: 'margin:0 0 16px;padding:0 0 0 22px',
  li: 'margin:0 0 6px',
  blockquote: 'margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #b9b2a3',
  table: 'margin:0 0 16px;border-collapse:collapse;font-size:15px',
  th: 'padding:4px 10px 4px 0;text-align:left;border-bottom:1px solid #b9b2a3',
  td: 'padding:4px 10px 4px 0;border-bottom:1px solid #e2ddd2',
  pre: 'margin:0 0 16px;white-space:pre-wrap;font-size:14px',
  hr: 'margin:24px 0;border:0;border-top:1px solid #b9b2a3',
  small: `font:13px/1.4 ${SANS}`,
  a: 'color:#8a2d1a;text-decoration:underline',
  figure: 'margin:0 0 16px',
  figcaption: `font:14px/1.4 ${SANS}`,
};

/** Our own HTML, which nests well and has no `style` yet, with its looks in each element. */
export const withInlineStyles = (html: string): string =>
  html.replace(/<([a-z][a-z0-9]*)(?=[\s>])/g, (tag, name: string) => {
    const style = STYLES[name];
    return style === undefined ? tag : `${tag}${name === 'a' ? ' class="link"' : ''} style="${style}"`;
  });
