import { Router, type Request, type Response } from 'express';
import { worksAtDesk } from '../access/account-access';
import { categoryNav } from '../briefings/reading/category-nav';
import { attemptsOf } from '../http/attempts';
import { onlyMethods } from '../http/errors';
import { respond } from '../http/respond';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { limitedFor } from '../http/too-many-requests';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { networkPrefixOf } from '../lib/network';
import '../membership/reader';
import type { Limit } from '../stores/limits';
import type { Wall } from '../stores/postgres/wall';
import { parseSearch, searchPath } from './forms';
import { searcherKey } from './limits';
import { searchPage } from './pages';
import { readSearch } from './queries';
import { parseTerms } from './terms';

export interface SearchParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  /** Counts searches, of an account or of an address. */
  readonly searches: Limit;
}

/** The search in one language. Its pages are kept nowhere: what is typed is without end. */
export function searchRoutes(parts: SearchParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/search')
    .get((req, res) => answerSearch(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function answerSearch(
  { site, wall, searches }: SearchParts,
  language: Language,
  req: Request,
  res: Response,
): Promise<void> {
  const { viewer, account, unverified } = res.locals.reader;
  if (unverified)
    throw new Failure(503, 'nobody can say now how far this reader reads', { headers: { 'Retry-After': '10' } });
  const query = parseSearch(req.query);
  const terms = parseTerms(query.q);
  const asks = !query.tooLong && (terms.length > 0 || Object.keys(query.filters).length > 0);
  const wait = asks
    ? await searches.take(searcherKey(account?.id ?? null, networkPrefixOf(req.ip)), attemptsOf(res))
    : null;
  const result =
    asks && wait === null
      ? await readSearch(wall, viewer, terms, query, {
          ...{ code: language.code, zone: language.zone, shape: site.shape.current },
        })
      : null;
  if (asks && wait === null && !result) throw notFound('page');
  if (result && result.filters.organization !== query.filters.organization)
    return res.redirect(301, searchPath(language.prefix, { ...query, filters: result.filters }));
  const layout = layoutOf(site, language, {
    title: query.q === '' ? language.say('search.title') : language.say('search.title.of', { words: query.q }),
    path: searchPath('', query),
    noindex: true,
    nav: await categoryNav(site, viewer, language),
    audience: account ? 'member' : 'visitor',
    edit: account && worksAtDesk(account.role) ? '/desk' : null,
  });
  if (query.tooLong) res.status(422);
  if (wait !== null) res.status(limitedFor(res, wait));
  await respond(req, res, 'search/search', {
    layout,
    page: searchPage(query, result, site.shape.current, language, { wait, follows: account !== null }),
  });
}
