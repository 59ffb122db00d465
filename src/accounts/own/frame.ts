import type { Request, Response } from 'express';
import { layoutOf, type House } from '../../http/house';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import { ownerOf } from './owner';
import type { Frame } from './page-types';

/** The rooms of an account, by the last part of their address, in the order of the tabs. */
const ROOMS = {
  membership: '',
  billing: '/billing',
  profile: '/profile',
  security: '/security',
  tokens: '/tokens',
  data: '/data',
} as const;
export type Room = keyof typeof ROOMS;

/** Everything a room can say has just been done. Whatever else an address claims was not. */
const DONE = [
  'profile-saved',
  'letter-sent',
  'address-verified',
  'address-changed',
  'email-asked',
  'password-changed',
  'session-ended',
  'sessions-ended',
  'token-revoked',
  'subscribed-already',
  'plan-changed',
  'subscription-ends',
  'subscription-kept',
  'subscription-ended',
  'looked',
] as const;
export type Done = (typeof DONE)[number];

/** The address of a room, with what it should say has been done. */
export function roomAddress({ prefix }: Language, room: Room, done?: Done): string {
  return `${prefix}/account${ROOMS[room]}${done === undefined ? '' : `?done=${done}`}`;
}

/** The frame of a room. */
export function frameOf(language: Language, req: Request, res: Response, room: Room): Frame {
  const { say } = language;
  const done = DONE.find((one) => one === req.query['done']);
  return {
    label: say('account.label'),
    heading: room === 'membership' ? ownerOf(res).name : say(`account.${room}.heading`),
    tabs: (Object.keys(ROOMS) as Room[])
      .filter((one) => one !== 'billing' || room === 'billing' || hasSubscribed(res))
      .map((one) => ({ label: say(`account.${one}.tab`), href: roomAddress(language, one), current: one === room })),
    done: done === undefined || req.method === 'POST' ? null : say(`account.done.${done}`),
  };
}

/** Is or was there a subscription? Then there is something to see of it. */
function hasSubscribed({ locals: { reader } }: Response): boolean {
  return reader.standing?.chain.some(({ grant }) => grant.source === 'SUBSCRIPTION') ?? false;
}

/** Answers with a room: nobody's but its owner's, and kept nowhere. */
export async function showRoom(
  house: House,
  language: Language,
  req: Request,
  res: Response,
  room: Room,
  view: string,
  page: { readonly frame: Frame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(house, language, {
    title: language.say(`account.${room}.tab`),
    path: `/account${ROOMS[room]}`,
    noindex: true,
    audience: 'member',
    role: res.locals.reader.account?.role,
  });
  res.status(status);
  await respond(req, res, `accounts/${view}`, { layout, page });
}
