import type { Request, Response } from 'express';
import { layoutOf, type House } from '../http/house';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import { BILLING_DONE } from './billing/deeds';
import type { Frame } from './page-types';
import { staffOf, type Staff } from './staff';
import { TIER_DEEDS } from './tiers/deeds';

/** The admin rooms by the last part of their address, in the order of the tabs, with those who may enter. */
const ROOMS = {
  members: ['support', 'admin'],
  billing: ['admin'],
  matrix: ['admin'],
  tiers: ['admin'],
  numbers: ['admin'],
  audit: ['admin'],
} as const satisfies Record<string, readonly Staff['role'][]>;
export type AdminRoom = keyof typeof ROOMS;

/** Everything a room can say has just been done. Whatever else an address claims was not. */
const DONE = [
  'comp',
  'extend',
  'revoke',
  'suspend',
  'unsuspend',
  'role',
  'reset-letter',
  'verification-letter',
  'end-sessions',
  'delete',
  ...BILLING_DONE,
  ...TIER_DEEDS,
] as const;

/** The frame of a room. */
export function frameOf(language: Language, req: Request, res: Response, room: AdminRoom, heading: string): Frame {
  const { say, prefix } = language;
  const { role } = staffOf(res);
  const done = req.method === 'POST' ? undefined : DONE.find((one) => one === req.query['done']);
  const open = (Object.keys(ROOMS) as AdminRoom[]).filter((one) => (ROOMS[one] as readonly string[]).includes(role));
  return {
    label: say('admin.label'),
    heading,
    tabs: open.map((one) => ({
      label: say(`admin.room.${one}`),
      href: `${prefix}/admin/${one}`,
      current: one === room,
    })),
    done: done === undefined ? null : say(`admin.done.${done}`),
  };
}

/** Answers with a page of a room: nobody's but the staff's, and kept nowhere. */
export async function showAdmin(
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
    role: staffOf(res).role,
  });
  res.status(status);
  await respond(req, res, `admin/${view}`, { layout, page });
}
