import { isDeepStrictEqual } from 'node:util';
import { editorialViewer } from '../../access/viewer';
import {
  findEditable,
  suppressPageInvalidation,
  writeCopy,
  type EditableBriefing,
  type CopyContent,
} from '../../briefings/writing/working-copies';
import { contentOf } from '../../briefings/reading/rows';
import { recentRemovals } from '../../briefings/writing/restore-points';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import { loadEditorContext, type EditorContext } from './context';
import type { BriefingShape } from '../../site/shape/shape';
import { fieldsOf } from './fields';
import {
  baseAfter,
  merge,
  readBase,
  rowOf,
  rowsIn,
  writeBase,
  type Base,
  type Conflict,
  type Fields,
  type Merged,
} from './merge';
import { readForm } from './parse-form';
import { readCommand, type Command } from './parse-rows';
import { removedRows, withRowBack } from './put-back';
import { groupsOf } from './slots';

interface Saved {
  readonly at: EditableBriefing;
  readonly editorContext: EditorContext;
}

/** What became of a form: saved, or not because somebody has changed the same fields since it was opened. */
export type SaveOutcome =
  | (Saved & {
      readonly outcome: 'saved';
      /** Fields that say something else than the form did: what somebody else has changed since it was opened. */
      readonly taken: Fields;
    })
  | (Saved & {
      readonly outcome: 'conflict';
      /** The form, with the row in it that was to be put back. */
      readonly form: URLSearchParams;
      readonly mine: CopyContent;
      readonly conflicts: readonly Conflict[];
      /** What the form is sent with once its editor has seen these; null where it names no base. */
      readonly base: Base | null;
    });

/** Everything that a briefing or its working copy says, by the names of the form. */
export const fieldsAt = (
  shape: BriefingShape,
  { content, unfinished }: Pick<EditableBriefing, 'content' | 'unfinished'>,
): Fields => new Map([...fieldsOf(shape, content), ...Object.entries(unfinished)]);

/**
 * Saves what a form says in the working copy. Nothing is overwritten that its page has not shown: the form carries what
 * its page began from, field by field; what only one has changed since then is merged, and what both have is asked
 * about. Null when there is no such briefing.
 */
export function saveWorkingCopy(
  { wall, site, clock }: DeskParts,
  id: string,
  sent: URLSearchParams,
  accountId: string,
): Promise<SaveOutcome | null> {
  return wall.write(editorialViewer, async (db): Promise<SaveOutcome | null> => {
    await lockBriefings(db);
    await suppressPageInvalidation(db);
    const was = await findEditable(db, id);
    if (!was) return null;
    const editorContext = await loadEditorContext(db, site.languages, id);
    const saving = await openSaving(db, was, editorContext, sent, clock.now());
    const { form, base, typed, page, number, own, late } = saving;
    if (late) return { outcome: 'saved', at: was, editorContext, taken: new Map() };
    const conflict = (conflicts: readonly Conflict[], shownBase: Base | null): SaveOutcome => ({
      outcome: 'conflict',
      ...{ at: was, editorContext, form, mine: typed, conflicts, base: shownBase },
    });
    if (!base && form.get('version') !== was.version && !own)
      return conflict(conflictsIn(editorContext.shape, was, typed), base);
    const theirs = fieldsAt(editorContext.shape, was);
    const merged = base && mergeTyped(editorContext.shape, form, base, theirs, typed, own);
    if (base && merged && merged.conflicts.length > 0)
      return conflict(merged.conflicts, baseAfter(base, theirs, merged.conflicts));
    const mine =
      merged && !isMine(editorContext.shape, merged, typed)
        ? readForm(formWith(form, merged), was, editorContext, null, () => true)
        : typed;
    const same =
      isDeepStrictEqual(mine.content, was.content) &&
      isDeepStrictEqual(mine.unfinished, was.unfinished) &&
      mine.renewed.length === 0;
    if (!same) await writeCopy(db, was, mine, { accountId, saveKey: `${page}:${number}`, now: clock.now() });
    const at = same ? was : (await findEditable(db, id))!;
    const taken = different(fieldsAt(editorContext.shape, typed), fieldsAt(editorContext.shape, at));
    return { outcome: 'saved', at, editorContext, taken };
  });
}

/** A form as it was sent, understood: with the row that it puts back, and which save of which page it is. */
async function openSaving(
  db: WallTransaction,
  was: EditableBriefing,
  editorContext: EditorContext,
  sent: URLSearchParams,
  now: Date,
) {
  const { shape } = editorContext;
  const command = readCommand(shape, sent.get('do'));
  const form = (command?.what === 'put-back' && (await putBack(db, shape, was, sent, command, now))) || sent;
  const base = readBase(form.get('base'));
  // A row that is gone by now has the key it had when it comes back: that of the page, or of what was saved last.
  const known = [...(base?.keys() ?? []), ...fieldsOf(shape, contentOf(was.base)).keys()];
  const shown = new Set(known.flatMap((name) => rowOf(name) ?? []));
  if (form !== sent && command) shown.add(`${command.group} ${command.key}`);
  const typed = readForm(form, was, editorContext, command, (group, key) => shown.has(`${group} ${key}`));
  return { form, base, typed, ...sequenceOf(form, was) };
}

/** The form with the row that is to be put back, which its page had not shown; null where there is none. */
async function putBack(
  db: WallTransaction,
  shape: BriefingShape,
  { id, base, copy, content }: EditableBriefing,
  sent: URLSearchParams,
  command: Command,
  now: Date,
): Promise<URLSearchParams | null> {
  const removals = await recentRemovals(db, id, (copy ?? base).revision, now);
  const form = withRowBack(sent, command, removedRows(shape, removals, content));
  const shown = readBase(sent.get('base'));
  if (form && shown)
    form.set(
      'base',
      writeBase(new Map([...shown].filter(([name]) => rowOf(name) !== `${command.group} ${command.key}`))),
    );
  return form;
}

/**
 * Which save of which page this is. `own`: what is there now is what this very page sent before, though the answer may
 * have been lost on the way; `late`: it comes after a later one of the same page.
 */
function sequenceOf(form: URLSearchParams, { version, copy }: EditableBriefing) {
  const page = /^[a-z0-9]{8,40}$/.exec(form.get('page') ?? '')?.[0] ?? 'nameless';
  const number = Number(/^\d{1,9}$/.exec(form.get('seq') ?? '')?.[0] ?? 0);
  const [lastPage, lastNumber] = copy?.saveKey?.split(':') ?? [];
  const own = lastPage === page && page !== 'nameless' && number > 0;
  const late = own && form.get('version') !== version && number <= Number(lastNumber);
  return { page, number, own, late };
}

function mergeTyped(
  shape: BriefingShape,
  form: URLSearchParams,
  base: Base,
  theirs: Fields,
  typed: CopyContent,
  own: boolean,
): Merged {
  const mine = fieldsAt(shape, typed);
  return merge({ base, theirs, mine, yielded: new Set(form.getAll('theirs')), isOwn: () => own });
}

/** Is what was merged what the form says anyway? */
function isMine(shape: BriefingShape, { fields, order }: Merged, typed: CopyContent): boolean {
  const mine = fieldsAt(shape, typed);
  const merged = new Map([...fields].filter(([, value]) => value !== ''));
  const own = new Map([...mine].filter(([, value]) => value !== ''));
  const groups = [...new Set([...Object.keys(order), ...groupsOf(shape)])];
  return (
    different(own, merged).size === 0 &&
    groups.every((group) => isDeepStrictEqual([...(order[group] ?? [])], rowsIn(mine.keys(), group)))
  );
}

/**
 * The form as it would be if its page had shown what was merged: the rows in their order, every field with what it is
 * to say.
 */
function formWith(form: URLSearchParams, { fields, order }: Merged): URLSearchParams {
  const made = new URLSearchParams();
  for (const [name, value] of form) if (name.startsWith('renewed.')) made.append(name, value);
  for (const [name, value] of fields) if (rowOf(name) === null) made.append(name, value);
  for (const [group, keys] of Object.entries(order))
    for (const key of keys)
      for (const [name, value] of fields) if (rowOf(name) === `${group} ${key}`) made.append(name, value);
  return made;
}

/** What the second says otherwise than the first. */
function different(first: Fields, second: Fields): Map<string, string> {
  const names = new Set([...first.keys(), ...second.keys()]);
  const changed = [...names].filter((name) => (first.get(name) ?? '') !== (second.get(name) ?? ''));
  return new Map(changed.map((name) => [name, second.get(name) ?? '']));
}

/** Everything that differs, where nobody knows what the form began from. */
function conflictsIn(shape: BriefingShape, was: EditableBriefing, typed: CopyContent): Conflict[] {
  const [theirs, mine] = [fieldsAt(shape, was), fieldsAt(shape, typed)];
  return [...different(theirs, mine)].map(([name, value]) => ({ name, theirs: theirs.get(name) ?? '', mine: value }));
}
