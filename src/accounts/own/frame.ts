import type { Request, Response } from 'express';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import { ownerOf } from './owner';
import type { AccountFrame } from './page-types';

/** The sections of an account, by the last part of their address, in the order of the tabs. */
const SECTIONS = {
  membership: '',
  billing: '/billing',
  reading: '/reading-list',
  gifts: '/gifts',
  profile: '/profile',
  security: '/security',
  letters: '/letters',
  feed: '/feed',
  tokens: '/tokens',
  data: '/data',
} as const;
export type AccountSection = keyof typeof SECTIONS;

/** Everything a section can say has just been done. Whatever else an address claims was not. */
const NOTICES = [
  'profile-saved',
  'letter-sent',
  'address-verified',
  'address-changed',
  'email-asked',
  'password-changed',
  'session-ended',
  'sessions-ended',
  'token-revoked',
  'feed-ended',
  'letters-chosen',
  'followed',
  'unfollowed',
  'reading-kept',
  'reading-removed',
  'gift-revoked',
  'subscribed-already',
  'plan-changed',
  'subscription-ends',
  'subscription-kept',
  'subscription-ended',
  'subscription-closed',
  'looked',
] as const;
export type Notice = (typeof NOTICES)[number];

/** The address of a section, with what it should say has been done. */
export function sectionPath({ prefix }: Language, section: AccountSection, done?: Notice): string {
  return `${prefix}/account${SECTIONS[section]}${done === undefined ? '' : `?done=${done}`}`;
}

/** The frame of a section. */
export function accountFrame(language: Language, req: Request, res: Response, section: AccountSection): AccountFrame {
  const { say } = language;
  const done = NOTICES.find((one) => one === req.query['done']);
  return {
    label: say('account.label'),
    heading: section === 'membership' ? ownerOf(res).name : say(`account.${section}.heading`),
    tabs: (Object.keys(SECTIONS) as AccountSection[])
      .filter((one) => one !== 'billing' || section === 'billing' || hasSubscribed(res))
      .map((one) => ({ label: say(`account.${one}.tab`), href: sectionPath(language, one), current: one === section })),
    done: done === undefined || req.method === 'POST' ? null : say(`account.done.${done}`),
  };
}

/** Is or was there a subscription? Then there is something to see of it. */
function hasSubscribed({ locals: { reader } }: Response): boolean {
  return reader.access?.grants.some(({ grant }) => grant.source === 'SUBSCRIPTION') ?? false;
}

/** Answers with a section: nobody's but its owner's, and kept nowhere. */
export async function renderSection(
  site: SiteContext,
  language: Language,
  req: Request,
  res: Response,
  section: AccountSection,
  view: string,
  page: { readonly frame: AccountFrame },
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, {
    title: language.say(`account.${section}.tab`),
    path: `/account${SECTIONS[section]}`,
    noindex: true,
    audience: 'member',
    role: res.locals.reader.account?.role,
  });
  res.status(status);
  await respond(req, res, `accounts/${view}`, { layout, page });
}
