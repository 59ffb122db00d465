import { desk } from '../../access/viewer';
import { findAtDesk, quietly, setFigure, type AtDesk } from '../../briefings/writing/working-copies';
import type { Drawn } from '../../briefings/pictures/re-encode';
import type { BriefingContent } from '../../briefings/file/content';
import { FIGURE_FILE, MOST_FIGURES, textsOf } from '../../briefings/file/figures';
import { forgetPictures, keepPicture } from '../../briefings/pictures/queries';
import { awaitTurn } from '../../briefings/writing/save';
import { slugOf, untaken } from '../../briefings/writing/assign-keys';
import { picturesIn } from '../../lib/markdown';
import type { DeskParts } from '../parts';

type Parts = Pick<DeskParts, 'wall'>;

/** What became of a wish: null when there is no such briefing. */
export type Kept = { readonly name: string } | 'many' | null;

/**
 * Puts a picture among the files of the working copy, under a name of its own that follows the file's. The same picture
 * again has the name that it has. Readers see it once a text that shows it is published.
 */
export function addFigure({ wall }: Parts, id: string, drawn: Drawn, fileName: string): Promise<Kept> {
  return write(wall, id, async (db, at) => {
    const { figures } = at.content;
    const there = Object.entries(figures).find(([, { id: known }]) => known === drawn.picture.id);
    if (there) return { name: there[0] };
    if (Object.keys(figures).length >= MOST_FIGURES) return 'many';
    const stem = slugOf(fileName.replace(/\.[a-z0-9]+$/i, ''), 60);
    const named = (one: string) => `${one}.${drawn.picture.format}`;
    const name = named(untaken(FIGURE_FILE.test(named(stem)) ? stem : 'picture', (one) => named(one) in figures));
    await keepPicture(db, drawn.picture, drawn.bytes, drawn.sizes);
    await setFigure(db, at, name, drawn.picture.id);
    return { name };
  });
}

/** Takes a picture away that no text of the working copy shows. */
export function removeFigure({ wall }: Parts, id: string, name: string): Promise<'removed' | 'used' | 'gone' | null> {
  return write(wall, id, async (db, at) => {
    // A name out of an address, which may be one that every object has.
    const picture = Object.hasOwn(at.content.figures, name) ? at.content.figures[name] : undefined;
    if (!picture) return 'gone';
    if (isShown(at.content, name)) return 'used';
    await setFigure(db, at, name, null);
    await forgetPictures(db, [picture.id]);
    return 'removed';
  });
}

function write<T>(
  wall: Parts['wall'],
  id: string,
  work: (db: Parameters<typeof setFigure>[0], at: AtDesk) => Promise<T>,
): Promise<T | null> {
  return wall.write(desk, async (db) => {
    await awaitTurn(db);
    await quietly(db);
    const at = await findAtDesk(db, id);
    return at && work(db, at);
  });
}

/** Does any text of the briefing show it? */
function isShown({ editions }: Pick<BriefingContent, 'editions'>, name: string): boolean {
  return Object.values(editions).some((edition) =>
    textsOf(edition).some((text) => picturesIn(text).some((one) => one.name === name)),
  );
}
