/** Where the public part of a post ends, as Ghost writes it into HTML. */
export const PAYWALL = '<!--members-only-->';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A value of unknown JSON by its name; undefined where there is none. */
export const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;

export const textAt = (value: unknown, name: string): string => {
  const found = at(value, name);
  return typeof found === 'string' ? found : '';
};

export const listAt = (value: unknown, name: string): readonly unknown[] => {
  const found = at(value, name);
  return Array.isArray(found) ? (found as unknown[]) : [];
};

/** A card as HTML: what it says, or an element by whose name the converter lists it. */
export function cardHtml(type: string, payload: unknown): string {
  const url = escaped(textAt(payload, 'url'));
  switch (type) {
    case 'paywall':
      return PAYWALL;
    case 'html':
      return textAt(payload, 'html');
    case 'markdown':
    case 'card-markdown':
      return `<pre>${escaped(textAt(payload, 'markdown'))}</pre>`;
    case 'hr':
    case 'horizontalrule':
      return '<hr>';
    case 'code':
    case 'codeblock':
      return codeHtml(textAt(payload, 'language'), textAt(payload, 'code'));
    case 'image':
      return `<figure>${imgHtml(payload)}<figcaption>${textAt(payload, 'caption')}</figcaption></figure>`;
    case 'gallery': {
      const images = listAt(payload, 'images').map(imgHtml).join('');
      return `<figure>${images}${captionHtml(textAt(payload, 'caption'))}</figure>`;
    }
    case 'bookmark':
      return bookmarkHtml(
        url,
        textAt(at(payload, 'metadata'), 'title') || textAt(payload, 'title') || textAt(payload, 'url'),
      );
    case 'button':
      return `<p><a href="${escaped(textAt(payload, 'buttonUrl'))}">${escaped(textAt(payload, 'buttonText'))}</a></p>`;
    case 'callout':
      return `<blockquote>${textAt(payload, 'calloutText')}</blockquote>`;
    case 'toggle':
      return `<h4>${textAt(payload, 'heading')}</h4>${textAt(payload, 'content')}`;
    case 'embed':
      return '<iframe src="about:blank"></iframe>';
    default:
      // Its name is not its words: whatever it was, it is listed under one name.
      return '<object>x</object>';
  }
}

const imgHtml = (payload: unknown): string =>
  `<img src="${escaped(textAt(payload, 'src') || textAt(payload, 'url'))}" alt="${escaped(textAt(payload, 'alt'))}">`;

const captionHtml = (caption: string): string => (caption === '' ? '' : `<figcaption>${caption}</figcaption>`);

const codeHtml = (language: string, code: string): string =>
  `<pre><code class="language-${escaped(language)}">${escaped(code)}</code></pre>`;

const bookmarkHtml = (url: string, title: string): string => {
  const named = `<div class="kg-bookmark-title">${escaped(title)}</div>`;
  return `<figure class="kg-bookmark-card"><a href="${url}">${named}</a></figure>`;
};
