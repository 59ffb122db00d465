import type { UnusablePicture } from '../../../briefings/pictures/re-encode';
import type { Wall } from '../../../stores/postgres/wall';
import type { PostSealer } from '../seal';
import { loadMarks } from './kept';
import { pictureName } from './names';
import { addressesOf, openPosts } from './receive';

/** A picture that a post shows and that does not come along as things are. */
export interface MissingPicture {
  /** What the post is called. */
  readonly post: string;
  readonly address: string;
  readonly why: 'missing' | 'elsewhere' | UnusablePicture;
}

/** What posts show, as far as what they say is still sealed: when they are brought in nothing of it is kept. */
export async function listMissing(
  wall: Wall,
  sealer: PostSealer,
  id: string,
): Promise<{ readonly named: number; readonly here: number; readonly missing: readonly MissingPicture[] }> {
  const missing: MissingPicture[] = [];
  const [named, here] = [new Set<string>(), new Set<string>()];
  const waiting = await loadMarks(wall, id);
  for await (const { post } of openPosts(wall, sealer, id))
    for (const address of new Set(addressesOf(post))) {
      const name = pictureName(address);
      const mark = name === null ? undefined : sealer.marks(name).find((one) => waiting.has(one));
      const found = mark === undefined ? undefined : waiting.get(mark);
      if (name !== null) named.add(name);
      if (found?.refused === null) here.add(name!);
      else
        missing.push({ post: post.title, address, why: found?.refused ?? (name === null ? 'elsewhere' : 'missing') });
    }
  return { named: named.size, here: here.size, missing };
}
