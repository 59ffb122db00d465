import { authorPath } from '../briefings/reading/cards';
import { html } from '../briefings/reading/page-parts';
import { LocaleFallback } from '../briefings/reading/localized';
import type { LocalizedText } from '../briefings/reading/page-types';
import type { Language } from '../lib/language';
import type { Shown } from '../lib/markdown';
import type { PageContent } from '../site/pages/content';
import type { OwnPage } from './page-types';
import type { ReadVersion } from './queries';

/** The address of a page in a language. */
export const pagePath = ({ prefix }: Pick<Language, 'prefix'>, slug: string): string => `${prefix}/${slug}`;

/** The address of one version, which stays what it is. */
export const versionPath = (language: Pick<Language, 'prefix'>, slug: string, version: number): string =>
  `${pagePath(language, slug)}/versions/${version}`;

/** What is said of a revision beside its texts. */
export interface PageFacts {
  readonly slug: string;
  readonly publishedAt: Date;
  readonly warning: OwnPage['warning'];
  readonly versions: OwnPage['versions'];
}

/** A day, as the page says it. */
export const dayOf = (language: Language, at: Date) => ({
  iso: at.toISOString(),
  text: language.day(at),
});

/** Its title, in the best language there is. */
export function titleIn({ texts, original }: PageContent, slug: string, language: Language): LocalizedText {
  const fallback = new LocaleFallback(language.code, original, Object.keys(texts));
  return fallback.text((lang) => texts[lang]?.title) ?? { text: slug, lang: null };
}

/**
 * A page as it is printed in a language, each text falling back by itself.
 * @param pictures what its texts may show, and where it is to be had.
 */
export function ownPage(
  content: PageContent,
  facts: PageFacts,
  language: Language,
  pictures: ReadonlyMap<string, Shown>,
): OwnPage {
  const { original, texts, authors } = content;
  const fallback = new LocaleFallback(language.code, original, Object.keys(texts));
  const body = fallback.choose((lang) => texts[lang]?.body);
  return {
    title: titleIn(content, facts.slug, language),
    description: fallback.text((lang) => texts[lang]?.description),
    body: body && html(body, { top: 2, id: 'page', pictures }, language),
    authors: authors.map(({ key, name }) => ({ name, href: authorPath(language, key) })),
    warning: facts.warning,
    changed: { label: language.say('page.changed'), moment: dayOf(language, facts.publishedAt) },
    versions: facts.versions,
  };
}

/** The versions of a page, each with when it was in force; null: it has none. `shown`: the one on the page. */
export function versionRows(
  slug: string,
  versions: readonly ReadVersion[],
  shown: number | null,
  language: Language,
): OwnPage['versions'] {
  if (shown === null || versions.length === 0) return null;
  const { say } = language;
  return {
    label: say('page.version', { n: shown }),
    rows: versions.map(({ version, since, until }) => ({
      label: say('page.version', { n: version }),
      href: versionPath(language, slug, version),
      period:
        until === null
          ? say('page.version.since', { day: dayOf(language, since).text })
          : say('page.version.period', { from: dayOf(language, since).text, until: dayOf(language, until).text }),
      current: version === shown,
    })),
  };
}

const TYPES: Readonly<Record<string, string>> = { about: 'AboutPage', contact: 'ContactPage' };

/** The page as schema.org says it. */
export function describePage(
  content: PageContent,
  { slug, publishedAt }: Pick<PageFacts, 'slug' | 'publishedAt'>,
  page: Pick<OwnPage, 'title' | 'description' | 'authors'>,
  language: Language,
  publicUrl: string,
): object {
  return {
    '@context': 'https://schema.org',
    '@type': TYPES[slug] ?? 'WebPage',
    name: page.title.text,
    ...(page.description ? { description: page.description.text } : {}),
    url: new URL(pagePath(language, slug), publicUrl).href,
    inLanguage: page.title.lang ?? language.code,
    dateModified: publishedAt.toISOString(),
    ...(page.authors.length > 0
      ? {
          author: page.authors.map(({ name, href }) => ({
            '@type': 'Person',
            name,
            url: new URL(href, publicUrl).href,
          })),
        }
      : {}),
    publisher: { '@type': 'Organization', name: language.siteName, url: publicUrl },
  };
}
