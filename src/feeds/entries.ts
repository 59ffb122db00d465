import { authorPath, briefingPath, categoryLabel, organizationPath } from '../briefings/reading/cards';
import { picturePath } from '../briefings/pictures/queries';
import { LocaleFallback } from '../briefings/reading/localized';
import type { LocalizedText } from '../briefings/reading/page-types';
import type { Language } from '../lib/language';
import { unmarked } from '../lib/marked';
import type { ReadFeed, FeedItem } from './queries';

/** A feed as both formats say it. No text but `content` is HTML. */
export interface Feed {
  /** Names it for good, wherever it is read (RFC 4287, 4.2.6). */
  readonly id: string;
  readonly title: string;
  readonly subtitle: string | null;
  readonly lang: string;
  readonly author: string;
  /** Absolute addresses: of the page it belongs to, of this document, and of those before and after it. */
  readonly home: string;
  readonly self: string;
  readonly first: string;
  readonly last: string;
  readonly previous: string | null;
  readonly next: string | null;
  /** ISO 8601. */
  readonly updated: string;
  readonly entries: readonly FeedEntry[];
}

export interface FeedEntry {
  /** Stays the same when the address changes (RFC 4287, 4.2.6). */
  readonly id: string;
  readonly url: string;
  readonly title: LocalizedText;
  readonly summary: LocalizedText | null;
  readonly lead: LocalizedText | null;
  readonly category: { readonly slug: string; readonly label: string };
  readonly published: string;
  readonly updated: string;
  readonly picture: string | null;
  /** The whole of it, as HTML; null: its lead is all there is. */
  readonly content: string | null;
}

interface FeedContext {
  readonly language: Language;
  readonly publicUrl: string;
  /** `/feed.xml`, without the language. */
  readonly path: string;
  readonly subtitle: string | null;
  /** Of a private feed: the whole briefings as HTML by their ids. Without it a feed says what is public. */
  readonly contents?: ReadonlyMap<string, string>;
}

/** When a feed without entries was last changed: never. */
const NEVER = new Date(0);

/** One document of a feed, in one language. Each text falls back by itself, as on the page. */
export function feedOf(read: ReadFeed, { language, publicUrl, path, subtitle, contents }: FeedContext): Feed {
  const absolute = (to: string) => new URL(to, publicUrl).href;
  const document = (page: number) => absolute(`${language.prefix}${path}${page > 1 ? `?page=${page}` : ''}`);
  const category = read.category && categoryLabel(read.category.slug, read.category.texts, language);
  const about = category
    ? { title: category.name.text, href: category.href }
    : read.organization
      ? { title: read.organization.name, href: organizationPath(language, read.organization.slug) }
      : read.author && { title: read.author.name, href: authorPath(language, read.author.slug) };
  const latest = Math.max(NEVER.getTime(), ...read.items.map(({ changed }) => changed.getTime()));
  const title = about === null ? language.siteName : language.say('title.page', { title: about.title });
  return {
    // The address of a private one is a secret, and another one tomorrow.
    id: contents ? `${absolute(about?.href ?? (language.prefix || '/'))}#feed` : document(1),
    title: unmarked(contents ? language.say('account.feed.private.title', { site: title }) : title),
    subtitle,
    lang: language.code,
    author: read.author?.name ?? unmarked(language.siteName),
    home: absolute(about?.href ?? (language.prefix || '/')),
    self: document(read.page),
    first: document(1),
    last: document(read.pages),
    previous: read.page > 1 ? document(read.page - 1) : null,
    next: read.page < read.pages ? document(read.page + 1) : null,
    updated: new Date(latest).toISOString(),
    entries: read.items.map((item) => entryOf(item, language, absolute, contents)),
  };
}

function entryOf(
  { card, leads, changed }: FeedItem,
  language: Language,
  absolute: (to: string) => string,
  contents: FeedContext['contents'],
): FeedEntry {
  const fallback = new LocaleFallback(
    language.code,
    card.originalLang,
    card.editions.map(({ lang }) => lang),
  );
  const edition = (lang: string) => card.editions.find((one) => one.lang === lang);
  return {
    id: `urn:uuid:${card.id}`,
    url: absolute(briefingPath(language, card.slug)),
    title: fallback.text((lang) => edition(lang)?.title) ?? { text: card.slug, lang: null },
    summary: fallback.text((lang) => edition(lang)?.summary),
    lead: fallback.text((lang) => leads.get(lang)),
    category: {
      slug: card.categorySlug,
      label: categoryLabel(card.categorySlug, card.category.texts, language).name.text,
    },
    published: card.publishedAt!.toISOString(),
    updated: changed.toISOString(),
    picture: card.cover && absolute(picturePath(card.cover)),
    content: contents?.get(card.id) ?? null,
  };
}
