import { Router, type Request, type Response } from 'express';
import { resolveAccess } from '../access/account-access';
import type { Viewer } from '../access/viewer';
import { hashOfFeedToken } from '../accounts/credentials/api-tokens';
import { briefingParts } from '../briefings/articles/article';
import { categoryPath } from '../briefings/reading/cards';
import { readSeveralAs } from '../briefings/articles/several-articles';
import type { CommonParts } from '../http/common-parts';
import { onlyMethods } from '../http/errors';
import { unmentioned } from '../http/headers';
import { buildCachedPage } from '../http/cache/cached-page';
import { sendCached } from '../http/cache/front-desk';
import { pageNumber } from '../http/cache/page-address';
import { frontHead, type SiteContext } from '../http/site-context';
import { withinLimit } from '../http/too-many-requests';
import type { Clock } from '../lib/clock';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { unmarked } from '../lib/marked';
import { networkPrefixOf } from '../lib/network';
import type { AccountCache } from '../membership/account-cache';
import type { Wall } from '../stores/postgres/wall';
import { feedOf } from './entries';
import { openFeedLimits, type FeedLimits } from './limits';
import { readFeed, type ReadFeed } from './queries';
import { FORMATS, slugOf } from './routes';

interface PrivateFeedParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly accounts: AccountCache;
  /** What grants go by: the clock of payments, which the sandbox moves. */
  readonly entitlements: Clock;
  readonly limits: FeedLimits;
}

/** The private feeds, in a language. */
export function openPrivateFeeds(common: CommonParts, accounts: AccountCache): (language: Language) => Router {
  const { site, wall, entitlements, redis } = common;
  const parts: PrivateFeedParts = { site, wall, accounts, entitlements, limits: openFeedLimits(redis) };
  return (language) => privateFeedRoutes(parts, language);
}

type Format = (typeof FORMATS)[number];

/**
 * A member's own feed, `/feeds/<token>/feed.xml` and `feed.json`, of all briefings and of each category: each as far as
 * the member reads at this request. Whoever asks shows no cookie, so nothing of it goes through the cache of pages,
 * which would take them for a visitor; it is kept nowhere, and its address is told to nobody.
 */
function privateFeedRoutes(parts: PrivateFeedParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const format of FORMATS)
    for (const path of [`/feeds/:token/${format.file}`, `/feeds/:token/categories/:slug/${format.file}`])
      router
        .route(path)
        .all(unmentioned)
        .get((req, res) => send(parts, language, format, req, res))
        .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/**
 * Who reads this feed, now.
 * @throws Failure 404 for an address that nobody has, or has any more; 429 to whoever asks too often.
 */
async function readerOf({ accounts, entitlements, limits }: PrivateFeedParts, req: Request): Promise<Viewer> {
  const hash = hashOfFeedToken(String(req.params['token']));
  if (hash === null) throw notFound('feed');
  const network = networkPrefixOf(req.ip);
  const isNew = !accounts.knowsFeed(hash);
  if (isNew) await withinLimit(limits.unknown.take(network, null), 'unknown feeds');
  const account = await accounts.loadByFeed(hash);
  if (account?.facts.state !== 'active') throw notFound('feed');
  if (isNew) await limits.unknown.giveBack(network);
  await withinLimit(limits.reads.take(account.id, null), 'readings of a feed');
  const { rank } = resolveAccess(account.facts, await accounts.loadTiers(), entitlements.now());
  return { role: 'reader', rank };
}

async function send(
  parts: PrivateFeedParts,
  language: Language,
  format: Format,
  req: Request,
  res: Response,
): Promise<void> {
  const viewer = await readerOf(parts, req);
  const asked = req.query['page'] ?? '';
  const page = asked === '' ? '' : typeof asked === 'string' ? pageNumber(asked) : null;
  if (page === null) throw new Failure(400, 'no number of a page');
  const slug = req.params['slug'] === undefined ? null : slugOf.safeParse(req.params).data?.slug;
  if (slug === undefined) throw notFound('category');
  const read = await readFeed(parts.wall, viewer, slug, Number(page || 1));
  if (!read) throw notFound('feed');
  const own = `/feeds/${String(req.params['token'])}`;
  if ('movedTo' in read)
    return res.redirect(302, `${language.prefix}${own}${categoryPath({ prefix: '' }, read.movedTo)}/${format.file}`);
  const path = slug === null ? `${own}/${format.file}` : `${own}/categories/${slug}/${format.file}`;
  const text = format.write(await feedFor(parts, language, read, viewer, path));
  sendCached(req, res, buildCachedPage(text, { ...res.getHeaders(), 'content-type': format.type }));
}

async function feedFor(
  { site, wall }: PrivateFeedParts,
  language: Language,
  read: ReadFeed,
  viewer: Viewer,
  path: string,
) {
  const ids = read.items.map(({ card }) => card.id);
  const contents = new Map<string, string>();
  for (const one of await readSeveralAs(wall, viewer, ids))
    contents.set(one.id, (await briefingParts(one, viewer, site.shape.current, language, site.publicUrl)).join('\n'));
  const subtitle = unmarked(frontHead(site, language).description ?? '') || null;
  return feedOf(read, { language, publicUrl: site.publicUrl, path, subtitle, contents });
}
