import type { Language } from '../lib/language';

/** A page of the map: its path without the language, where it exists, and when it last changed. */
export interface MappedPage {
  readonly path: string;
  readonly languages: readonly Pick<Language, 'code' | 'prefix'>[];
  readonly changedAt: Date | null;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** The index: where the files of the map are (sitemaps.org). */
export function indexXml(addresses: readonly string[]): string {
  const files = addresses.map((one) => `<sitemap><loc>${escape(one)}</loc></sitemap>`);
  return [HEAD, `<sitemapindex ${NAMESPACE}>`, ...files, '</sitemapindex>', ''].join('\n');
}

/** One file: each page in each of its languages, and each with all of them as alternates. */
export function pagesXml(pages: readonly MappedPage[], publicUrl: string): string {
  const urls = pages.flatMap(({ path, languages, changedAt }) => {
    const at = ({ prefix }: Pick<Language, 'prefix'>) =>
      escape(new URL(path === '/' && prefix ? prefix : `${prefix}${path}`, publicUrl).href);
    const alternates =
      languages.length < 2
        ? ''
        : languages.map((one) => `<xhtml:link rel="alternate" hreflang="${one.code}" href="${at(one)}"/>`).join('');
    const changed = changedAt ? `<lastmod>${changedAt.toISOString()}</lastmod>` : '';
    return languages.map((one) => `<url><loc>${at(one)}</loc>${changed}${alternates}</url>`);
  });
  const open = `<urlset ${NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">`;
  return [HEAD, open, ...urls, '</urlset>', ''].join('\n');
}
