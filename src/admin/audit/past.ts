import { accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { BriefingShape } from '../../site/shape/shape';
import type { Wall } from '../../stores/postgres/wall';
import type { AdminButton, PastChangeView } from '../page-types';
import { changesOf, formatAction, type AuditRow } from './format';

/** Changes that a section shows of what is changed there. */
const MOST = 10;

/** Something that was done, as the log has it. */
export type PastAction = AuditRow & { readonly id: string };

/** How what was done is taken back: on a page that asks or shows it first, or at once where it hurts nobody. */
export type Undo = { readonly href: string } | { readonly button: AdminButton };

/** The last of these actions, the newest first; of all targets, or of those whose id begins so. */
export const readPastActions = (wall: Wall, actions: readonly string[], target = ''): Promise<readonly PastAction[]> =>
  wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({
      where: { action: { in: [...actions] }, ...(target === '' ? {} : { targetId: { startsWith: target } }) },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: MOST,
    }),
  );

/** An action by the id of its entry; null: there is no such entry, or it is about something else. */
export const findPastAction = (wall: Wall, action: string, id: string, targetId?: string): Promise<PastAction | null> =>
  wall.read(accountsViewer, (db) =>
    db.auditEntry.findFirst({ where: { id, action, ...(targetId === undefined ? {} : { targetId }) } }),
  );

/** What was done as its section shows it, each with the way to take it back where there is one. */
export const pastActionViews = (
  language: Language,
  actions: readonly PastAction[],
  undoOf: (action: PastAction) => Undo | null,
  shape?: Pick<BriefingShape, 'kinds'>,
): PastChangeView[] =>
  actions.map((one) => {
    const undo = undoOf(one);
    return {
      ...{ at: language.moment(one.at), iso: one.at.toISOString(), actor: one.actor },
      what: { action: formatAction(language, one.action), name: one.targetKind === 'matrix' ? null : one.target },
      changes: changesOf(language, one.before, one.after, shape),
      restore: undo !== null && 'href' in undo ? undo.href : null,
      undo: undo !== null && 'button' in undo ? undo.button : null,
    };
  });

/** A fact of an entry, where it is text. */
export function textFact(facts: unknown, name: string): string | null {
  const value = typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>)[name] : null;
  return typeof value === 'string' ? value : null;
}

/** The facts of an entry that are texts, or were none, by their names. */
export const textFacts = (facts: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(typeof facts === 'object' && facts !== null ? facts : {}).flatMap(([name, value]) =>
      value === null ? [[name, '']] : typeof value === 'string' ? [[name, value]] : [],
    ),
  );
