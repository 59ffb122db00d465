import type { Request, RequestHandler, Response } from 'express';
import { accountFrame, type Notice } from '../accounts/own/frame';
import { layoutOf } from '../http/layout/page-layout';
import { formsMayLeadTo } from '../http/headers';
import { respond } from '../http/respond';
import { Failure } from '../lib/failure';
import type { Language } from '../lib/language';
import type { BillingLimits } from './limits';
import type { AccountFrame } from '../accounts/own/page-types';
import type { BillingParts } from './parts';

/** What the pages of billing are made of. */
export interface BillingPageParts extends BillingParts {
  readonly limits: BillingLimits;
  /** Is told how far the way to paying for a tier has led that began where they want to go back to. */
  readonly joining: (tier: string, step: 'begun' | 'done', next: string | null) => void;
}

/**
 * Lets nobody on who is not logged in: they are shown the way in, and come back to the address they asked for, or to
 * `back` when they sent a form. Whoever cannot be proved just now is told so (503).
 */
export function loggedIn({ prefix }: Language, back: string | ((req: Request) => string)): RequestHandler {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'private, no-store');
    const { account, unverified } = res.locals.reader;
    if (unverified) return next(new Failure(503, 'who wants to pay could not be proved'));
    if (account?.loginId) return next();
    const to =
      req.method === 'GET' || req.method === 'HEAD'
        ? req.originalUrl
        : `${prefix}${typeof back === 'string' ? back : back(req)}`;
    res.redirect(303, `${prefix}/login?next=${encodeURIComponent(to)}`);
  };
}

/** The address of the billing section, with what it should say has been done. */
export function billingPath({ prefix }: Language, done?: Notice): string {
  return `${prefix}/account/billing${done === undefined ? '' : `?done=${done}`}`;
}

/** The frame that stands around every page of the section. */
export const billingFrame = (language: Language, req: Request, res: Response): AccountFrame =>
  accountFrame(language, req, res, 'billing');

/** Answers with a page of the section: nobody's but its owner's, and with forms that may lead on to Stripe. */
export async function renderBilling<Page extends { readonly frame: AccountFrame }>(
  { site, hostedOrigins }: BillingPageParts,
  language: Language,
  req: Request,
  res: Response,
  view: string,
  page: Page,
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, {
    title: language.say('account.billing.tab'),
    path: '/account/billing',
    noindex: true,
    audience: 'member',
    role: res.locals.reader.account?.role,
  });
  formsMayLeadTo(res, hostedOrigins);
  res.status(status);
  await respond(req, res, `billing/${view}`, { layout, page });
}
