import type { Feed, FeedEntry } from './entries';

/** A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function jsonFeedOf(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    ...(feed.subtitle === null ? {} : { description: feed.subtitle }),
    home_page_url: feed.home,
    feed_url: feed.self,
    ...(feed.next === null ? {} : { next_url: feed.next }),
    language: feed.lang,
    authors: [{ name: feed.author }],
    items: feed.entries.map((entry) => itemOf(entry, feed.lang)),
  });
}

function itemOf(one: FeedEntry, lang: string) {
  const { id, url, title, summary, lead, category, published, updated, picture, content } = one;
  return {
    id,
    url,
    title: title.text,
    language: title.lang ?? lang,
    ...(summary === null ? {} : { summary: summary.text }),
    // One of the two must be there (JSON Feed 1.1, "items").
    ...(content === null ? { content_text: lead?.text ?? summary?.text ?? title.text } : { content_html: content }),
    ...(picture === null ? {} : { image: picture }),
    date_published: published,
    date_modified: updated,
    tags: [category.label],
  };
}
