import type { Request, Response } from 'express';
import { CATEGORY_DEEDS } from '../briefings/writing/audit-actions';
import { layoutOf, type House } from '../http/house';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import type { Frame, Link } from './page-types';
import { editorOf } from './staff';

/** The rooms of the desk by the last part of their address, in the order of the tabs. */
const ROOMS = {
  list: '',
  calendar: '/calendar',
  categories: '/categories',
  import: '/import',
  confidence: '/confidence',
} as const;
export type DeskRoom = keyof typeof ROOMS;

/** Everything a room can say has just been done. Whatever else an address claims was not. */
const DONE = [
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
  ...CATEGORY_DEEDS,
] as const;
export type Done = (typeof DONE)[number];

/** What stands around a room; `trail` leads from it to a page further in. */
export function frameOf(
  language: Language,
  req: Request,
  room: DeskRoom,
  heading: string,
  trail: readonly Link[] = [],
): Frame {
  const { say, prefix } = language;
  const done = req.method === 'POST' ? undefined : DONE.find((one) => one === req.query['done']);
  return {
    label: say('desk.label'),
    heading,
    tabs: (Object.keys(ROOMS) as DeskRoom[]).map((one) => ({
      label: say(`desk.room.${one}`),
      href: `${prefix}/desk${ROOMS[one]}`,
      current: one === room && trail.length === 0,
    })),
    trail,
    rooms: [],
    done: done === undefined ? null : say(`desk.done.${done}`),
  };
}

/** Answers with a page of the desk: for whoever works there, kept nowhere and found by no search engine. */
export async function showDesk(
  house: House,
  language: Language,
  req: Request,
  res: Response,
  view: string,
  path: string,
  page: { readonly frame: Frame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(house, language, {
    title: page.frame.heading,
    path,
    noindex: true,
    audience: 'member',
    role: editorOf(res).role,
  });
  res.status(status);
  await respond(req, res, `desk/${view}`, { layout, page });
}

/** A moment as the desk says it: to the minute, in UTC, and says so. */
export function sayMoment(language: Language, time: Date): { iso: string; text: string } {
  const text = new Intl.DateTimeFormat(language.code, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(time);
  return { iso: time.toISOString(), text: `${text} UTC` };
}
