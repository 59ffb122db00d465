import { Router, type Request, type Response } from 'express';
import { invitationState, STAFF_ROLES, type StaffRole } from '../../access/invitations';
import { accountsViewer } from '../../access/viewer';
import { email as emailShape, emailFault, wrongOf, type FieldErrors } from '../../accounts/forms';

import { invite, INVITER_COLUMNS, inviterFacts } from '../../accounts/invitations/rows';

import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { isTwice } from '../../stores/postgres/violations';
import type { WallTransaction } from '../../stores/postgres/wall';
import { submissionFields } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFormFields, submissionOf, type Fields } from '../action/submission';
import { inputField, selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly } from '../staff';
import type { InvitePage } from './page-types';

const AUDIT_NAME = 'invitation-sent';

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/** What was typed, and what keeps it from being sent. */
interface InviteCase {
  readonly email: string;
  readonly role: StaffRole | null;
  readonly lang: string;
  readonly wrong: FieldErrors;
}

/** `/admin/staff/invite`: an address, a role and the language of the letter. */
export function inviteRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/staff/invite')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res, {}, {}))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const fields = readFormFields(req);
  const submission = submissionOf(fields);
  const action = inviteAction(context, fields, submission.id, staffOf(res).id);
  const carriedOut = await actionContext({ ...parts, clock: parts.loginClock }, language, req, res);
  const outcome = await perform(action, submission, carriedOut);
  if (outcome.is === 'rejected') return show(context, req, res, fields, outcome.it.wrong, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/staff`, { done: AUDIT_NAME }));
}

/** The invitation has the id of its submission, and so is made once. */
function inviteAction(context: Context, fields: Fields, id: string, inviterId: string): AdminAction<InviteCase> {
  const { wall, loginClock } = context.parts;
  return {
    name: AUDIT_NAME,
    targetId: id,
    reason: 'optional',
    load: () => wall.read(accountsViewer, (db) => readCase(db, context, fields, inviterId)),
    check: ({ wrong: errors }) => (Object.keys(errors).length === 0 ? null : { status: 422 }),
    wall,
    viewer: accountsViewer,
    reload: (db) => readCase(db, context, fields, inviterId),
    entry: ({ email, role }) => ({ target: { kind: 'invitation', id, name: email }, before: null, after: { role } }),
    write: async (db, { email, role, lang }) => {
      if (role !== null) await invite(db, { id, email, role, lang, inviterId }, loginClock.now());
    },
    // Two who invite the same address at once: one of them has.
    rejectionOf: (error) =>
      isTwice(error) ? { status: 409, error: context.language.say('admin.invite.wrong.waiting') } : null,
  };
}

async function readCase(
  db: WallTransaction,
  { parts }: Context,
  fields: Fields,
  inviterId: string,
): Promise<InviteCase> {
  const { email: typed = '', role: chosen, lang = '' } = fields;
  const parsed = emailShape.safeParse(typed);
  const role = STAFF_ROLES.find((one) => one === chosen) ?? null;
  const email = parsed.data ?? '';
  const errors = wrongOf({
    email: emailFault(typed) ?? (parsed.success ? await faultOf(db, email, inviterId, parts.loginClock.now()) : null),
    role: role === null ? 'admin.wrong.role' : null,
    lang: parts.site.languages.all.some(({ code }) => code === lang) ? null : 'admin.invite.wrong.lang',
  });
  return { email, role, lang, wrong: errors };
}

/** Why somebody with this address cannot be invited, as the key of a sentence; null: they can. */
async function faultOf(db: WallTransaction, email: string, inviterId: string, now: Date): Promise<string | null> {
  const account = await db.account.findUnique({ where: { email }, select: { id: true, role: true, state: true } });
  if (account?.id === inviterId) return 'admin.invite.wrong.own';
  if (account?.state === 'suspended') return 'admin.invite.wrong.suspended';
  if (account && account.role !== 'reader') return 'admin.invite.wrong.works';
  const open = await db.invitation.findFirst({
    where: { email, acceptedAt: null, revokedAt: null },
    include: { inviter: INVITER_COLUMNS },
  });
  if (!open || invitationState({ ...open, inviter: inviterFacts(open.inviter) }, now) !== 'waiting') return null;
  return 'admin.invite.wrong.waiting';
}

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  { email = '', role = '', lang = language.code }: Fields,
  errors: FieldErrors,
  rejection: Rejection | null = null,
): Promise<void> {
  const { say, prefix } = language;
  const errorOf = (name: string) => ({ error: errors[name] === undefined ? null : say(errors[name]) });
  const page: InvitePage = {
    frame: adminFrame(language, req, res, 'staff', say('admin.invite.heading')),
    back: `${prefix}/admin/staff`,
    action: `${prefix}/admin/staff/invite`,
    error: rejection?.error ?? null,
    fields: [
      inputField(language, 'email', 'text', email, errorOf('email')),
      selectField(
        language,
        'role',
        role,
        STAFF_ROLES.map((value) => ({ value, label: say(`admin.role.${value}`) })),
        { any: say('admin.invite.choose'), ...errorOf('role') },
      ),
      {
        ...selectField(
          language,
          'lang',
          lang,
          parts.site.languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) })),
          errorOf('lang'),
        ),
        hint: say('admin.invite.lang.hint'),
      },
    ],
    hidden: submissionFields(null, rejection?.submission),
  };
  await renderAdmin(parts.site, language, req, res, 'invite', '/admin/staff/invite', page, rejection?.status ?? 200);
}
