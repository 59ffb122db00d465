import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { readGhost } from './ghost';
import { isZip, readSubstack } from './substack';
import type { Post } from './post';
import type { PostSealer } from './seal';

/** Posts written at a time. */
const BATCH = 100;

/** The columns of what is said of a post in the open: nothing of its text. */
export const POST_COLUMNS = ['title', 'slug', 'status', 'audience', 'tag'] as const;

/** Names what is sealed of a post: it opens in its own row alone. */
export const sealName = (id: string, number: number): string => `${id} ${number}`;

/**
 * Takes in the posts of an export. What they say is sealed before it is written.
 * @returns the import's id.
 * @throws UnreadableExport, and what reading the bytes throws.
 */
export async function receivePosts(
  wall: Wall,
  sealer: PostSealer,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  language: string,
  now: Date,
): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  const whole = Buffer.concat(parts);
  const source = isZip(whole) ? 'substack' : 'ghost';
  const posts = source === 'substack' ? readSubstack(whole) : readGhost(whole.toString('utf8').replace(/^\uFEFF/, ''));
  return wall.write(accountsViewer, async (db) => {
    const { id } = await db.import.create({
      data: {
        ...{ name: name.slice(0, 200) || 'posts.json', kind: 'posts', state: 'read', source },
        ...{ createdAt: now, rows: posts.length, header: [...POST_COLUMNS], options: { language } },
      },
      select: { id: true },
    });
    for (let first = 0; first < posts.length; first += BATCH) {
      const some = posts.slice(first, first + BATCH).map((post, at) => ({ post, number: first + at + 1 }));
      await db.importRow.createMany({ data: some.map(({ post, number }) => rowOf(id, number, post)) });
      await db.importText.createMany({
        data: some.map(({ post, number }) => ({
          ...{ importId: id, number },
          sealed: sealer.seal(JSON.stringify(post), sealName(id, number)),
        })),
      });
    }
    return id;
  });
}

function rowOf(importId: string, number: number, { title, slug, status, audience, tags, kind }: Post) {
  const tag = (tags[0] ?? '').slice(0, 200);
  return {
    ...{ importId, number, line: number, title: title.slice(0, 200) },
    cells: [title.slice(0, 200), slug.slice(0, 300), kind === 'page' ? 'page' : status, audience, tag],
    tierValue: tag || null,
  };
}
