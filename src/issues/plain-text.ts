const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/**
 * Our own HTML as text that says the same: blocks apart, points of lists with a dash, headings underlined, addresses
 * behind what leads there.
 */
export function plainTextOf(html: string): string {
  return html
    .replace(/\s*\n\s*/g, ' ')
    .replace(/<a [^>]*href="([^"]*)"[^>]*>([^]*?)<\/a>/g, (_link, href: string, content: string) =>
      content.trim() === href ? href : `${content} (${href})`,
    )
    .replace(
      /<h[1-6][^>]*>([^]*?)<\/h[1-6]>/g,
      (_heading, content: string) => `\n\n${underlined(withoutTags(content))}\n\n`,
    )
    .replace(/<li[^>]*>\s*(?:<p[^>]*>)?/g, '\n- ')
    .replace(/<(?:br|tr)[^>]*>/g, '\n')
    .replace(/<\/t[dh]>/g, ' ')
    .replace(/<hr[^>]*>/g, '\n\n* * *\n\n')
    .replace(/<\/?(?:p|div|ul|ol|blockquote|table|pre|figure|section)[^>]*>/g, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|#34|#39|nbsp|amp);/g, (entity) => ENTITIES[entity]!)
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const withoutTags = (html: string): string => html.replace(/<[^>]*>/g, '').trim();

const underlined = (content: string): string => `${content}\n${'-'.repeat(Math.min(60, [...content].length))}`;
