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

/** The admin sections by the last part of their address, in the order of the tabs, with those who may enter. */
const SECTIONS = {
  members: ['support', 'admin'],
  subscribers: ['support', 'admin'],
  letters: ['support', 'admin'],
  staff: ['admin'],
  billing: ['admin'],
  matrix: ['admin'],
  tiers: ['admin'],
  shape: ['admin'],
  settings: ['admin'],
  import: ['admin'],
  export: ['admin'],
  webhooks: ['admin'],
  numbers: ['admin'],
  health: ['admin'],
  audit: ['admin'],
} as const satisfies Record<string, readonly Staff['role'][]>;
export type AdminSection = keyof typeof SECTIONS;

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
  const open = (Object.keys(SECTIONS) as AdminSection[]).filter((one) =>
    (SECTIONS[one] as readonly string[]).includes(role),
  );
  return {
    label: say('admin.label'),
    heading,
    tabs: open.map((one) => ({
      label: say(`admin.section.${one}`),
      href: `${prefix}/admin/${one}`,
      current: one === section,
    })),
    warning: res.locals.forwardedIgnored ? say('admin.forwarded') : null,
    done: done === undefined ? null : say(`admin.done.${done}`),
  };
}

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
