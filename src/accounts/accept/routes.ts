import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { consentOf } from '../../http/consent';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { owedBy, readShown, recordAcceptances } from '../../site/pages/acceptances';
import type { LinkPage } from '../links/pages';
import { safeNext } from '../login/next';
import { ownerOf } from '../own/owner';
import type { AccountParts } from '../own/parts';

const PATH = '/account/accept';

const accepting = z.object({ accepted: z.string().max(200), next: z.string().max(2_000).optional() });

/** What one reads, without the language: the front page, briefings and the ways to find them; feeds are no visit. */
const READING = /^\/(?:$|(?:briefings|categories|organizations|search)(?:\/|$))(?!.*\/feed\.(?:xml|json)$)/;

/** What the reader of this request is to be asked for. */
const owed = (site: SiteContext, { locals: { reader } }: Pick<Response, 'locals'>) =>
  reader.account?.loginId ? owedBy(site.pages, reader.account.accepted) : [];

/**
 * Asks a member for what is new in what they have accepted before they go on reading. It stands before the pages one
 * reads and before nothing else: their account, leaving and taking everything along stay open as they are.
 */
export function askBeforeReading(site: SiteContext, { prefix }: Language): RequestHandler {
  return (req, res, next) => {
    const reads = (req.method === 'GET' || req.method === 'HEAD') && READING.test(req.path);
    if (!reads || owed(site, res).length === 0) return next();
    res.setHeader('Cache-Control', 'private, no-store');
    res.redirect(303, `${prefix}${PATH}?next=${encodeURIComponent(req.originalUrl)}`);
  };
}

/** `/account/accept`: what is new in the terms, and the button that accepts it and leads on. */
export function acceptRoutes({ site, wall, clock, accountChanged }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const home = prefix || '/';
  const nextOf = (given: unknown) => safeNext(given, site.publicUrl, '') || home;

  const show = async (req: Request, res: Response, next: string, status = 200) => {
    const consent = consentOf(site.pages, language, 'visit', owed(site, res));
    if (!consent) return res.redirect(303, next);
    const page: LinkPage & { readonly form: { readonly next: string } } = {
      label: say('account.label'),
      heading: say('accept.heading'),
      text: say('accept.text'),
      form: {
        ...{ action: `${prefix}${PATH}`, token: null, error: null, fields: [], consent, next },
        submit: say('accept.submit'),
        links: [
          { label: say('accept.data'), href: `${prefix}/account/data` },
          { label: say('nav.account'), href: `${prefix}/account` },
        ],
      },
    };
    const layout = layoutOf(site, language, { title: page.heading, path: PATH, noindex: true, audience: 'member' });
    res.status(status);
    await respond(req, res, 'accounts/link', { layout, page });
  };

  router
    .route(PATH)
    .get((req, res) => show(req, res, nextOf(req.query['next'])))
    .post(formBody, async (req, res) => {
      const body = accepting.safeParse(req.body);
      if (!body.success) throw new Failure(400, 'not the form that accepts anything');
      const { id } = ownerOf(res);
      const now = clock.now();
      const shown = readShown(body.data.accepted);
      await wall.write(accountsViewer, (db) => recordAcceptances(db, id, shown, 'visit', now));
      accountChanged(id);
      // Where something newer has come out meanwhile, the page one goes on to asks for it.
      res.redirect(303, nextOf(body.data.next));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
