import { isDeepStrictEqual } from 'node:util';
import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import { dropCopy, findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import type { BriefingAuditAction } from '../../briefings/writing/audit-actions';
import type { BriefingContent } from '../../briefings/file/content';
import { formatFault } from '../../briefings/file/fault';
import { sameFigures } from '../../briefings/file/figures';
import { readBriefing } from '../../briefings/file/read';
import { writeBriefing } from '../../briefings/file/write';
import { loadSiteContext } from '../../briefings/file/import';
import { picturesOf } from '../../briefings/pictures/queries';
import { extendPassages } from '../../briefings/writing/passages';
import { contentOf } from '../../briefings/reading/rows';
import { lockBriefings, saveBriefing } from '../../briefings/writing/save';
import { assignKeys } from '../../briefings/writing/assign-keys';
import type { ActorAt } from '../../membership/actor';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { check, type Finding } from '../check';
import { tellOfReview } from '../letters';
import { loadEditorContext } from '../editor/context';
import { auditBriefing, auditFacts } from '../audit';
import type { DeskParts } from '../parts';
import { currentState } from '../format';
import { workflowActionsFor, asksFirst, type WorkflowAction } from './actions';

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

/**
 * Brings a briefing to another state, or its working copy into it, as one revision with its author. Null when there is
 * none.
 */
export function performAction(
  { invalidatingWall, site }: DeskParts,
  id: string,
  options: WorkflowRequest,
  by: ActorAt,
): Promise<WorkflowResult | null> {
  return invalidatingWall.write(editorialViewer, async (db): Promise<WorkflowResult | null> => {
    await lockBriefings(db);
    const at = await findEditable(db, id);
    if (!at) return null;
    // Readers have it from this moment on by Postgres's clock, which decides who meets it.
    const now = await momentOf(db);
    if (options.version !== at.version) return { outcome: 'refused', because: 'version' };
    if (!workflowActionsFor(at, now).includes(options.act)) return { outcome: 'refused', because: 'act' };
    const saving = { origin: 'desk', authorId: by.actor.id } as const;
    const own = contentOf(at.base);
    const before = auditFacts(own, at.base.revision);
    const stood = currentState(own, now);

    if (asksFirst(options.act, stood) && !options.sure) return { outcome: 'refused', because: 'ask' };

    if (options.act === 'unpublish' || options.act === 'archive' || options.act === 'return') {
      // At once, whatever is being written: readers lose what they had, the working copy stays as it is.
      const waiting = at.base.publishedAt !== null && at.base.publishedAt > now;
      const put = {
        ...own,
        state: options.act === 'archive' ? 'archived' : 'draft',
        published: waiting ? null : own.published,
      } as const;
      const { revision } = await saveBriefing(db, at.base, put, saving);
      await auditBriefing(
        db,
        by,
        now,
        AUDIT_ACTIONS[options.act],
        { id, slug: own.slug },
        { before, after: auditFacts(put, revision) },
      );
      if (at.copy) {
        await db.briefing.update({
          where: { id: at.copy.id },
          data: { revision, publishedAt: waiting ? null : own.published },
          select: { id: true },
        });
        await extendPassages(db, at.copy.id, revision);
      }
      return { outcome: 'done', stood };
    }

    const around = await loadEditorContext(db, site.languages, id);
    const goesOut =
      options.act === 'publish' ||
      options.act === 'schedule' ||
      (options.act === 'keep' && at.content.state === 'published');
    const findings = [...check(at, around, now), ...movedOn(at)];
    if (findings.some(({ level }) => level === 'fault' || (goesOut && level === 'missing')))
      return { outcome: 'refused', because: 'findings' };
    if (goesOut && !options.sure && findings.some(({ level }) => level === 'warning'))
      return { outcome: 'refused', because: 'sure' };
    if (options.act === 'schedule' && (options.when === null || options.when <= now))
      return { outcome: 'refused', because: 'when' };

    const others = new Set((await db.organization.findMany({ select: { slug: true } })).map(({ slug }) => slug));
    const content = dated(renamed(assignKeys(at.content, others), at), options, now);
    const details = goesOut ? await unlikeItsFile(db, id, content) : null;
    if (details !== null) return { outcome: 'refused', because: 'file', details };
    const { revision } = await saveBriefing(db, at.base, content, { ...saving, changedAt: at.changedAt });
    await auditBriefing(
      db,
      by,
      now,
      AUDIT_ACTIONS[options.act],
      { id, slug: content.slug },
      { before, after: auditFacts(content, revision) },
    );
    if (options.act === 'submit') await tellOfReview(db, id, revision, by.actor.id);
    await dropCopy(db, at);
    return { outcome: 'done', stood };
  });
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
  const said = updated ? seconds : content.updated;
  return {
    ...content,
    state,
    published,
    updated: said !== null && published !== null && said >= published ? said : null,
  };
}

/**
 * What goes out must be a briefing file as well as a page: the importer's own reader is asked once more. Null when it
 * agrees.
 */
async function unlikeItsFile(db: WallTransaction, id: string, content: BriefingContent): Promise<string | null> {
  const files = new Map([...writeBriefing(content)].map(([name, text]) => [name, Buffer.from(text)]));
  const read = readBriefing(
    { path: content.slug, files, pictures: picturesOf(content) },
    await loadSiteContext(db, id),
  );
  if ('faults' in read)
    return read.faults.map((fault) => formatFault({ ...fault, file: path.basename(fault.file) })).join('\n');
  return sameFigures(read.content, content) &&
    isDeepStrictEqual([...writeBriefing(read.content)], [...writeBriefing(content)])
    ? null
    : 'its file would read differently';
}
