import { Router, type Request, type Response } from 'express';
import type { InvitationState } from '../../access/invitations';
import { accountsViewer } from '../../access/viewer';
import { resendInvitation } from '../../accounts/invitations/rows';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { confirmForm } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readSubmission, versionOf, type Fields } from '../action/submission';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly } from '../staff';
import { findInvitationRow, type InvitationRow } from './queries';

/** From which states an invitation can be sent again, and taken back. */
export const RESENDABLE: readonly InvitationState[] = ['waiting', 'expired', 'void'];
export const REVOCABLE: readonly InvitationState[] = ['waiting', 'expired', 'void'];

const ACTIONS = { resend: RESENDABLE, revoke: REVOCABLE } as const;
type Name = keyof typeof ACTIONS;
const AUDIT_NAMES = { resend: 'invitation-resent', revoke: 'invitation-revoked' } as const;

/** Milliseconds after a letter in which none is sent again: whoever presses twice means one. */
const REST = 60_000;

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
  readonly name: Name;
}

/** `/admin/staff/invitations/:id/resend` and `/revoke`: asked first, then done with its audit entry. */
export function invitationActionRoutes(parts: AdminParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const name of Object.keys(ACTIONS) as Name[]) {
    const context: Context = { parts, language, name };
    router
      .route(`/admin/staff/invitations/:id/${name}`)
      .all(staffOnly(language, ['admin']))
      .get(async (req, res) => show(context, req, res, await load(context, req)))
      .post(formBody, (req, res) => confirm(context, req, res))
      .all(onlyMethods('GET', 'HEAD', 'POST'));
  }
  return router;
}

async function read(db: WallTransaction, id: string, now: Date): Promise<InvitationRow> {
  const row = await findInvitationRow(db, id, now);
  if (!row) throw notFound('an invitation');
  return row;
}

function readInvitationId(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('an invitation');
  return id;
}

const load = ({ parts: { wall, loginClock } }: Context, req: Request): Promise<InvitationRow> => {
  const id = readInvitationId(req);
  return wall.read(accountsViewer, (db) => read(db, id, loginClock.now()));
};

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language, name } = context;
  const id = readInvitationId(req);
  const submission = readSubmission(req);
  const action = actionOf(context, id, staffOf(res).id);
  const carriedOut = await actionContext({ ...parts, clock: parts.loginClock }, language, req, res);
  const outcome = await perform(action, submission, carriedOut);
  if (outcome.is === 'rejected') return show(context, req, res, outcome.it, submission.fields, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/staff`, { done: AUDIT_NAMES[name] }));
}

function actionOf({ parts, language, name }: Context, id: string, by: string): AdminAction<InvitationRow> {
  const { wall, loginClock } = parts;
  return {
    name: AUDIT_NAMES[name],
    targetId: id,
    reason: 'optional',
    changed: 'admin.invitation.changed',
    load: () => wall.read(accountsViewer, (db) => read(db, id, loginClock.now())),
    check: (row) => {
      const refused = refusalOf(language, name, row, loginClock.now());
      return refused === null ? null : { status: 409, refused };
    },
    version: versionOfRow,
    wall,
    viewer: accountsViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM invitations WHERE id = ${id}::uuid FOR UPDATE`,
    reload: (db) => read(db, id, loginClock.now()),
    entry: ({ email, role }) => ({
      target: { kind: 'invitation', id, name: email },
      before: null,
      after: { role },
    }),
    write: async (db, row) => {
      const now = loginClock.now();
      if (name === 'resend') return resendInvitation(db, row, by, now);
      await db.invitation.update({ where: { id }, data: { revokedAt: now }, select: { id: true } });
    },
  };
}

/** Why it cannot be done, in words; null: it can. */
function refusalOf({ say }: Language, name: Name, { state, sentAt }: InvitationRow, now: Date): string | null {
  if (!ACTIONS[name].includes(state)) return say(`admin.invitation.refused.${state}`);
  return name === 'resend' && now.getTime() - sentAt.getTime() < REST ? say('admin.invitation.refused.rest') : null;
}

const versionOfRow = ({ state, sentAt, acceptedAt, revokedAt }: InvitationRow): string =>
  versionOf([state, sentAt, acceptedAt, revokedAt]);

async function show(
  { parts, language, name }: Context,
  req: Request,
  res: Response,
  row: InvitationRow,
  fields: Fields = {},
  rejection: Rejection | null = null,
): Promise<void> {
  const { say, prefix } = language;
  const key = `admin.action.invitation-${name}`;
  const refused = rejection?.refused ?? refusalOf(language, name, row, parts.loginClock.now());
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'staff', say(`${key}.heading`)),
    back: { label: say('admin.staff.back'), href: `${prefix}/admin/staff` },
    who: { name: row.email, email: say(`admin.role.${row.role}`) },
    text: say(`${key}.text`),
    refused,
    error: rejection?.error ?? null,
    ...{ choice: null, changes: [], charges: [] },
    happens: refused === null ? [say(`${key}.happens`)] : [],
    sure:
      refused === null
        ? confirmForm(language, {
            action: `${prefix}/admin/staff/invitations/${row.id}/${name}`,
            chosen: {},
            version: versionOfRow(row),
            why: 'remark',
            typed: fields['remark'],
            rejection,
            submit: say(`${key}.submit`),
            grave: name === 'revoke',
          })
        : null,
  };
  const path = `/admin/staff/invitations/${row.id}/${name}`;
  await renderAdmin(parts.site, language, req, res, 'action', path, page, rejection?.status ?? 200);
}
