import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { INVITATION_STATES } from '../../access/invitations';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { onlyMethods } from '../../http/errors';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { AdminParts } from '../parts';
import { staffOf, staffOnly } from '../staff';
import { RESENDABLE, REVOCABLE } from './action-routes';
import type { InvitationLine, StaffLine, StaffPage } from './page-types';
import { listInvitations, listStaff, type InvitationRow } from './queries';

/** Invitations on a page, and colleagues that are shown. */
const ON_A_PAGE = 25;
const MOST_STAFF = 100;

const schema = z.object({
  state: z.union([z.literal('').transform(() => undefined), z.enum(INVITATION_STATES)]).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
});

/** `/admin/staff`: who works here, and who was invited to. */
export function staffListRoutes(parts: AdminParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/staff')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(parts: AdminParts, language: Language, req: Request, res: Response): Promise<void> {
  const parsed = schema.safeParse(req.query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for in this list');
  const { state, page: number } = parsed.data;
  const now = parts.loginClock.now();
  const { staff, rows } = await parts.wall.read(accountsViewer, async (db) => ({
    staff: await listStaff(db, MOST_STAFF + 1),
    rows: await listInvitations(db, { state, skip: (number - 1) * ON_A_PAGE, take: ON_A_PAGE + 1, now }),
  }));
  const { say, prefix } = language;
  const path = `${prefix}/admin/staff`;
  const at = (page: number) => withQuery(path, { state, page: page === 1 ? undefined : String(page) });
  const page: StaffPage = {
    frame: adminFrame(language, req, res, 'staff', say('admin.staff.heading')),
    inviteHref: `${path}/invite`,
    staff: staff.slice(0, MOST_STAFF).map((one) => staffLine(language, one, staffOf(res).id)),
    allHref: staff.length > MOST_STAFF ? `${prefix}/admin/members` : null,
    filter: {
      action: path,
      fields: [
        selectField(
          language,
          'state',
          state ?? '',
          INVITATION_STATES.map((value) => ({ value, label: say(`admin.invitation.state.${value}`) })),
          { any: say('admin.any') },
        ),
      ],
      all: state === undefined ? null : path,
    },
    invitations: rows.slice(0, ON_A_PAGE).map((row) => invitationLine(language, row)),
    steps: { previous: number > 1 ? at(number - 1) : null, next: rows.length > ON_A_PAGE ? at(number + 1) : null },
  };
  await renderAdmin(parts.site, language, req, res, 'staff', '/admin/staff', page);
}

function staffLine(language: Language, one: Awaited<ReturnType<typeof listStaff>>[number], self: string): StaffLine {
  const { say, prefix } = language;
  const href = `${prefix}/admin/members/${one.id}`;
  const hasFactor = one.totpConfirmedAt !== null || one.passkeys.length > 0;
  const role = say(`admin.role.${one.role}`);
  const action = (label: string, query: string) => ({
    label: say(label),
    href: `${href}/role${query}`,
    hiddenText: one.name,
  });
  return {
    ...{ href, role, name: one.name, email: one.email },
    waits:
      one.state === 'suspended' ? say('admin.status.suspended') : hasFactor ? null : say('admin.role.waits', { role }),
    actions: one.id === self ? [] : [action('admin.action.role.name', ''), action('admin.staff.leave', '?role=reader')],
  };
}

/** One invitation as the list says it. */
function invitationLine(language: Language, row: InvitationRow): InvitationLine {
  const { say, prefix } = language;
  const moment = (time: Date) => formatMoment(language, time);
  const at = `${prefix}/admin/staff/invitations/${row.id}`;
  const action = (name: 'resend' | 'revoke') => ({
    label: say(`admin.action.invitation-${name}.name`),
    href: `${at}/${name}`,
    hiddenText: row.email,
  });
  const by = row.inviterName ?? say('admin.invitation.nobody');
  return {
    email: row.email,
    role: say(`admin.role.${row.role}`),
    state: say(`admin.invitation.state.${row.state}`),
    waiting: row.state === 'waiting',
    notes: [
      say('admin.invitation.sent', { moment: moment(row.sentAt), name: by }),
      ...(row.state === 'waiting' ? [say('admin.invitation.until', { moment: moment(row.expiresAt) })] : []),
      ...(row.acceptedAt === null ? [] : [say('admin.invitation.accepted', { moment: moment(row.acceptedAt) })]),
      ...(row.revokedAt === null ? [] : [say('admin.invitation.revoked', { moment: moment(row.revokedAt) })]),
      ...(row.state === 'void' ? [say('admin.invitation.void')] : []),
    ],
    actions: [
      ...(RESENDABLE.includes(row.state) ? [action('resend')] : []),
      ...(REVOCABLE.includes(row.state) ? [action('revoke')] : []),
    ],
  };
}
