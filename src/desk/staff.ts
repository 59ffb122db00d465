import type { Request, RequestHandler, Response } from 'express';
import { worksAtDesk } from '../access/account-access';
import { formPage } from '../http/form-page';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { byAccount, type ActorAt } from '../membership/actor';
import '../membership/reader';
import type { Wall } from '../stores/postgres/wall';

/** Somebody who works at the desk, their role in force. */
export interface Editor {
  readonly id: string;
  readonly role: 'editor' | 'admin';
}

/** Does a script of ours ask, which can say what is wrong without leaving the page? */
export const isScript = (req: Request): boolean => req.get('Accept') === 'application/json';

/**
 * Lets in whoever has the role of an editor or admin, with its second factor. Somebody without a session is shown the
 * way in (a script is told: 401), whoever was given the role and lacks the factor the way to it; to everybody else the
 * desk is not there.
 */
export function editorsOnly({ prefix }: Language): RequestHandler {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'private, no-store');
    const { account, unverified } = res.locals.reader;
    if (unverified) return next(new Failure(503, 'who wants to the desk could not be proved'));
    if (!account?.loginId) {
      if (isScript(req)) return void res.status(401).json({ outcome: 'logged-out' });
      return res.redirect(303, `${prefix}/login?next=${encodeURIComponent(formPage(req, `${prefix}/desk`))}`);
    }
    if (worksAtDesk(account.role)) return next();
    if (worksAtDesk(account.appointed)) return res.redirect(303, `${prefix}/account/second-factor`);
    next(notFound('the desk'));
  };
}

/** Who is at work, behind `editorsOnly`. @throws when a route forgot to stand behind it. */
export function editorOf(res: Response): Editor {
  const { account } = res.locals.reader;
  if (!account || !worksAtDesk(account.role)) throw new Error('a desk without an editor');
  return { id: account.id, role: account.role };
}

/** What an audit entry says of who acts, by which address and from where. */
export const actorOf = (wall: Wall, req: Request, res: Response): Promise<ActorAt> =>
  byAccount(wall, editorOf(res).id, req, res);
