import { accountsViewer } from '../../../access/viewer';
import type { Picture } from '../../../briefings/content';
import { makeSizes, reEncode, type ReEncoded, type UnusablePicture } from '../../../briefings/pictures/re-encode';
import { storePicture } from '../../../briefings/pictures/queries';
import type { Wall, WallTransaction } from '../../../stores/postgres/wall';
import type { Post } from '../post';
import type { PostSealer } from '../seal';
import type { KnownPictures } from './figures';
import { pictureName } from './names';
import { addressesOf, pictureSealName } from './receive';

interface Parts {
  readonly wall: Wall;
  readonly sealer: PostSealer;
}

const refusedRow = (refused: UnusablePicture) => ({ refused, sealed: new Uint8Array() });

/**
 * Draws the next picture of an import anew (decision 0015), which was only taken in so far; what cannot be drawn is
 * refused, and its bytes are gone.
 * @returns whether there was one.
 */
export async function drawNext({ wall, sealer }: Parts, id: string): Promise<boolean> {
  const next = await wall.read(accountsViewer, (db) =>
    db.importPicture.findFirst({
      where: { importId: id, pictureId: null, refused: null, import: { state: 'checking' } },
      orderBy: { mark: 'asc' },
      select: { mark: true, sealed: true },
    }),
  );
  if (next === null) return false;
  const name = pictureSealName(id, next.mark);
  const offered = sealer.open(next.sealed, name);
  const drawn = offered && (await reEncode(offered));
  const data =
    drawn === null
      ? refusedRow('broken')
      : 'refused' in drawn
        ? refusedRow(drawn.refused)
        : { ...rowOf(drawn.picture), sealed: sealer.seal(drawn.bytes, name) };
  await wall.write(accountsViewer, (db) =>
    db.importPicture.updateMany({ where: { importId: id, mark: next.mark, pictureId: null }, data }),
  );
  return true;
}

const rowOf = ({ id, ...of }: Picture) => ({ pictureId: id, ...of });

/** A picture as posts name it, with the row it lies in. */
interface Kept {
  readonly mark: string;
  readonly picture: Picture | { readonly refused: UnusablePicture };
}

/** What is here of the pictures that these posts name. */
export async function loadPictures(
  { wall, sealer }: Parts,
  id: string,
  posts: readonly (Post | null)[],
): Promise<ReadonlyMap<string, Kept>> {
  const marks = new Map<string, string>();
  for (const src of posts.flatMap((post) => (post === null ? [] : addressesOf(post)))) {
    const name = pictureName(src);
    if (name !== null) for (const mark of sealer.marks(name)) marks.set(mark, name);
  }
  if (marks.size === 0) return new Map();
  const rows = await wall.read(accountsViewer, (db) =>
    db.importPicture.findMany({
      where: { importId: id, mark: { in: [...marks.keys()] } },
      select: { mark: true, pictureId: true, format: true, width: true, height: true, refused: true },
    }),
  );
  return new Map(
    rows.flatMap(({ mark, pictureId, format, width, height, refused }): [string, Kept][] => {
      const name = marks.get(mark)!;
      if (refused !== null) return [[name, { mark, picture: { refused: refused as UnusablePicture } }]];
      if (pictureId === null || width === null || height === null) return [];
      return [[name, { mark, picture: { id: pictureId, format: format as Picture['format'], width, height } }]];
    }),
  );
}

/** What was taken in, by its mark: why it cannot be drawn, or null. */
export async function loadMarks(
  wall: Wall,
  id: string,
): Promise<ReadonlyMap<string, { readonly refused: UnusablePicture | null }>> {
  const rows = await wall.read(accountsViewer, (db) =>
    db.importPicture.findMany({ where: { importId: id }, select: { mark: true, refused: true } }),
  );
  return new Map(rows.map(({ mark, refused }) => [mark, { refused: refused as UnusablePicture | null }]));
}

export const knownAmong =
  (kept: ReadonlyMap<string, Kept>): KnownPictures =>
  (name) =>
    kept.get(name)?.picture;

/** Opened, and with the sizes it is shown in. */
interface Ready {
  readonly picture: Picture;
  readonly bytes: Uint8Array;
  readonly sizes: ReEncoded['sizes'];
}

/** Makes ready what a post shows, before the briefing has its turn. */
export async function readyPictures(
  { wall, sealer }: Parts,
  id: string,
  kept: ReadonlyMap<string, Kept>,
): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (const { mark, picture } of kept.values()) {
    if ('refused' in picture) continue;
    const row = await wall.read(accountsViewer, (db) =>
      db.importPicture.findUnique({ where: { importId_mark: { importId: id, mark } }, select: { sealed: true } }),
    );
    const bytes = row && sealer.open(row.sealed, pictureSealName(id, mark));
    if (bytes) ready.push({ picture, bytes, sizes: await makeSizes(bytes, picture) });
  }
  return ready;
}

/** The pictures of one post: what is here of those it names, and what can be kept of them at once. */
export interface PostPictures {
  readonly kept: ReadonlyMap<string, Kept>;
  readonly ready: readonly Ready[];
}

/** Keeps those of the pictures that a briefing or a page shows. */
export async function storeShown(
  db: WallTransaction,
  ready: readonly Ready[],
  shown: Iterable<Picture>,
): Promise<void> {
  const ids = new Set([...shown].map(({ id }) => id));
  for (const { picture, bytes, sizes } of ready) if (ids.has(picture.id)) await storePicture(db, picture, bytes, sizes);
}
