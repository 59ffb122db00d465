import { isWebAddress } from '../../briefings/file/shape';
import { slugOf } from '../../lib/slug';
import { momentOf, parted, UnreadableExport } from './export';
import { at, listAt, textAt } from './html';
import { lexicalHtml } from './lexical';
import { mobiledocHtml } from './mobiledoc';
import type { Audience, Post } from './post';

/**
 * The posts and pages of Ghost's JSON export, in its order.
 * @throws UnreadableExport
 */
export function readGhost(text: string): Post[] {
  const data = dataOf(text);
  const posts = listAt(data, 'posts').filter((one) => typeof one === 'object' && one !== null);
  if (posts.length === 0) throw new UnreadableExport('posts');
  const tagsOf = joined(data, 'posts_tags', 'tag_id', 'tags');
  const authorsOf = joined(data, 'posts_authors', 'author_id', 'users');
  const metaOf = new Map(listAt(data, 'posts_meta').map((one) => [String(at(one, 'post_id')), one]));
  return posts.map((row) => {
    const id = String(at(row, 'id'));
    const slug = textAt(row, 'slug');
    const audience = audienceOf(at(row, 'visibility'));
    const url = textAt(row, 'canonical_url') || textAt(metaOf.get(id), 'canonical_url');
    return {
      ...{ title: textAt(row, 'title'), slug, path: pathOf(slug || textAt(row, 'title')), audience },
      kind: textAt(row, 'type') === 'page' || at(row, 'page') === 1 || at(row, 'page') === true ? 'page' : 'post',
      status: ['published', 'scheduled'].includes(textAt(row, 'status')) ? 'published' : 'draft',
      published: momentOf(at(row, 'published_at')),
      excerpt: textAt(row, 'custom_excerpt') || textAt(metaOf.get(id), 'meta_description'),
      url: isWebAddress(url) ? url : null,
      ...parted(htmlOf(row), audience),
      cover: coverOf(textAt(row, 'feature_image'), textAt(metaOf.get(id), 'feature_image_alt')),
      tags: tagsOf(id).flatMap((tag) => nameUnlessInternal(tag)),
      authors: authorsOf(id).map((user) => ({
        ...{ key: textAt(user, 'slug'), name: textAt(user, 'name'), line: textAt(user, 'bio') },
        links: [textAt(user, 'website')].filter(isWebAddress),
      })),
    } satisfies Post;
  });
}

const coverOf = (src: string, alt: string): Post['cover'] => (src === '' ? null : { src, alt });

/** Its address there, as a browser is led to it; of one that cannot be an address, what is made of it here. */
const pathOf = (slug: string): string =>
  /^[\w~-]{1,250}$/.test(slug) ? `/${slug.toLowerCase()}` : `/${slugOf(slug) || 'post'}`;

function dataOf(text: string): unknown {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    // Its message quotes what stands there.
    throw new UnreadableExport('json');
  }
  return at(listAt(whole, 'db')[0] ?? whole, 'data');
}

/** The rows of a table that a post is joined with, in their order. */
function joined(data: unknown, table: string, key: string, of: string): (post: string) => unknown[] {
  const rows = new Map(listAt(data, of).map((row) => [String(at(row, 'id')), row]));
  const links = listAt(data, table).map((link) => ({
    post: String(at(link, 'post_id')),
    row: rows.get(String(at(link, key))),
    place: Number(at(link, 'sort_order') ?? 0),
  }));
  const byPost = new Map<string, typeof links>();
  for (const link of links) byPost.set(link.post, [...(byPost.get(link.post) ?? []), link]);
  return (post) =>
    (byPost.get(post) ?? []).sort((a, b) => a.place - b.place).flatMap(({ row }) => (row === undefined ? [] : [row]));
}

const nameUnlessInternal = (tag: unknown): string[] => {
  const name = textAt(tag, 'name').trim();
  return name === '' || name.startsWith('#') || textAt(tag, 'visibility') === 'internal' ? [] : [name];
};

/** Anything that is not known is for whoever pays: what is shut by mistake can be opened. */
const audienceOf = (visibility: unknown): Audience =>
  visibility === 'public' || visibility === 'members' ? visibility : visibility === undefined ? 'public' : 'paid';

const htmlOf = (row: unknown): string =>
  textAt(row, 'html') || (lexicalHtml(textAt(row, 'lexical')) ?? mobiledocHtml(textAt(row, 'mobiledoc')) ?? '');
