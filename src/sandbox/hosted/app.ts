import path from 'node:path';
import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { openAssets } from '../../http/assets';
import { notFoundHandler, statusOf } from '../../http/errors';
import type { Languages } from '../../lib/language';
import type { Logger } from '../../lib/log';
import { root } from '../../lib/root';
import { templateEngine } from '../../lib/templates';
import { controlRoutes } from '../dashboard/routes';
import type { Deliveries } from '../delivery';
import { StripeFailure } from '../failure';
import { checkoutRoutes } from './checkout';
import { languageOf, show, type PageParts } from './frame';
import { invoiceRoutes } from './invoice';
import { ownHost, ownPages } from './own-host';
import type { NoticePage } from './page-types';
import { portalRoutes } from './portal';
import { onceSaved } from './once-saved';
import { openNoticeStore } from './notices';
import { pageHeaders } from './security';

/** Everything of the sandbox that people look at: the hosted pages, and the dashboard under `/sandbox`. */
export function sandboxPages({
  sandbox,
  deliveries,
  saved,
  languages,
  log,
  home,
}: {
  readonly sandbox: PageParts['sandbox'];
  readonly deliveries: Deliveries;
  /** Resolves when what has happened until now is kept. */
  readonly saved: () => Promise<void>;
  readonly languages: Languages;
  readonly log: Pick<Logger, 'error'>;
  readonly home: string | null;
}): RequestListener {
  const parts: PageParts = {
    sandbox,
    deliveries,
    languages,
    home,
    assets: openAssets(path.join(root, 'public')),
    sayings: openNoticeStore(),
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('views', path.join(root, 'views'));
  app.engine('ejs', templateEngine(false));
  app.set('view engine', 'ejs');

  app.use(pageHeaders);
  app.use(ownHost);
  app.use(parts.assets.router);
  app.use(ownPages);
  app.use(onceSaved(saved));
  app.use((_req, _res, next) => {
    sandbox.acts.catchUp();
    next();
  });
  app.use(checkoutRoutes(parts));
  app.use(invoiceRoutes(parts));
  app.use(portalRoutes(parts));
  app.use(controlRoutes(parts));
  app.get('/', (_req, res) => res.redirect('/sandbox'));
  app.use(notFoundHandler);
  app.use(sayFailure(parts, log));
  return app;
}

/** The statuses that have words of their own here. */
const SPOKEN = [400, 403, 404, 405];

function sayFailure(parts: PageParts, log: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const status = error instanceof StripeFailure ? error.status : statusOf(error);
    if (status >= 500) log.error({ err: error, method: req.method, path: req.path }, 'a page of the sandbox failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const language = languageOf(parts, req, null);
    const shown = SPOKEN.includes(status) ? status : status >= 500 ? 500 : 400;
    const page: NoticePage = {
      label: language.say(`error.${shown}.label`),
      heading: language.say(`error.${shown}.heading`),
      text: error instanceof StripeFailure ? error.message : language.say(`error.${shown}.text`),
      links: [{ href: '/sandbox', label: language.say('sandbox.control') }],
    };
    res.status(status);
    show(parts, res, language, 'notice', page.heading, page).catch((broken: unknown) => {
      log.error({ err: broken }, 'the error page of the sandbox failed');
      res.type('text').send(`${status}`);
    });
  };
}
