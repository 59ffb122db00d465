import type { Request, Response } from 'express';
import {
  AUTHOR_AUDIT_ACTIONS,
  CATEGORY_AUDIT_ACTIONS,
  FRONT_AUDIT_ACTIONS,
  ISSUE_AUDIT_ACTIONS,
  ORGANIZATION_AUDIT_ACTIONS,
  SAMPLE_AUDIT_ACTIONS,
} from '../briefings/writing/audit-actions';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import type { DeskFrame, Link } from './page-types';
import { editorOf } from './staff';

/** The sections of the desk by the last part of their address, in the order of the tabs. */
const SECTIONS = {
  list: '',
  calendar: '/calendar',
  front: '/front',
  issues: '/issues',
  categories: '/categories',
  authors: '/authors',
  organizations: '/organizations',
  pages: '/pages',
  import: '/import',
  confidence: '/confidence',
} as const;
export type DeskSection = keyof typeof SECTIONS;

/** Everything a section can say has just been done. Whatever else an address claims was not. */
const NOTICES = [
  'saved',
  'kept',
  'discarded',
  'submitted',
  'returned',
  'scheduled',
  'unscheduled',
  'published',
  'unpublished',
  'archived',
  'deleted',
  'restored',
  'corrected',
  'withdrawn',
  'ruled',
  'covered',
  'uncovered',
  'pictured',
  'unpictured',
  'put-back',
  'recovered',
  'revision-closed',
  'revision-reopened',
  'issue-tested',
  ...CATEGORY_AUDIT_ACTIONS,
  ...FRONT_AUDIT_ACTIONS,
  ...AUTHOR_AUDIT_ACTIONS,
  ...ORGANIZATION_AUDIT_ACTIONS,
  ...ISSUE_AUDIT_ACTIONS,
  ...SAMPLE_AUDIT_ACTIONS,
] as const;
export type DeskNotice = (typeof NOTICES)[number];

/** What readers see at once, where they can meet the briefing at all. */
const SEEN_LIVE: readonly DeskNotice[] = ['published', 'restored', 'corrected', 'withdrawn'];

/** What stands around a section; `trail` leads from it to a page further in, `live` to the page that readers have. */
export function deskFrame(
  language: Language,
  req: Request,
  section: DeskSection,
  heading: string,
  trail: readonly Link[] = [],
  live: Link | null = null,
): DeskFrame {
  const { say, prefix } = language;
  const done = req.method === 'POST' ? undefined : NOTICES.find((one) => one === req.query['done']);
  return {
    label: say('desk.label'),
    heading,
    tabs: (Object.keys(SECTIONS) as DeskSection[]).map((one) => ({
      label: say(`desk.section.${one}`),
      href: `${prefix}/desk${SECTIONS[one]}`,
      current: one !== section ? null : trail.length === 0 ? ('page' as const) : ('true' as const),
    })),
    trail,
    sections: [],
    done: done === undefined ? null : say(`desk.done.${done}`),
    then: done !== undefined && SEEN_LIVE.includes(done) ? live : null,
  };
}

/** Answers with a page of the desk: for whoever works there, kept nowhere and found by no search engine. */
export async function renderDesk(
  site: SiteContext,
  language: Language,
  req: Request,
  res: Response,
  view: string,
  path: string,
  page: { readonly frame: DeskFrame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, {
    title: page.frame.heading,
    path,
    noindex: true,
    audience: 'member',
    role: editorOf(res).role,
  });
  res.status(status);
  await respond(req, res, `desk/${view}`, { layout, page });
}

/** A moment as the desk says it: to the minute, and in which zone. */
export function formatMoment(language: Language, time: Date): { iso: string; text: string } {
  return { iso: time.toISOString(), text: language.moment(time) };
}
