import type { RequestHandler, Response } from 'express';
import { formPage } from '../../http/form-page';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';

/** Whose section this is, and through which login they came. */
export interface Owner {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
}

/**
 * Lets nobody into a section but its owner. Somebody without a session is shown the way in, and comes back here;
 * whoever cannot be proved just now is told so (503), and never sent to log in again and again.
 */
export function ownerOnly({ prefix }: Language): RequestHandler {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'private, no-store');
    const { account, unverified } = res.locals.reader;
    if (unverified) return next(new Failure(503, 'whose section this is could not be proved'));
    if (account?.loginId) return next();
    res.redirect(303, `${prefix}/login?next=${encodeURIComponent(formPage(req, `${prefix}/account`))}`);
  };
}

/** The owner, behind `ownerOnly`. @throws when a route forgot to stand behind it. */
export function ownerOf(res: Response): Owner {
  const { account } = res.locals.reader;
  if (!account?.loginId) throw new Error('a section without its owner');
  return { id: account.id, name: account.name, loginId: account.loginId };
}
