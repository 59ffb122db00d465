import { smallPicture } from '../briefings/pictures/queries';
import { authorPath, cardView } from '../briefings/reading/cards';
import { LocaleFallback } from '../briefings/reading/localized';
import { pagingOf } from '../briefings/reading/paging';
import type { Language } from '../lib/language';
import type { SiteContext } from '../http/site-context';
import type { AuthorPage } from './page-types';
import type { ReadAuthor } from './queries';

type AuthorSite = Pick<SiteContext, 'shape' | 'pages'>;

/** The pages that readers have by an author, by their addresses. */
const ownPagesOf = (slug: string, pages: AuthorSite['pages'], language: Language): AuthorPage['own'] =>
  pages.all
    .filter(({ authors }) => authors.includes(slug))
    .map((page) => ({ href: `${language.prefix}/${page.slug}`, title: pages.titleOf(page, language.code) }));

/** An author's page in this language. */
export function authorPage(
  { author, cards, count, page, pages }: ReadAuthor,
  { shape, pages: ownPages }: AuthorSite,
  language: Language,
): AuthorPage {
  const langs = author.texts.map(({ lang }) => lang);
  const fallback = new LocaleFallback(language.code, language.code, langs);
  const widths = author.picture?.sizes.map(({ width }) => width) ?? [];
  return {
    name: author.name,
    line: fallback.text((lang) => author.texts.find((one) => one.lang === lang)?.line),
    picture: author.picture && {
      ...smallPicture(author.picture, widths),
      width: author.picture.width,
      height: author.picture.height,
    },
    links: author.links.map((href) => ({ href, host: new URL(href).host.replace(/^www\./, '') })),
    count: language.say('category.count', { n: count }),
    cards: cards.map((row) => cardView(row, language, shape.current)),
    own: page > 1 ? [] : ownPagesOf(author.slug, ownPages, language),
    paging: pagingOf(page, pages, (number) => authorPath(language, author.slug, number)),
  };
}
