import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { isLastAdmin } from '../../accounts/last-admin';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFields, readMemberId, readSubmission, versionOf, type Fields } from '../action/submission';
import { withQuery } from '../fields';
import { renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly, type Staff } from '../staff';
import { nameTiers } from '../tier-names';
import { actionPage, type MemberCase } from './action-page';
import type { MemberAction, Prepared } from './actions/action';
import { readMember, type MemberRead } from './member';

interface Context {
  readonly parts: AdminParts;
  readonly action: MemberAction;
  readonly language: Language;
}

/**
 * Asks before an action, saying exactly what will happen, and carries it out when it is meant: with its audit entry, in
 * one transaction.
 */
export function memberActionRoutes(parts: AdminParts, action: MemberAction, language: Language): Router {
  const context: Context = { parts, action, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`/admin/members/:id/${action.name}`)
    .all(staffOnly(language, action.roles))
    .get((req, res) => ask(context, req, res))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock } = context.parts;
  const id = readMemberId(req);
  const fields = readFields(req.query);
  const now = clock.now();
  const it = await wall.read(accountsViewer, (db) => readCase(db, context, { id, fields, now, staff: staffOf(res) }));
  await show(context, req, res, it, fields);
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, action, language } = context;
  const id = readMemberId(req);
  const submission = readSubmission(req);
  const carriedOut = await actionContext(parts, language, req, res);
  const asked = { id, fields: submission.fields, now: carriedOut.at, staff: staffOf(res) };
  const outcome = await perform(adminActionOf(context, asked), submission, carriedOut);
  if (outcome.is === 'rejected') return show(context, req, res, outcome.it, submission.fields, outcome.rejection);
  parts.accountChanged(id);
  await outcome.done
    ?.leaveAgain()
    .catch((error: unknown) =>
      parts.log.error(
        { err: error },
        'an account is deleted, and what was begun meanwhile to be paid for it could not be ended',
      ),
    );
  const section = `${language.prefix}/admin/members`;
  res.redirect(303, withQuery(action.name === 'delete' ? section : `${section}/${id}`, { done: action.name }));
}

interface MemberRequest {
  readonly id: string;
  readonly fields: Fields;
  readonly now: Date;
  readonly staff: Staff;
}

async function readCase(
  db: WallTransaction,
  { action, language }: Context,
  { id, fields, now, staff }: MemberRequest,
): Promise<MemberCase> {
  const tiers = await nameTiers(db, language);
  const member = await readMember(db, id, tiers, now);
  if (!member) throw notFound('a member');
  const prepared: Prepared =
    member.id === staff.id
      ? { is: 'refused', why: language.say('admin.refused.self') }
      : action.prepare({ member, tiers, now, language, asked: fields });
  return { member, prepared, version: versionOfMember(member) };
}

/** What happens outside of our records before a deletion, and once more after it. */
interface Deletion {
  readonly leaveAgain: () => Promise<void>;
}

function adminActionOf(context: Context, request: MemberRequest): AdminAction<MemberCase, Deletion> {
  const { parts, action, language } = context;
  const { id } = request;
  return {
    name: action.name,
    targetId: id,
    reason: action.reasoned ? 'required' : 'optional',
    load: () => parts.wall.read(accountsViewer, (db) => readCase(db, context, request)),
    check: ({ prepared }) => (prepared.is === 'ready' ? null : { status: prepared.is === 'refused' ? 409 : 422 }),
    version: ({ version }) => version,
    ...(action.name === 'delete' ? { outside: () => endPayments(context, id) } : {}),
    wall: parts.wall,
    viewer: accountsViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${id}::uuid FOR UPDATE`,
    reload: (db) => readCase(db, context, request),
    entry: ({ member, prepared }) => ({
      target: { kind: 'account', id, name: member.email },
      before: prepared.is === 'ready' ? prepared.before : null,
      after: prepared.is === 'ready' ? prepared.after : null,
    }),
    write: async (db, { prepared }, { reason }) => {
      if (prepared.is === 'ready') await prepared.act(db, reason === '' ? null : reason);
    },
    rejectionOf: (error) =>
      isLastAdmin(error) ? { status: 409, refused: language.say('admin.refused.last-admin') } : null,
  };
}

/** Ends what is paid for an account that is to be deleted. */
async function endPayments({ parts, language }: Context, id: string) {
  try {
    return { done: { leaveAgain: await parts.beforeDeletion(id) } };
  } catch (error) {
    parts.log.error({ err: error }, 'an account could not be deleted: what is paid for it could not be ended');
    return { rejection: { status: 503, refused: language.say('admin.refused.unpaid') } } as const;
  }
}

async function show(
  { parts, action, language }: Context,
  req: Request,
  res: Response,
  it: MemberCase,
  fields: Fields,
  rejection: Rejection | null = null,
): Promise<void> {
  const page = await actionPage({ parts, action, language, req, res }, it, fields, rejection);
  const { prepared, member } = it;
  const wrongChoice = prepared.is === 'open' && prepared.fields.some((field) => field.error !== null);
  const path = `/admin/members/${member.id}/${action.name}`;
  const status = wrongChoice ? 422 : (rejection?.status ?? 200);
  await renderAdmin(parts.site, language, req, res, 'action', path, page, status);
}

/** The facts of a member that a decision rests on. */
function versionOfMember({ role, state, verifiedAt, grants, email, handover }: MemberRead): string {
  const rights = grants.map(({ id, until, revokedAt }) => [id, until, revokedAt]).sort();
  return versionOf([role, state, verifiedAt, email, rights, handover.begun]);
}
