import { editorialViewer } from '../../src/access/viewer';
import { importBriefing } from '../../src/briefings/file/import';
import { recognise } from '../../src/briefings/file/cover';
import { deletePictures } from '../../src/briefings/pictures/queries';
import { stripMetadata, type StrippedFolder } from '../../src/briefings/pictures/strip-metadata';
import { original } from '../support/briefing';
import { asSuperuserIn } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { aPicture } from '../support/pictures';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
});
afterAll(() => dossier.stop());

const washed = (slug: string, cover: Uint8Array): Promise<StrippedFolder> =>
  stripMetadata(dossier.wall, {
    path: slug,
    files: new Map<string, Uint8Array>([
      [
        'en.md',
        Buffer.from(
          original({ slug, organizations: null, cover: 'cover.jpg' }, '').replace(
            'title: A',
            'cover-alt: A harbour.\ntitle: A',
          ),
        ),
      ],
      ['cover.jpg', cover],
    ]),
  });
const take = async (slug: string, cover: Uint8Array) =>
  (await importBriefing(dossier.wall, await washed(slug, cover))).outcome;

test('what was drawn from a file stays its picture when it would be drawn otherwise today', async () => {
  const [file, newer] = [await aPicture('jpg', 10, true), await aPicture('jpg', 90, true)];
  expect(await take('harbour', file)).toBe('created');
  expect(await take('harbour', newer)).toBe('updated');
  expect(await take('harbour', file)).toBe('updated');
  // As if the picture had been drawn from the other file, by a version that draws it in this way.
  await asSuperuserIn(dossier.urls.superuser, async (db) => {
    await db.query('DELETE FROM drawings WHERE file_id = $1', [recognise(newer)!.id]);
    await db.query('UPDATE drawings SET file_id = $2 WHERE file_id = $1', [recognise(file)!.id, recognise(newer)!.id]);
  });
  expect(await take('harbour', newer)).toBe('unchanged');
});

test('where it was drawn to goes with the picture, and the file is drawn again', async () => {
  const file = await aPicture('jpg', 20, true);
  await take('quay', file);
  const again = await washed('pier', file);
  const { picture, made } = again.reEncoded.get('cover.jpg')!;
  expect(made).toBeNull();
  await dossier.wall.write(editorialViewer, async (db) => {
    await db.briefing.delete({ where: { slug: 'quay' } });
    await deletePictures(db, [picture.id]);
  });
  await expect(importBriefing(dossier.wall, again)).rejects.toThrow('removed while it was imported');
  expect(await dossier.wall.read(editorialViewer, (db) => db.briefing.count({ where: { slug: 'pier' } }))).toBe(0);
  expect(await take('pier', file)).toBe('created');
});
