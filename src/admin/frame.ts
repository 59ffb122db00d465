import type { Request, Response } from 'express';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import { WEBHOOK_AUDIT_ACTIONS } from './audit/webhook-actions';
import { IMPORT_AUDIT_ACTIONS } from './audit/import-actions';
import { BILLING_NOTICES } from './billing/audit-actions';
import { SETTING_CHANGED } from '../site/settings/save';
import { INVITATION_AUDIT_ACTIONS } from './invitations/audit-actions';
import { PHRASE_AUDIT_ACTIONS } from './languages/audit-actions';
import type { AdminFrame } from './page-types';
import { staffOf, type Staff } from './staff';
import { SHAPE_AUDIT_ACTIONS } from './shape/audit-actions';
import { SUBSCRIBER_AUDIT_ACTIONS } from './subscribers/audit-actions';
import { TIER_AUDIT_ACTIONS } from './tiers/audit-actions';

const STAFF = ['support', 'admin'] as const;
const ADMINS = ['admin'] as const;

/**
 * The admin sections by the last part of their address, in the order of the tabs and grouped as they are shown, with
 * those who may enter.
 */
const GROUPS = {
  people: { members: STAFF, subscribers: STAFF, letters: STAFF, staff: ADMINS },
  access: { billing: ADMINS, tiers: ADMINS, matrix: ADMINS },
  publication: { settings: ADMINS, shape: ADMINS },
  data: { import: ADMINS, export: ADMINS, webhooks: ADMINS },
  operation: { numbers: ADMINS, health: ADMINS, audit: ADMINS },
} as const satisfies Record<string, Record<string, readonly Staff['role'][]>>;
type AdminGroup = keyof typeof GROUPS;
const GROUP_NAMES = Object.keys(GROUPS) as AdminGroup[];

export type AdminSection = { [G in AdminGroup]: keyof (typeof GROUPS)[G] }[AdminGroup];

/** Everything a section can say has just been done. Whatever else an address claims was not. */
const NOTICES = [
  'comp',
  'extend',
  'revoke',
  'suspend',
  'unsuspend',
  'role',
  'reset-letter',
  'verification-letter',
  'lift-mail-block',
  'end-sessions',
  'delete',
  ...BILLING_NOTICES,
  ...TIER_AUDIT_ACTIONS,
  ...SHAPE_AUDIT_ACTIONS,
  ...IMPORT_AUDIT_ACTIONS,
  ...WEBHOOK_AUDIT_ACTIONS,
  ...PHRASE_AUDIT_ACTIONS,
  ...INVITATION_AUDIT_ACTIONS,
  ...SUBSCRIBER_AUDIT_ACTIONS,
  SETTING_CHANGED,
] as const;

/** The frame of a section. */
export function adminFrame(
  language: Language,
  req: Request,
  res: Response,
  section: AdminSection,
  heading: string,
): AdminFrame {
  const { say, prefix } = language;
  const { role } = staffOf(res);
  const done = req.method === 'POST' ? undefined : NOTICES.find((one) => one === req.query['done']);
  return {
    label: say('admin.label'),
    heading,
    groups: GROUP_NAMES.map((name) => ({
      label: say(`admin.group.${name}`),
      tabs: openTo(role, name).map((one) => ({
        label: say(`admin.section.${one}`),
        href: `${prefix}/admin/${one}`,
        current: one === section,
      })),
    })).filter(({ tabs }) => tabs.length > 0),
    warning: res.locals.forwardedIgnored ? say('admin.forwarded') : null,
    done: done === undefined ? null : say(`admin.done.${done}`),
  };
}

/** The sections of a group that a role may enter. */
const openTo = (role: Staff['role'], group: AdminGroup): AdminSection[] =>
  Object.entries<readonly Staff['role'][]>(GROUPS[group])
    .filter(([, roles]) => roles.includes(role))
    .map(([name]) => name as AdminSection);

/** Answers with a page of a section: nobody's but the staff's, and kept nowhere. */
export async function renderAdmin(
  site: SiteContext,
  language: Language,
  req: Request,
  res: Response,
  view: string,
  path: string,
  page: { readonly frame: AdminFrame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, {
    title: page.frame.heading,
    path,
    noindex: true,
    audience: 'member',
    role: staffOf(res).role,
  });
  res.status(status);
  await respond(req, res, `admin/${view}`, { layout, page });
}
