import { isDeepStrictEqual } from 'node:util';
import { editorialViewer } from '../../access/viewer';
import {
  findEditable,
  quietly,
  writeCopy,
  type EditableBriefing,
  type CopyContent,
} from '../../briefings/writing/working-copies';
import { lockBriefings } from '../../briefings/writing/save';
import type { DeskParts } from '../parts';
import { loadEditorContext, type EditorContext } from './context';
import { readCommand, readForm } from './parse-form';

/** What became of a form: kept, or not because somebody else saved since it was opened. */
export type SaveOutcome =
  | { readonly outcome: 'saved'; readonly at: EditableBriefing; readonly around: EditorContext }
  | {
      readonly outcome: 'conflict';
      readonly at: EditableBriefing;
      readonly around: EditorContext;
      readonly mine: CopyContent;
    };

/**
 * Keeps what a form says in the working copy. Nothing is overwritten that its page has not shown: the form names the text
 * it began from, and only saves of the very same page, in their order, may follow each other without asking.
 * Null when there is no such briefing.
 */
export function saveForm(
  { wall, site, clock }: DeskParts,
  id: string,
  form: URLSearchParams,
  accountId: string,
): Promise<SaveOutcome | null> {
  return wall.write(editorialViewer, async (db): Promise<SaveOutcome | null> => {
    await lockBriefings(db);
    await quietly(db);
    const was = await findEditable(db, id);
    if (!was) return null;
    const around = await loadEditorContext(db, site.languages, id);
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
    return { outcome: 'saved', at: same ? was : (await findEditable(db, id))!, around };
  });
}
