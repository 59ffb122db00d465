import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Logger } from '../lib/log';
import { BucketUnavailableError } from '../stores/bucket-unavailable';
import { isImpossibleValue, isTransient } from '../stores/unavailable';
import { type PageHead, type SiteContext } from './site-context';
import { layoutOf } from './layout/page-layout';

import { render } from './respond';

/** Whatever no route answered. */
export const notFoundHandler: RequestHandler = (req, _res, next) => next(notFound(req.path));

/** A known address asked in a way it does not answer (RFC 9110, 15.5.6: says which ways it does). */
export function onlyMethods(...methods: readonly string[]): RequestHandler {
  return (req, _res, next) =>
    next(new Failure(405, `${req.method} ${req.path}`, { headers: { Allow: methods.join(', ') } }));
}

/** The statuses that have a page of words of their own; the rest speak through the nearest. */
const SPOKEN = [400, 403, 404, 405, 410, 429, 500, 503];

/** Who is told of an error, as the request has proved it before it went wrong. */
type Told = Pick<PageHead, 'audience' | 'role'>;

/**
 * Says what went wrong in the reader's language, without a word about why: that goes to the log. Whoever is logged in
 * is led to their sections, and not asked to log in.
 */
export function errorHandler(
  site: SiteContext,
  log: Pick<Logger, 'error' | 'warn'>,
  readerOf: (res: Pick<Response, 'locals'>) => Told = () => ({}),
): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, method: req.method, path: loggedPath(req.path) }, 'a request failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }

    const language = languageOf(req.path, site);
    const shown = SPOKEN.includes(status) ? status : status >= 500 ? 500 : 400;
    const text = (part: string) => language.say(`error.${shown}.${part}`);
    res.status(status);
    res.setHeader('Cache-Control', 'no-store');
    if (status === 503) res.setHeader('Retry-After', '10');
    if (error instanceof Failure) for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value);
    const layout = layoutOf(site, language, { title: text('heading'), path: null, noindex: true, ...readerOf(res) });
    const page = {
      label: text('label'),
      heading: text('heading'),
      paragraphs: [text('text'), ...(error instanceof Failure ? error.told : [])],
      rows: [],
      links: [{ label: language.say('error.home'), href: language.prefix || '/' }, ...layout.work],
    };
    render(res.app, 'notice', { layout, page }).then(
      (html) => res.type('html').send(html),
      (broken: unknown) => {
        log.error({ err: broken }, 'the error page failed');
        res.type('text').send(`${status} ${STATUS_CODES[status] ?? ''}`);
      },
    );
  };
}

/** A path as it may be logged: the addresses of a private feed and of a gift are secrets. */
const loggedPath = (path: string): string => path.replace(/dos[fg]_[\w-]+/gi, '…');

/**
 * The status an error is answered with. Express and its parsers put one on what they throw; everything unknown is our
 * fault.
 */
export function statusOf(error: unknown): number {
  if (error instanceof Failure) return error.status;
  if (isTransient(error) || error instanceof BucketUnavailableError) return 503;
  if (isImpossibleValue(error)) return 400;
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

function languageOf(path: string, { languages }: SiteContext): Language {
  return (
    languages.all.find(({ prefix }) => prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`))) ??
    languages.first
  );
}
