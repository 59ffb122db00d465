import type { LocalizedText } from '../briefings/reading/page-types';
import type { Feed, FeedEntry } from './entries';

/** A feed as Atom (RFC 4287), in documents of a bounded length that name each other (RFC 5005, 3). */
export function atomOf(feed: Feed): string {
  const { title, subtitle, lang, author, updated, entries } = feed;
  return lines([
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${xml(lang)}">`,
    `<id>${xml(feed.id)}</id>`,
    `<title>${xml(title)}</title>`,
    subtitle && `<subtitle>${xml(subtitle)}</subtitle>`,
    `<updated>${updated}</updated>`,
    `<author><name>${xml(author)}</name></author>`,
    `<link rel="alternate" type="text/html" href="${xml(feed.home)}"/>`,
    ...(['self', 'first', 'last', 'previous', 'next'] as const).map(
      (rel) => feed[rel] && `<link rel="${rel}" type="application/atom+xml" href="${xml(feed[rel])}"/>`,
    ),
    ...entries.map(entry),
    '</feed>',
  ]);
}

function entry(one: FeedEntry): string {
  const { id, url, title, summary, lead, category, published, updated, picture, content } = one;
  return lines([
    '<entry>',
    `<id>${xml(id)}</id>`,
    element('title', title),
    `<link rel="alternate" type="text/html" href="${xml(url)}"/>`,
    picture && `<link rel="enclosure" href="${xml(picture)}"/>`,
    `<published>${published}</published>`,
    `<updated>${updated}</updated>`,
    `<category term="${xml(category.slug)}" label="${xml(category.label)}"/>`,
    summary && element('summary', summary),
    content === null ? lead && element('content', lead) : `<content type="html">${xml(content)}</content>`,
    '</entry>',
  ]);
}

const element = (name: string, { text, lang }: LocalizedText): string =>
  `<${name}${lang === null ? '' : ` xml:lang="${xml(lang)}"`}>${xml(text)}</${name}>`;

const lines = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join('\n');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text in an element or an attribute; what XML cannot hold (XML 1.0, 2.2) is left out. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
