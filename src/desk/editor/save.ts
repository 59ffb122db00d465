import { isDeepStrictEqual } from 'node:util';
import { desk } from '../../access/viewer';
import { findAtDesk, quietly, writeCopy, type AtDesk, type Copied } from '../../briefings/writing/working-copies';
import { awaitTurn } from '../../briefings/writing/save';
import type { DeskParts } from '../parts';
import { loadAround, type Surroundings } from './around';
import { readCommand, readForm } from './typed';

/** What became of a form: kept, or not because somebody else saved since it was opened. */
export type Outcome =
  | { readonly outcome: 'saved'; readonly at: AtDesk; readonly around: Surroundings }
  | { readonly outcome: 'conflict'; readonly at: AtDesk; readonly around: Surroundings; readonly mine: Copied };

/**
 * Keeps what a form says in the working copy. Nothing is overwritten that its page has not shown: the form names the text
 * it began from, and only saves of the very same page, in their order, may follow each other without asking.
 * Null when there is no such briefing.
 */
export function saveTyped(
  { wall, house, clock }: DeskParts,
  id: string,
  form: URLSearchParams,
  accountId: string,
): Promise<Outcome | null> {
  return wall.write(desk, async (db): Promise<Outcome | null> => {
    await awaitTurn(db);
    await quietly(db);
    const was = await findAtDesk(db, id);
    if (!was) return null;
    const around = await loadAround(db, house.languages, id);
    const mine = readForm(form, was, around, readCommand(form.get('do')));
    const page = /^[a-z0-9]{8,40}$/.exec(form.get('page') ?? '')?.[0] ?? 'nameless';
    const number = Number(/^\d{1,9}$/.exec(form.get('seq') ?? '')?.[0] ?? 0);
    if (form.get('version') !== was.version) {
      const [lastPage, lastNumber] = was.copy?.saveKey?.split(':') ?? [];
      // Its own answer may have been lost on the way: then what is there is what this page sent before.
      if (lastPage !== page || page === 'nameless' || number === 0)
        return { outcome: 'conflict', at: was, around, mine };
      if (number <= Number(lastNumber)) return { outcome: 'saved', at: was, around };
    }
    const same =
      isDeepStrictEqual(mine.content, was.content) &&
      isDeepStrictEqual(mine.unfinished, was.unfinished) &&
      mine.renewed.length === 0;
    if (!same) await writeCopy(db, was, mine, { accountId, saveKey: `${page}:${number}`, now: clock.now() });
    return { outcome: 'saved', at: same ? was : (await findAtDesk(db, id))!, around };
  });
}
