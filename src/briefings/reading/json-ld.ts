import type { Language } from '../../lib/language';
import { briefingPath } from './cards';
import type { BriefingPage } from './page-types';
import type { ReadBriefing } from './queries';

/**
 * The briefing as schema.org `NewsArticle`. What is gated is declared by the class its boxes carry, open or closed
 * (Google's paywalled-content markup: `isAccessibleForFree` with `hasPart`); none of its text is here.
 */
export function describeArticle(
  { content, counts }: ReadBriefing,
  page: BriefingPage,
  language: Language,
  publicUrl: string,
): object {
  const gated = counts.some(({ rank }) => rank > 0);
  const absolute = (path: string) => new URL(path, publicUrl).href;
  const url = absolute(briefingPath(language, content.slug));
  const trail = [
    { name: language.siteName, item: absolute(language.prefix || '/') },
    { name: page.category.name.text, item: absolute(page.category.href) },
    { name: page.title.text, item: url },
  ].map((one, index) => ({ '@type': 'ListItem', position: index + 1, ...one }));
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: page.title.text,
    ...(page.summary ? { description: page.summary.text } : {}),
    url,
    mainEntityOfPage: {
      '@type': 'WebPage',
      '@id': url,
      breadcrumb: { '@type': 'BreadcrumbList', itemListElement: trail },
    },
    inLanguage: page.title.lang ?? language.code,
    datePublished: page.published.iso,
    dateModified: (page.updated ?? page.published).iso,
    articleSection: page.category.name.text,
    publisher: { '@type': 'Organization', name: language.siteName, url: publicUrl },
    author:
      page.authors.length > 0
        ? page.authors.map(({ name, href }) => ({ '@type': 'Person', name, url: absolute(href) }))
        : { '@type': 'Organization', name: language.siteName, url: publicUrl },
    citation: page.sources.map(({ title, href }) => ({ '@type': 'CreativeWork', name: title.text, url: href })),
    isAccessibleForFree: !gated,
    ...(gated
      ? {
          hasPart: ['.gate', '.passage'].map((cssSelector) => ({
            '@type': 'WebPageElement',
            isAccessibleForFree: false,
            cssSelector,
          })),
        }
      : {}),
  };
}
