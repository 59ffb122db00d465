import { accountsViewer } from '../../../access/viewer';
import { MOST_OFFERED_BYTES, type UnusablePicture } from '../../../briefings/pictures/re-encode';
import type { Wall, WallTransaction } from '../../../stores/postgres/wall';
import type { ImportState } from '../../states';
import type { Post } from '../post';
import { readPost } from '../post';
import { sealName } from '../receive';
import type { PostSealer } from '../seal';
import { addressesIn, namesOfFile, pictureName } from './names';

/** States in which pictures are taken in: before anything is made of the posts. */
export const TAKES_PICTURES: readonly ImportState[] = ['read', 'checked'];

/** Names what is sealed of a picture: it opens in its own row alone. */
export const pictureSealName = (id: string, mark: string): string => `${id} picture ${mark}`;

/** A file that may be a picture, by its place in a folder or a zip. */
export interface OfferedFile {
  readonly place: string;
  /** Null: it is larger than any picture may be. */
  readonly bytes: Uint8Array | null;
}

/** What stands between a folder or a zip, and the posts: which of its files are wanted. */
export interface PictureReceiver {
  /** Does a post name it? Of any other nothing is read. */
  wants(place: string): boolean;
  /** Seals it and writes it; a second one of the same name takes the place of the first. */
  take(file: OfferedFile): Promise<void>;
  /** How many were taken, and how many the posts name. */
  taken(): number;
  readonly named: number;
}

/** The addresses of every picture of a post, its head's first. */
export const addressesOf = ({ cover, open, gated }: Post): readonly string[] => [
  ...(cover ? [cover.src] : []),
  ...addressesIn(open),
  ...addressesIn(gated),
];

/** The posts of an import that can be opened, in their order. */
export async function* openPosts(
  wall: Wall,
  sealer: PostSealer,
  id: string,
): AsyncGenerator<{ readonly number: number; readonly post: Post }> {
  for (let after = 0; ;) {
    const rows = await wall.read(accountsViewer, (db) =>
      db.importText.findMany({
        where: { importId: id, number: { gt: after } },
        orderBy: { number: 'asc' },
        take: 100,
        select: { number: true, sealed: true },
      }),
    );
    if (rows.length === 0) return;
    for (const { number, sealed } of rows) {
      const opened = sealer.open(sealed, sealName(id, number));
      const post = opened && readPost(opened.toString('utf8'));
      if (post) yield { number, post };
      after = number;
    }
  }
}

/** What takes in the pictures that the posts of an import name. What they are is looked at when it is checked. */
export async function openPictureReceiver(wall: Wall, sealer: PostSealer, id: string): Promise<PictureReceiver> {
  const named = new Set<string>();
  for await (const { post } of openPosts(wall, sealer, id))
    for (const src of addressesOf(post)) {
      const name = pictureName(src);
      if (name !== null) named.add(name);
    }
  const taken = new Set<string>();
  const nameOf = (place: string): string | undefined => namesOfFile(place).find((name) => named.has(name));
  return {
    wants: (place) => nameOf(place) !== undefined,
    take: async ({ place, bytes }) => {
      const name = nameOf(place);
      if (name === undefined) return;
      const [mark] = sealer.marks(name);
      const fresh = bytes !== null && bytes.length <= MOST_OFFERED_BYTES;
      const refused: UnusablePicture | null = fresh ? null : 'bytes';
      const data = {
        sealed: sealer.seal(fresh ? bytes : new Uint8Array(), pictureSealName(id, mark)),
        ...{ refused, pictureId: null, format: null, width: null, height: null },
      };
      await wall.write(accountsViewer, async (db) => {
        // What has begun meanwhile is not to find other pictures than were checked.
        const open = await db.$queryRaw<unknown[]>`
          SELECT 1 FROM imports WHERE id = ${id}::uuid AND state = ANY(${[...TAKES_PICTURES]}) FOR UPDATE`;
        if (open.length === 0) return;
        taken.add(mark);
        await db.importPicture.upsert({
          where: { importId_mark: { importId: id, mark } },
          create: { importId: id, mark, ...data },
          update: data,
          select: { mark: true },
        });
      });
    },
    taken: () => taken.size,
    named: named.size,
  };
}

/** What was checked without these pictures is to be checked again. */
export const retakePictures = (db: WallTransaction, id: string): Promise<unknown> =>
  db.import.updateMany({ where: { id, state: 'checked' }, data: { state: 'read', version: { increment: 1 } } });
