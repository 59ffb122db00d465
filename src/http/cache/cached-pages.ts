import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Application, Request, RequestHandler, Response } from 'express';
import { visitor, type Viewer } from '../../access/viewer';
import { Failure } from '../../lib/failure';
import { isTransient } from '../../stores/unavailable';
import { buildCachedPage, type CachedPage } from './cached-page';
import { sendCached, sendUnverified } from './front-desk';
import type { Layout } from '../layout/layout';
import { keyOf, partsOf, valuesOf, type QueryParameters, type Values } from './page-address';
import type { CacheAudience, PageName, PageCache } from './page-cache';
import { render } from '../respond';

/** Whom a page is made for: no more of them than a page that is kept may depend on. */
export interface PageReader {
  readonly viewer: Viewer;
  readonly audience: 'visitor' | 'member' | 'unverified';
  /** May they write? Their pages lead to the desk, so they are kept apart from those of members of the same rank. */
  readonly atDesk: boolean;
}

/**
 * Under which audience a reader's page is kept.
 * @throws for whoever reads by a gift: its rank counts for one briefing, and its page is kept nowhere.
 */
export function cacheAudienceOf({ audience, atDesk, viewer }: PageReader): CacheAudience {
  if (viewer.gift !== undefined) throw new Error('the page of a gift is not kept');
  return audience === 'member' ? `${atDesk ? 'desk' : 'member'} ${viewer.rank}` : audience;
}

const VISITOR: PageReader = { viewer: visitor, audience: 'visitor', atDesk: false };

/**
 * What a page is made from: there is nothing else of the request in it, so nothing else can be on a page that is kept.
 */
export interface PageRequest<Known extends QueryParameters> {
  /** What stands in the path. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly values: Values<Known>;
  readonly reader: PageReader;
}

export interface MadePage {
  readonly view: string;
  readonly layout: Layout;
  readonly page: object;
  /** Does it stand before a gate? */
  readonly gated?: boolean;
  /** Is told of whoever is sent it. */
  readonly sent?: ((req: IncomingMessage) => void) | null;
}

/** What is kept and is no page of ours: a feed, a map of addresses. */
export interface MadeDocument {
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

interface Moved {
  readonly movedTo: string;
}

/** A page before it is rendered, or where it has moved to. @throws Failure 404 where there is none. */
export type Make<Known extends QueryParameters> = (
  request: PageRequest<Known>,
) => Promise<MadePage | MadeDocument | Moved>;

/** The one way to answer with a page that is kept for the next reader. */
export interface CachedPages {
  /**
   * The handler of such a page. `known` is all that it knows behind the question mark: whatever else stands there
   * changes nothing, and a value that there is not, or one that is given twice, is 400.
   */
  handler<const Known extends QueryParameters>(known: Known, make: Make<Known>): RequestHandler;
}

export interface CachedPagesParts {
  readonly pages: PageCache;
  readonly readerOf: (res: Response) => PageReader;
  /** Does Postgres answer another connection than those that were asked before? */
  readonly answers: () => Promise<boolean>;
}

/**
 * Opens them: kept pages where changes are heard, else pages made anew. A last good copy is served only when Postgres
 * answers no second connection either, for one that is frozen says nothing of the others.
 */
export function openCachedPages({ pages, readerOf, answers }: CachedPagesParts): CachedPages {
  const together = shareUnderWay(pages);
  const handler =
    <Known extends QueryParameters>(known: Known, make: Make<Known>): RequestHandler =>
    async (req, res) => {
      const { path, query } = partsOf(req.originalUrl);
      const values = valuesOf(known, query);
      if (!values) throw new Failure(400, 'a parameter has a value that there is not');
      const reader = readerOf(res);
      const audience = cacheAudienceOf(reader);
      const name: PageName = { path, key: keyOf(path, values), known, audience };
      const cached = pages.get(name.key, audience);
      if (cached) return send(req, res, reader, cached);

      const lastGood = () => pages.getStale(name.key, audience === 'visitor' ? audience : 'unverified');
      const before = pages.heard() ? null : lastGood();
      if (before && !(await answers())) return sendLast(req, res, reader, before);
      const asked = { params: { ...req.params }, values, reader };
      const freshly = () => together(name, () => makeAndKeep(pages, name, asked, make, res));
      try {
        return send(req, res, reader, await freshly());
      } catch (error) {
        const good = isTransient(error) ? lastGood() : null;
        if (!good) throw error;
        if (!(await answers())) return sendLast(req, res, reader, good);
      }
      send(req, res, reader, await freshly());
    };
  return { handler };
}

type Answer = CachedPage | Moved;

/**
 * Renders a page once for all who ask for it at the same time: later requests wait for the one under way and fail with
 * it. Only renders of the current generation are shared, and while changes are not heard none is, as none is cached.
 * It is not cancelled when the first client disconnects.
 */
function shareUnderWay(pages: PageCache) {
  const underWay = new Map<string, { readonly begun: number; readonly answer: Promise<Answer> }>();
  return async ({ key, audience }: PageName, make: () => Promise<Answer>): Promise<Answer> => {
    if (!pages.heard()) return make();
    const begun = pages.generationNow();
    const name = `${audience} ${key}`;
    const known = underWay.get(name);
    if (known?.begun === begun) return known.answer;
    const mine = { begun, answer: make() };
    underWay.set(name, mine);
    try {
      return await mine.answer;
    } finally {
      // One that was begun after a change may have taken its place.
      if (underWay.get(name) === mine) underWay.delete(name);
    }
  };
}

async function makeAndKeep<Known extends QueryParameters>(
  pages: PageCache,
  name: PageName,
  request: PageRequest<Known>,
  make: Make<Known>,
  res: Response,
): Promise<Answer> {
  const begun = pages.generationNow();
  const made = await make(request);
  if ('movedTo' in made) return made;
  res.vary('Accept-Encoding, Cookie');
  res.setHeader('Cache-Control', request.reader.audience === 'visitor' ? REVALIDATE : 'private, no-store');
  res.type('text' in made ? made.type : 'html');
  // A cookie is for who asked now, also where it only takes an old one away: the page that is kept has none.
  const { 'set-cookie': _theirs, ...headers } = res.getHeaders();
  const page = await finished(res.app, made, headers);
  pages.put(name, page, begun, remaker(res.app, { ...request, reader: VISITOR }, make, headers));
  return page;
}

/**
 * Public answers must be asked for again each time (the validator makes that cheap): the same address opens more
 * after joining and less after an unpublishing, at once.
 */
const REVALIDATE = 'public, no-cache';

/**
 * How a visitor's page is made again, with nothing of the request it was first made for; null when it is there no more.
 */
function remaker<Known extends QueryParameters>(
  app: Application,
  request: PageRequest<Known>,
  make: Make<Known>,
  headers: OutgoingHttpHeaders,
): () => Promise<CachedPage | null> {
  return async () => {
    const made = await make(request);
    return 'movedTo' in made ? null : finished(app, made, headers);
  };
}

async function finished(
  app: Application,
  made: MadePage | MadeDocument,
  headers: OutgoingHttpHeaders,
): Promise<CachedPage> {
  if ('text' in made) return buildCachedPage(made.text, headers);
  const html = await render(app, made.view, { layout: made.layout, page: made.page });
  return buildCachedPage(html, headers, made.gated, made.sent);
}

function send(req: Request, res: Response, reader: PageReader, answer: Answer): void {
  if ('movedTo' in answer) res.redirect(301, answer.movedTo);
  else if (reader.audience === 'unverified') sendUnverified(req, res, answer);
  else sendCached(req, res, answer);
}

/** A last good copy is a visitor's: a member who gets it has not been served by it. */
function sendLast(req: Request, res: Response, reader: PageReader, copy: CachedPage): void {
  if (reader.audience === 'visitor') sendCached(req, res, copy);
  else sendUnverified(req, res, copy);
}
