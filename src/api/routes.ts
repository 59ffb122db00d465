import { Router, type Request, type Response } from 'express';
import { API_SCOPES } from '../accounts/credentials/api-tokens';
import { readList } from '../briefings/reading/list-filters';
import { sendPicture } from '../briefings/pictures/send-picture';
import { readBriefingAs } from '../briefings/reading/queries';
import { attemptsOf } from '../http/attempts';
import { notFoundHandler, onlyMethods } from '../http/errors';
import { sendCached } from '../http/cache/front-desk';
import type { SiteContext } from '../http/site-context';
import { buildCachedPage } from '../http/cache/cached-page';
import { notFound } from '../lib/failure';
import type { Logger } from '../lib/log';
import { networkPrefixOf } from '../lib/network';
import { searcherKey } from '../search/limits';
import { readSearch } from '../search/queries';
import { parseTerms } from '../search/terms';
import type { Bucket } from '../stores/bucket';
import type { Limit } from '../stores/limits';
import { API_PATH, selfOf } from './addresses';
import { briefing } from './briefing';
import { readCaller, type Caller, type CallerParts } from './caller';
import { addressOf, ADDRESSES, formsOf, languageIn, queryOf, wrong } from './forms';
import { list } from './items';
import { describeApi } from './openapi';
import { linksOf } from './paging';
import { Problem, sayProblems } from './problems';
import { search } from './search';

export interface ApiParts extends CallerParts {
  readonly site: Pick<SiteContext, 'languages' | 'publicUrl' | 'shape'>;
  /** Counts searches, of an account or of an address. */
  readonly searches: Limit;
  /** Where the bytes of pictures may lie. */
  readonly bucket: Bucket | null;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** Briefings on one page of the list. */
export const API_PAGE_SIZE = 20;

const [READ] = API_SCOPES;

/**
 * The briefings as JSON, by the same rule as the pages: all of them, one of them, and the description of both. It only
 * reads, and knows no session: it stands before whatever reads one.
 */
export function apiRoutes(parts: ApiParts): Router {
  const context: Context = { parts, formsNow: formsOfNow(parts.site), callerOf: readCaller(parts) };
  const router = Router({ caseSensitive: true, strict: true });
  const get = (path: string, handler: (context: Context, req: Request, res: Response) => Promise<void> | void) =>
    router
      .route(path)
      .get((req, res) => handler(context, req, res))
      .all(onlyMethods('GET', 'HEAD'));
  get(`${API_PATH}/openapi.json`, sendDescription);
  get(`${API_PATH}/v1/briefings`, sendList);
  get(`${API_PATH}/v1/briefings/:slug`, sendBriefing);
  get(`${API_PATH}/v1/search`, sendSearch);
  get(`${API_PATH}/v1/pictures/:file`, sendOnePicture);
  router.use(API_PATH, notFoundHandler);
  router.use(API_PATH, sayProblems(parts.log));
  return router;
}

type Forms = ReturnType<typeof formsOf>;

interface Context {
  readonly parts: ApiParts;
  readonly formsNow: () => Forms;
  readonly callerOf: ReturnType<typeof readCaller>;
}

/** The forms for the languages and content types there are: which those are may change while this process lives. */
function formsOfNow({ languages, shape }: ApiParts['site']): () => Forms {
  const make = () => ({ all: languages.all, shape: shape.current, forms: formsOf(languages, shape.current) });
  let made = make();
  return () => {
    if (made.all !== languages.all || made.shape !== shape.current) made = make();
    return made.forms;
  };
}

function sendDescription({ parts, formsNow }: Context, req: Request, res: Response): void {
  queryOf(formsNow().nothing, req);
  answer(req, res, describeApi(parts.site), { byToken: false });
}

async function sendList({ parts, formsNow, callerOf }: Context, req: Request, res: Response): Promise<void> {
  const { languages, publicUrl } = parts.site;
  const caller = await callerOf(req, READ);
  const { page, language: code, ...narrowed } = queryOf(formsNow().list, req);
  const read = await readList(parts.wall, caller.viewer, narrowed, page, API_PAGE_SIZE);
  if (read === 'no such category') throw wrong([{ name: 'category', reason: 'must be the slug of a category' }]);
  if (read === 'no such page') throw notFound('page');
  const links = linksOf({ publicUrl, path: `${API_PATH}/v1/briefings`, query: req.query, page, pages: read.pages });
  if (links) res.setHeader('Link', links);
  answer(req, res, list(read, page, { publicUrl, language: languageIn(languages, code) }), caller);
}

async function sendSearch({ parts, formsNow, callerOf }: Context, req: Request, res: Response): Promise<void> {
  const { languages, publicUrl } = parts.site;
  const caller = await callerOf(req, READ);
  const { q, page, language: code, sort, ...filters } = queryOf(formsNow().search, req);
  const terms = parseTerms(q);
  const query = {
    q,
    filters,
    page,
    sort: sort ?? (terms.length > 0 ? 'relevance' : 'newest'),
    tooLong: false,
  } as const;
  const language = languageIn(languages, code);
  if (terms.length > 0 || Object.keys(filters).length > 0) await countSearch(parts, req, res, caller);
  const read = await readSearch(parts.wall, caller.viewer, terms, query, {
    code: language.code,
    zone: language.zone,
    shape: parts.site.shape.current,
  });
  if (!read) throw notFound('page');
  const links = linksOf({ publicUrl, path: `${API_PATH}/v1/search`, query: req.query, page, pages: read.pages });
  if (links) res.setHeader('Link', links);
  answer(req, res, search(read, page, { publicUrl, language }), caller);
}

/** @throws Problem 429 to whoever has asked too often. */
async function countSearch({ searches }: ApiParts, req: Request, res: Response, { accountId }: Caller): Promise<void> {
  const wait = await searches.take(searcherKey(accountId, networkPrefixOf(req.ip)), attemptsOf(res));
  if (wait === null) return;
  throw new Problem(429, 'Too many searches. Wait before the next one.', { headers: { 'Retry-After': String(wait) } });
}

async function sendBriefing({ parts, formsNow, callerOf }: Context, req: Request, res: Response): Promise<void> {
  const { languages, publicUrl } = parts.site;
  const caller = await callerOf(req, READ);
  const place = { publicUrl, language: languageIn(languages, queryOf(formsNow().briefing, req).language) };
  const { slug } = addressOf(ADDRESSES.briefing, req, 'briefing');
  const found = await readBriefingAs(parts.wall, caller.viewer, slug);
  if (!found) throw notFound('briefing');
  if ('movedTo' in found) {
    res
      .status(301)
      .set({ ...headersFor(caller), Location: selfOf(found.movedTo, place) })
      .end();
    return;
  }
  answer(req, res, briefing(found.briefing, caller.viewer, parts.site.shape.current, place), caller);
}

async function sendOnePicture({ parts, formsNow, callerOf }: Context, req: Request, res: Response): Promise<void> {
  const caller = await callerOf(req, READ);
  queryOf(formsNow().nothing, req);
  const { file } = addressOf(ADDRESSES.picture, req, 'picture');
  await sendPicture(req, res, {
    wall: parts.wall,
    bucket: parts.bucket,
    viewer: caller.viewer,
    file,
    headers: { ...headersFor(caller), Vary: 'Authorization' },
    unseen: () => notFound('picture'),
  });
}

/** What a token opened is nobody's to keep; what everybody may read is asked for again each time. */
function headersFor({ byToken }: Pick<Caller, 'byToken'>): Record<string, string> {
  return {
    'Cache-Control': byToken ? 'private, no-store' : 'public, no-cache',
    Vary: 'Accept-Encoding, Authorization',
  };
}

function answer(req: Request, res: Response, body: object, caller: Pick<Caller, 'byToken'>): void {
  res.set(headersFor(caller));
  sendCached(
    req,
    res,
    buildCachedPage(JSON.stringify(body), {
      ...res.getHeaders(),
      'content-type': 'application/json; charset=utf-8',
    }),
  );
}
