import { editorialViewer } from '../../access/viewer';
import type { Bucket } from '../../stores/bucket';
import type { Wall } from '../../stores/postgres/wall';
import { loadShape } from '../../site/shape/load';
import { writeBriefing } from './write';
import { bytesOf, MissingPictureError } from '../pictures/stored-picture';
import { findPicture, picturesOf } from '../pictures/queries';
import { contentOf, findWhole } from '../reading/rows';
import type { Picture } from '../content';

/** The texts of a briefing as files in canonical form, and the pictures that lie beside them, by their names. */
export interface BriefingFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly pictures: ReadonlyMap<string, Picture>;
}

/** Such files of a briefing, drafts and passages included; null when there is no such slug. */
export async function readFiles(wall: Wall, slug: string): Promise<BriefingFiles | null> {
  const found = await wall.read(editorialViewer, async (db) => {
    const row = await findWhole(db, { slug });
    return row && { content: contentOf(row), shape: await loadShape(db) };
  });
  return found && { texts: writeBriefing(found.content, found.shape), pictures: picturesOf(found.content) };
}

/**
 * The files of a briefing in canonical form, drafts, passages and pictures included; null when there is no such slug.
 * @throws BucketAway, LostPicture where a picture is not to be had; a file without its pictures is none.
 */
export async function exportBriefing(
  wall: Wall,
  slug: string,
  bucket: Bucket | null = null,
): Promise<Map<string, string | Uint8Array> | null> {
  const found = await readFiles(wall, slug);
  if (!found) return null;
  const files = new Map<string, string | Uint8Array>(found.texts);
  for (const [name, picture] of found.pictures) {
    const bytes = await bytesOf(bucket, () =>
      wall.read(editorialViewer, (db) => findPicture(db, { ...picture, narrower: null })),
    );
    if (!bytes) throw new MissingPictureError(`${name} was removed while ${slug} was exported`);
    files.set(name, bytes);
  }
  return files;
}
