import { editorialViewer } from '../../access/viewer';
import {
  findEditable,
  addRestorePointOf,
  suppressPageInvalidation,
  setFigure,
  type EditableBriefing,
} from '../../briefings/writing/working-copies';
import { recentRemovals } from '../../briefings/writing/restore-points';
import type { ReEncoded } from '../../briefings/pictures/re-encode';
import type { BriefingContent } from '../../briefings/content';
import { FIGURE_FILE, MOST_FIGURES, textsOf } from '../../briefings/file/figures';
import { deletePictures, storePicture } from '../../briefings/pictures/queries';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { uniqueSlug } from '../../briefings/writing/assign-keys';
import { picturesIn } from '../../lib/markdown';
import { slugOf } from '../../lib/slug';
import type { DeskParts } from '../parts';

type Parts = Pick<DeskParts, 'wall' | 'clock'>;

/** What became of it: null when there is no such briefing. */
export type FigureResult = { readonly name: string } | 'many' | null;

/**
 * Puts a picture among the files of the working copy, under a name of its own that follows the file's. The same picture
 * again has the name that it has. Readers see it once a text that shows it is published.
 */
export function addFigure({ wall }: Parts, id: string, picture: ReEncoded, fileName: string): Promise<FigureResult> {
  return write(wall, id, async (db, at) => {
    const { figures } = at.content;
    const there = Object.entries(figures).find(([, { id: known }]) => known === picture.picture.id);
    if (there) return { name: there[0] };
    if (Object.keys(figures).length >= MOST_FIGURES) return 'many';
    const stem = slugOf(fileName.replace(/\.[a-z0-9]+$/i, ''), 60);
    const named = (one: string) => `${one}.${picture.picture.format}`;
    const name = named(uniqueSlug(FIGURE_FILE.test(named(stem)) ? stem : 'picture', (one) => named(one) in figures));
    await storePicture(db, picture.picture, picture.bytes, picture.sizes);
    await setFigure(db, at, name, picture.picture.id);
    return { name };
  });
}

/** Takes a picture away that no text of the working copy shows. It can be put back for a while. */
export function removeFigure(
  { wall, clock }: Parts,
  id: string,
  name: string,
  accountId: string,
): Promise<'removed' | 'used' | 'gone' | null> {
  return write(wall, id, async (db, at) => {
    // A name out of an address, which may be one that every object has.
    const picture = Object.hasOwn(at.content.figures, name) ? at.content.figures[name] : undefined;
    if (!picture) return 'gone';
    if (isShown(at.content, name)) return 'used';
    await addRestorePointOf(db, at, 'removal', { accountId, now: clock.now() });
    await setFigure(db, at, name, null);
    await deletePictures(db, [picture.id]);
    return 'removed';
  });
}

/** Puts a picture back that was taken away a short while ago, under the name it had. */
export function putFigureBack({ wall, clock }: Parts, id: string, name: string): Promise<'back' | 'gone' | null> {
  return write(wall, id, async (db, at) => {
    if (Object.hasOwn(at.content.figures, name) || Object.keys(at.content.figures).length >= MOST_FIGURES)
      return 'gone';
    const removed = await recentRemovals(db, id, (at.copy ?? at.base).revision, clock.now());
    const found = removed.find(({ content }) => Object.hasOwn(content.figures, name));
    if (!found) return 'gone';
    await setFigure(db, at, name, found.content.figures[name]!.id);
    return 'back';
  });
}

function write<T>(
  wall: Parts['wall'],
  id: string,
  work: (db: Parameters<typeof setFigure>[0], at: EditableBriefing) => Promise<T>,
): Promise<T | null> {
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    await suppressPageInvalidation(db);
    const at = await findEditable(db, id);
    return at && work(db, at);
  });
}

/** Does any text of the briefing show it? */
function isShown({ editions }: Pick<BriefingContent, 'editions'>, name: string): boolean {
  return Object.values(editions).some((edition) =>
    textsOf(edition).some((text) => picturesIn(text).some((one) => one.name === name)),
  );
}
