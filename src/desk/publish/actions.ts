import type { State } from '../../briefings/vocabulary';
import type { EditableBriefing } from '../../briefings/writing/working-copies';

/** What can be done with a briefing, in the order it is offered. */
export const WORKFLOW_ACTIONS = ['publish', 'schedule', 'submit', 'keep', 'return', 'unpublish', 'archive'] as const;
export type WorkflowAction = (typeof WORKFLOW_ACTIONS)[number];

/** What takes a briefing away from readers or from the desk's work, and so is asked before it is done. */
export const asksFirst = (act: WorkflowAction, stood: State | 'scheduled'): boolean =>
  act === 'archive' || (act === 'unpublish' && stood !== 'scheduled');

/** Do readers have at once what it leaves? Then everything that a page needs must be there. */
export const goesOut = (act: WorkflowAction, stood: State): boolean =>
  act === 'publish' || act === 'schedule' || (act === 'keep' && stood === 'published');

/** What can be done with this one now. */
export function workflowActionsFor(
  { content: { state, published }, copy }: Pick<EditableBriefing, 'content' | 'copy'>,
  now: Date,
): WorkflowAction[] {
  const keep: WorkflowAction[] = copy ? ['keep'] : [];
  if (state === 'draft') return ['publish', 'schedule', 'submit', ...keep, 'archive'];
  if (state === 'in-review') return ['publish', 'schedule', ...keep, 'return', 'archive'];
  if (state === 'archived') return ['publish', ...keep, 'return'];
  if (published !== null && published > now) return ['publish', 'schedule', ...keep, 'unpublish'];
  return [...keep, 'unpublish', 'archive'];
}
