import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { Failure } from '../../lib/failure';
import { momentOf, parted, UnreadableExport } from './export';
import { PAYWALL, textAt } from './html';
import type { Audience, Post } from './post';

/** Bytes that all texts of an export may have, unpacked. */
const MOST_UNPACKED = 200_000_000;

/** Does it begin as a zip does (APPNOTE.TXT, 4.3.7)? */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

/**
 * The posts and pages of Substack's export: a zip of `posts.csv` and, for each post, `posts/<id>.<slug>.html`. Who
 * opened which letter is in it too, and is not read.
 * @throws UnreadableExport
 * @throws Failure 413 where what is packed is too much.
 */
export function readSubstack(bytes: Uint8Array): Post[] {
  const files = textsIn(bytes);
  const table = files.get('posts.csv');
  if (table === undefined) throw new UnreadableExport('posts');
  const rows = rowsOf(table).filter((row) => textAt(row, 'post_id') !== '');
  if (rows.length === 0) throw new UnreadableExport('posts');
  const htmlById = new Map(
    [...files].filter(([name]) => name.endsWith('.html')).map(([name, text]) => [name.split('.')[0]!, { name, text }]),
  );
  return rows.map((row) => postOf(row, htmlById.get(textAt(row, 'post_id').split('.')[0]!)));
}

function postOf(row: unknown, file: { readonly name: string; readonly text: string } | undefined): Post {
  const audience = audienceOf(textAt(row, 'audience'));
  const slug = (file?.name ?? textAt(row, 'post_id')).replace(/^\d+\.?/, '').replace(/\.html$/, '');
  const title = textAt(row, 'title');
  return {
    ...{ title, slug, path: `/p/${/^[\w~-]{1,250}$/.test(slug) ? slug.toLowerCase() : textAt(row, 'post_id')}` },
    ...{ audience, kind: textAt(row, 'type') === 'page' ? 'page' : 'post' },
    status: textAt(row, 'is_published').toLowerCase() === 'true' ? 'published' : 'draft',
    published: momentOf(textAt(row, 'post_date')),
    excerpt: textAt(row, 'subtitle'),
    ...parted((file?.text ?? '').replace(WALL, PAYWALL), audience),
    ...{ url: null, cover: null, tags: [], authors: [] },
  };
}

/** Where its editor has put the paywall. Where it is spelled in another way all of the post is gated. */
const WALL = /<div[^>]*\bclass="paywall-jump"[^>]*>\s*<\/div>/gi;

/** Anything that is not known is for whoever pays. */
const audienceOf = (value: string): Audience =>
  value === 'everyone' ? 'public' : value === 'only_free' ? 'members' : 'paid';

/** The texts of the zip, by their names without the folder. */
function textsIn(bytes: Uint8Array): Map<string, string> {
  let unpacked = 0;
  const wanted = ({ name, originalSize }: { readonly name: string; readonly originalSize: number }): boolean => {
    if (!/(?:^|\/)(?:posts\.csv|[^/]+\.html)$/.test(name)) return false;
    unpacked += originalSize;
    if (unpacked > MOST_UNPACKED) throw new Failure(413, 'an export that unpacks to too much');
    return true;
  };
  try {
    const files = unzipSync(bytes, { filter: wanted });
    return new Map(Object.entries(files).map(([name, one]) => [name.split('/').at(-1)!, strFromU8(one)]));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new UnreadableExport('zip');
  }
}

function rowsOf(table: string): unknown[] {
  try {
    return parse(table, { bom: true, columns: true, relax_column_count: true, skip_empty_lines: true });
  } catch {
    // Its message quotes what stands there.
    throw new UnreadableExport('posts');
  }
}
