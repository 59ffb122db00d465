import type { Request, RequestHandler, Response } from 'express';
import type { AccountRole } from '../access/account-access';
import { formPage } from '../http/form-page';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { byAccount, type ActorAt } from '../membership/actor';
import '../membership/reader';
import type { Wall } from '../stores/postgres/wall';

/** Somebody who works in these sections, their role in force. */
export interface Staff {
  readonly id: string;
  readonly name: string;
  readonly role: 'support' | 'admin';
}

const ROLES = ['support', 'admin'] as const;
const isStaff = (role: AccountRole): role is Staff['role'] => ROLES.some((one) => one === role);

/**
 * Lets in whoever has one of these roles with its second factor. Somebody without a session is shown the way in;
 * whoever was given the role and lacks the factor, the way to it; support is told that this is not theirs to do, and to
 * everybody else the section is not there.
 */
export function staffOnly({ prefix }: Language, roles: readonly Staff['role'][] = ROLES): RequestHandler {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'private, no-store');
    const { account, unverified } = res.locals.reader;
    if (unverified) return next(new Failure(503, 'who wants into an admin section could not be proved'));
    if (!account?.loginId) {
      return res.redirect(303, `${prefix}/login?next=${encodeURIComponent(formPage(req, `${prefix}/admin`))}`);
    }
    if (isStaff(account.role))
      return next(roles.includes(account.role) ? undefined : new Failure(403, `not for ${account.role}`));
    if (isStaff(account.appointed)) return res.redirect(303, `${prefix}/account/second-factor`);
    next(notFound('an admin section'));
  };
}

/** Who is at work, behind `staffOnly`. @throws when a route forgot to stand behind it. */
export function staffOf(res: Response): Staff {
  const { account } = res.locals.reader;
  if (!account || !isStaff(account.role)) throw new Error('an admin section without staff');
  return { id: account.id, name: account.name, role: account.role };
}

/** What an audit entry says of who acts, by which address and from where. */
export const actorOf = (wall: Wall, req: Request, res: Response): Promise<ActorAt> =>
  byAccount(wall, staffOf(res).id, req, res);
