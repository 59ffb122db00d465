import type { Request, Response } from 'express';
import { accountsViewer, type Viewer } from '../../access/viewer';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Logger } from '../../lib/log';
import type { ActorAt } from '../../membership/actor';
import { writeAudit, type AuditDraft } from '../../stores/postgres/audit';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { actorOf } from '../staff';
import { LONGEST_REASON, type Submission } from './submission';

/** Why a submission is not carried out but asked again, in words for the page that asks. */
export interface Rejection {
  readonly status: 409 | 422 | 503;
  /** What is wrong with the whole of it. */
  readonly error?: string;
  /** Why it cannot be done at all, so that there is no form. */
  readonly refused?: string;
  /** What is wrong with the reason. */
  readonly reasonError?: string;
  /** The id the form keeps, where it must be sent again as the same submission. */
  readonly submission?: string;
}

/** What came of the part of an action that is not done in the database; null: there was nothing to be done there. */
export type OutsideResult<Done> = { readonly done: Done | null } | { readonly rejection: Rejection };

/**
 * Something an admin does, said once for every form: what it is about, what must hold for it, and what it does. `Case`
 * is what it is decided on, `Done` what was done outside of the database.
 */
export interface AdminAction<Case, Done = null> {
  /** Its name in the audit log. */
  readonly name: string;
  /** The id in the log of what it is done to; null where that is nothing in particular. */
  readonly targetId: string | null;
  /** Must a reason be given, or may one? */
  readonly reason: 'required' | 'optional';
  /** The case as it is now. @throws Failure 404 where there is none. */
  readonly load: () => Promise<Case>;
  /** What keeps it from being done; `nothing`: it stands as asked for already, so that there is nothing to do. */
  readonly check?: (it: Case) => Rejection | 'nothing' | null;
  /** The version of the case; where the form was shown with another one, it is asked again. */
  readonly version?: (it: Case) => string;
  /** The key of the sentence that says so. */
  readonly changed?: string;
  /** Is agreed to what must be agreed to besides? The page says beside its field what is missing. */
  readonly consent?: (it: Case) => boolean;
  /** Runs the whole by itself, one after the other with what it would get in the way of. */
  readonly exclusively?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Was it done outside under this id before, and the answer lost? Null: not that anybody knows. */
  readonly recover?: (it: Case, submissionId: string) => Promise<OutsideResult<Done> | null>;
  /** Does what is not done in the database, before anything is written. What it has done is never undone here. */
  readonly outside?: (it: Case, submissionId: string) => Promise<OutsideResult<Done>>;
  /** The wall and the viewer of the transaction. */
  readonly wall: Wall;
  readonly viewer: Viewer;
  /** Makes others who act on the same wait for the end of the transaction. */
  readonly lock?: (db: WallTransaction) => Promise<unknown>;
  /** The case once more, in the transaction; without it the case is the one that was loaded. */
  readonly reload?: (db: WallTransaction) => Promise<Case>;
  /** What the audit entry says. */
  readonly entry: (it: Case, done: Done | null) => Pick<AuditDraft, 'target' | 'before' | 'after'>;
  /** Does it, in the transaction of its audit entry. */
  readonly write?: (db: WallTransaction, it: Case, submission: Submission) => Promise<unknown>;
  /** A failure of the transaction that is an answer; null: it is none. */
  readonly rejectionOf?: (error: unknown) => Rejection | null;
}

/** What came of a submission: it is done (now or before), or asked again with the case as it is. */
export type Outcome<Case, Done> =
  | { readonly is: 'done'; readonly done: Done | null }
  | { readonly is: 'rejected'; readonly it: Case; readonly rejection: Rejection };

/** In whose name an action is carried out, when, and in which language it is answered. */
export interface ActionContext {
  readonly wall: Wall;
  readonly log: Pick<Logger, 'info'>;
  readonly language: Language;
  readonly by: ActorAt;
  readonly at: Date;
}

/** The context of a request. */
export const actionContext = async (
  { wall, log, clock }: Pick<ActionContext, 'wall' | 'log'> & { readonly clock: { readonly now: () => Date } },
  language: Language,
  req: Request,
  res: Response,
): Promise<ActionContext> => ({ wall, log, language, by: await actorOf(wall, req, res), at: clock.now() });

const ALREADY = { is: 'done', done: null } as const;

/**
 * Carries out what a form asks for, once for each submission id, in one order for every action: was it done before →
 * what keeps it from being done → has the case changed since it was shown → the reason → what is done outside → one
 * transaction with the audit entry. Nothing outside is touched for a form that will not do.
 * @throws Failure 400 where the id was used for something else, and whatever the action throws.
 */
export function perform<Case, Done = null>(
  action: AdminAction<Case, Done>,
  submission: Submission,
  context: ActionContext,
): Promise<Outcome<Case, Done>> {
  const work = () => attempt(action, submission, context);
  return action.exclusively ? action.exclusively(work) : work();
}

async function attempt<Case, Done>(
  action: AdminAction<Case, Done>,
  submission: Submission,
  context: ActionContext,
): Promise<Outcome<Case, Done>> {
  if (await wasDone(action, submission, context)) return ALREADY;
  const it = await action.load();
  // The same form may have been carried out since it was looked for: then the case is another by its own doing.
  const reject = async (rejection: Rejection, of: Case = it): Promise<Outcome<Case, Done>> =>
    (await wasDone(action, submission, context)) ? ALREADY : { is: 'rejected', it: of, rejection };

  let result = (await action.recover?.(it, submission.id)) ?? null;
  if (result === null) {
    const errors = action.check?.(it) ?? null;
    if (errors === 'nothing') return ALREADY;
    const rejection =
      errors ?? changedRejection(action, it, submission, context) ?? unmeant(action, it, submission, context);
    if (rejection !== null) return reject(rejection);
    result = (await action.outside?.(it, submission.id)) ?? null;
  }
  if (result !== null && 'rejection' in result) return reject(result.rejection);
  const done = result?.done ?? null;

  const outcome = await record(action, submission, context, it, done);
  if (outcome === 'nothing') return ALREADY;
  if (typeof outcome === 'object') return reject(outcome);
  if (outcome === 'refused') {
    if (await wasDone(action, submission, context)) return ALREADY;
    return reject(changedRejectionOf(action, context), await action.load());
  }
  context.log.info(
    {
      action: action.name,
      actor: context.by.actor.id,
      ...(action.targetId === null ? {} : { target: action.targetId }),
      request: context.by.from.requestId,
    },
    'an admin action was carried out',
  );
  return { is: 'done', done };
}

/** Writes what was decided and its audit entry, both or neither. */
async function record<Case, Done>(
  action: AdminAction<Case, Done>,
  submission: Submission,
  context: ActionContext,
  loaded: Case,
  done: Done | null,
): Promise<'done' | 'nothing' | 'refused' | Rejection> {
  const { by, at } = context;
  try {
    return await action.wall.write(action.viewer, async (db) => {
      await action.lock?.(db);
      const it = action.reload ? await action.reload(db) : loaded;
      const errors = action.reload ? (action.check?.(it) ?? null) : null;
      if (errors === 'nothing') return 'nothing';
      // What was done outside has changed the case itself, and stands.
      if (errors !== null || (done === null && changedRejection(action, it, submission, context))) return 'refused';
      const reason = submission.reason === '' ? null : submission.reason;
      const draft = { ...by, id: submission.id, at, action: action.name, reason, ...action.entry(it, done) };
      if (!(await writeAudit(db, draft))) return 'refused';
      await action.write?.(db, it, submission);
      return 'done';
    });
  } catch (error) {
    const rejection = action.rejectionOf?.(error) ?? null;
    if (rejection === null) throw error;
    return rejection;
  }
}

/** Was this submission carried out? @throws Failure 400 where its id stands for something else. */
async function wasDone<Case, Done>(
  { name, targetId }: AdminAction<Case, Done>,
  { id }: Submission,
  { wall, by }: ActionContext,
): Promise<boolean> {
  const entry = await wall.read(accountsViewer, (db) =>
    db.auditEntry.findUnique({ where: { id }, select: { actorId: true, action: true, targetId: true } }),
  );
  if (entry === null) return false;
  if (entry.actorId !== by.actor.id || entry.action !== name || entry.targetId !== targetId)
    throw new Failure(400, 'the form was used for something else');
  return true;
}

const changedRejectionOf = <Case, Done>(
  { changed = 'admin.wrong.changed' }: AdminAction<Case, Done>,
  { language }: ActionContext,
): Rejection => ({ status: 409, error: language.say(changed) });

const changedRejection = <Case, Done>(
  action: AdminAction<Case, Done>,
  it: Case,
  { version }: Submission,
  context: ActionContext,
): Rejection | null =>
  action.version === undefined || action.version(it) === version ? null : changedRejectionOf(action, context);

/** What is missing of a reason and of consent, both at once. */
function unmeant<Case, Done>(
  action: AdminAction<Case, Done>,
  it: Case,
  { reason }: Submission,
  { language: { say } }: ActionContext,
): Rejection | null {
  const reasonError =
    action.reason === 'required' && reason === ''
      ? say('admin.wrong.reason.missing')
      : [...reason].length > LONGEST_REASON
        ? say('admin.wrong.reason.long')
        : null;
  const consents = action.consent?.(it) ?? true;
  if (reasonError === null && consents) return null;
  return { status: 422, ...(reasonError === null ? {} : { reasonError }) };
}
