import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import { dropCopy, findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import type { BriefingAuditAction } from '../../briefings/writing/audit-actions';
import type { BriefingContent } from '../../briefings/content';
import { formatFault } from '../../briefings/file/fault';
import { sameFigures } from '../../briefings/file/figures';
import { readBriefing } from '../../briefings/file/read';
import { writeBriefing, writesTheSame } from '../../briefings/file/write';
import { formerOrganizations } from '../../briefings/organizations';
import { loadSiteContext } from '../../briefings/file/import';
import { picturesOf } from '../../briefings/pictures/queries';
import { extendPassages } from '../../briefings/writing/passages';
import { contentOf } from '../../briefings/reading/rows';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { saveRevision } from '../../briefings/writing/save-revision';
import { assignKeys } from '../../briefings/writing/assign-keys';
import type { ActorAt } from '../../membership/actor';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { check, type Finding } from '../check';
import { tellOfReview } from '../letters';
import { loadEditorContext, type EditorContext } from '../editor/context';
import { auditBriefing, auditFacts } from '../audit';
import type { DeskParts } from '../parts';
import { currentState } from '../format';
import { asksFirst, goesOut, workflowActionsFor, type WorkflowAction } from './actions';

/** What is asked to be done. */
export interface WorkflowRequest {
  readonly act: WorkflowAction;
  /** The text that was looked at; nothing is published that nobody has seen. */
  readonly version: string;
  /** For scheduling: when readers are to have it. */
  readonly when: Date | null;
  /** Warnings were read, or it was asked first, and it is meant. */
  readonly sure: boolean;
  /** Readers are told that it changed today. */
  readonly updated: boolean;
}

export type WorkflowResult =
  /** `stood`: where the briefing was until then. */
  | { readonly outcome: 'done'; readonly stood: ReturnType<typeof currentState> }
  | {
      readonly outcome: 'refused';
      readonly because: 'version' | 'act' | 'when' | 'findings' | 'sure' | 'file' | 'ask';
      readonly details?: string;
    };

/** What the log calls each. */
const AUDIT_ACTIONS: Readonly<Record<WorkflowAction, BriefingAuditAction>> = {
  publish: 'briefing-published',
  schedule: 'briefing-scheduled',
  submit: 'briefing-submitted',
  keep: 'briefing-kept',
  return: 'briefing-returned',
  unpublish: 'briefing-unpublished',
  archive: 'briefing-archived',
};

/** A briefing while something is done with it, in the transaction that does it. */
interface Acting {
  readonly db: WallTransaction;
  readonly at: EditableBriefing;
  readonly own: BriefingContent;
  readonly request: WorkflowRequest;
  readonly by: ActorAt;
  /** By Postgres's clock, which decides who meets a briefing. */
  readonly now: Date;
}

/**
 * Brings a briefing to another state, or its working copy into it, as one revision with its author. Null when there is
 * none.
 */
export function performAction(
  { invalidatingWall, site }: DeskParts,
  id: string,
  request: WorkflowRequest,
  by: ActorAt,
): Promise<WorkflowResult | null> {
  return invalidatingWall.write(editorialViewer, async (db): Promise<WorkflowResult | null> => {
    await lockBriefings(db);
    const at = await findEditable(db, id);
    if (!at) return null;
    const now = await momentOf(db);
    const { act, version, sure } = request;
    if (version !== at.version) return { outcome: 'refused', because: 'version' };
    if (!workflowActionsFor(at, now).includes(act)) return { outcome: 'refused', because: 'act' };
    const own = contentOf(at.base);
    const stood = currentState(own, now);
    if (asksFirst(act, stood) && !sure) return { outcome: 'refused', because: 'ask' };
    const acting: Acting = { db, at, own, request, by, now };
    if (act === 'unpublish' || act === 'archive' || act === 'return') await takeBack(acting);
    else {
      const refused = await bringForward(acting, await loadEditorContext(db, site.languages, id));
      if (refused) return refused;
    }
    return { outcome: 'done', stood };
  });
}

const saving = ({ actor }: ActorAt) => ({ origin: 'desk', authorId: actor.id }) as const;

async function audit(
  { db, at, own, request, by, now }: Acting,
  content: BriefingContent,
  revision: number,
): Promise<void> {
  const change = { before: auditFacts(own, at.base.revision), after: auditFacts(content, revision) };
  await auditBriefing(db, by, now, AUDIT_ACTIONS[request.act], { id: at.base.id, slug: content.slug }, change);
}

/** Takes it from readers or from review at once, whatever is being written: the working copy stays as it is. */
async function takeBack(acting: Acting): Promise<void> {
  const { db, at, own, request, by, now } = acting;
  const waiting = at.base.publishedAt !== null && at.base.publishedAt > now;
  const published = waiting ? null : own.published;
  const put = { ...own, state: request.act === 'archive' ? 'archived' : 'draft', published } as const;
  const { revision } = await saveRevision(db, at.base, put, saving(by));
  await audit(acting, put, revision);
  if (!at.copy) return;
  await db.briefing.update({
    where: { id: at.copy.id },
    data: { revision, publishedAt: published },
    select: { id: true },
  });
  await extendPassages(db, at.copy.id, revision);
}

/** Saves what was written under its new state; null once that is done. */
async function bringForward(acting: Acting, editorContext: EditorContext): Promise<WorkflowResult | null> {
  const { db, at, request, by, now } = acting;
  const { id } = at.base;
  const because = refusalOf(acting, editorContext);
  if (because) return { outcome: 'refused', because };
  const known = await db.organization.findMany({ select: { slug: true } });
  const others = new Set([...known.map(({ slug }) => slug), ...(await formerOrganizations(db)).keys()]);
  const content = dated(renamed(assignKeys(at.content, editorContext.shape, others), at), request, now);
  const details = goesOut(request.act, at.content.state) ? await unlikeItsFile(db, id, content) : null;
  if (details !== null) return { outcome: 'refused', because: 'file', details };
  const { revision } = await saveRevision(db, at.base, content, { ...saving(by), changedAt: at.changedAt });
  await audit(acting, content, revision);
  if (request.act === 'submit') await tellOfReview(db, id, revision, by.actor.id);
  await dropCopy(db, at);
  return null;
}

/** What stands against it in the checklist or in the time given; null: nothing. */
function refusalOf({ at, request, now }: Acting, editorContext: EditorContext): 'findings' | 'sure' | 'when' | null {
  const { act, sure, when } = request;
  const out = goesOut(act, at.content.state);
  const findings = [...check(at, editorContext, now), ...movedOn(at)];
  if (findings.some(({ level }) => level === 'fault' || (out && level === 'missing'))) return 'findings';
  if (out && !sure && findings.some(({ level }) => level === 'warning')) return 'sure';
  return act === 'schedule' && (when === null || when <= now) ? 'when' : null;
}

/** The briefing was saved by another way since the working copy was begun: whoever publishes it takes that back. */
export function movedOn({ base, copy }: Pick<EditableBriefing, 'base' | 'copy'>): Finding[] {
  return copy && copy.revision !== base.revision ? [{ level: 'warning', code: 'moved-on', field: null }] : [];
}

/** A slug that readers have met leads them on for ever. */
function renamed(content: BriefingContent, { base }: EditableBriefing): BriefingContent {
  if (content.slug === base.slug) return content;
  const met = base.publishedAt === null ? [] : [base.slug];
  return { ...content, formerly: [...content.formerly.filter((slug) => slug !== content.slug), ...met] };
}

function dated(content: BriefingContent, { act: name, when, updated }: WorkflowRequest, now: Date): BriefingContent {
  const state =
    name === 'submit' ? 'in-review' : name === 'publish' || name === 'schedule' ? 'published' : content.state;
  const seconds = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const published =
    name === 'schedule'
      ? when
      : name === 'publish'
        ? content.published !== null && content.published <= now
          ? content.published
          : seconds
        : content.published;
  const changedAt = updated ? seconds : content.updated;
  return {
    ...content,
    state,
    published,
    updated: changedAt !== null && published !== null && changedAt >= published ? changedAt : null,
  };
}

/**
 * What goes out must be a briefing file as well as a page: the importer's own reader is asked once more. Null when it
 * agrees.
 */
async function unlikeItsFile(db: WallTransaction, id: string, content: BriefingContent): Promise<string | null> {
  const site = await loadSiteContext(db, id);
  const files = new Map([...writeBriefing(content, site.shape)].map(([name, text]) => [name, Buffer.from(text)]));
  const read = readBriefing({ path: content.slug, files, pictures: picturesOf(content) }, site);
  if ('faults' in read)
    return read.faults.map((fault) => formatFault({ ...fault, file: path.basename(fault.file) })).join('\n');
  return sameFigures(read.content, content) && writesTheSame(read.content, content)
    ? null
    : 'its file would read differently';
}
