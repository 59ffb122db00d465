import { Router, type Request, type Response } from 'express';
import { API_SCOPES } from '../accounts/api-tokens';
import { readList } from '../briefings/reading/list-filters';
import { sendPicture } from '../briefings/pictures/send-picture';
import { readBriefingAs } from '../briefings/reading/queries';
import { notFoundHandler, onlyMethods } from '../http/errors';
import { sendCached } from '../http/pages/front-desk';
import type { SiteContext } from '../http/site-context';
import { buildCachedPage } from '../http/pages/page-cache';
import { notFound } from '../lib/failure';
import type { Logger } from '../lib/log';
import type { Bucket } from '../stores/bucket';
import { API_PATH, selfOf } from './addresses';
import { briefing } from './briefing';
import { readCaller, type Caller, type CallerParts } from './caller';
import { formsOf, queryOf, slugOf, wrong } from './forms';
import { list } from './items';
import { describeApi } from './openapi';
import { linksOf } from './paging';
import { sayProblems } from './problems';

export interface ApiParts extends CallerParts {
  readonly site: Pick<SiteContext, 'languages' | 'publicUrl'>;
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
  const {
    site: { languages, publicUrl },
    wall,
    bucket,
    log,
  } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  // Which languages there are may change while this process lives.
  const made = { for: languages.all, forms: formsOf(languages) };
  const formsNow = () => {
    if (made.for !== languages.all) Object.assign(made, { for: languages.all, forms: formsOf(languages) });
    return made.forms;
  };
  const callerOf = readCaller(parts);

  router
    .route('/api/openapi.json')
    .get(async (req, res) => {
      queryOf(formsNow().nothing, req);
      await answer(req, res, describeApi({ publicUrl, languages }), { byToken: false });
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/api/v1/briefings')
    .get(async (req, res) => {
      const caller = await callerOf(req, READ);
      const { page, language, ...narrowed } = queryOf(formsNow().list, req);
      const read = await readList(wall, caller.viewer, narrowed, page, API_PAGE_SIZE);
      if (read === 'no such category') throw wrong([{ name: 'category', reason: 'must be the slug of a category' }]);
      if (read === 'no such page') throw notFound('page');
      const links = linksOf({ publicUrl, path: `${API_PATH}/v1/briefings`, query: req.query, page, pages: read.pages });
      if (links) res.setHeader('Link', links);
      await answer(req, res, list(read, page, { publicUrl, language }), caller);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/api/v1/briefings/:slug')
    .get(async (req, res) => {
      const caller = await callerOf(req, READ);
      const { language } = queryOf(formsNow().briefing, req);
      const found = await readBriefingAs(wall, caller.viewer, slugOf(req));
      if (!found) throw notFound('briefing');
      const place = { publicUrl, language };
      if ('movedTo' in found) {
        res
          .status(301)
          .set({ ...headersFor(caller), Location: selfOf(found.movedTo, place) })
          .end();
        return;
      }
      await answer(req, res, briefing(found.briefing, caller.viewer, place), caller);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/api/v1/pictures/:file')
    .get(async (req, res) => {
      const caller = await callerOf(req, READ);
      queryOf(formsNow().nothing, req);
      await sendPicture(req, res, {
        wall,
        bucket,
        viewer: caller.viewer,
        file: req.params.file,
        headers: { ...headersFor(caller), Vary: 'Authorization' },
        unseen: () => notFound('picture'),
      });
    })
    .all(onlyMethods('GET', 'HEAD'));

  router.use(API_PATH, notFoundHandler);
  router.use(API_PATH, sayProblems(log));
  return router;
}

/** What a token opened is nobody's to keep; what everybody may read is asked for again each time. */
function headersFor({ byToken }: Pick<Caller, 'byToken'>): Record<string, string> {
  return {
    'Cache-Control': byToken ? 'private, no-store' : 'public, no-cache',
    Vary: 'Accept-Encoding, Authorization',
  };
}

async function answer(req: Request, res: Response, body: object, caller: Pick<Caller, 'byToken'>): Promise<void> {
  res.set(headersFor(caller));
  sendCached(
    req,
    res,
    await buildCachedPage(JSON.stringify(body), {
      ...res.getHeaders(),
      'content-type': 'application/json; charset=utf-8',
    }),
  );
}
