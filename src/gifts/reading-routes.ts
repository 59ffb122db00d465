import { Router, type Request, type Response } from 'express';
import { accountsViewer, visitor } from '../access/viewer';
import { briefingPage } from '../briefings/reading/briefing-page';
import { briefingPath, formatDay, openTo } from '../briefings/reading/cards';
import { categoryNav } from '../briefings/reading/category-nav';
import { forReaders, type AddressOf } from '../briefings/reading/page-parts';
import type { GiftBanner } from '../briefings/reading/page-types';
import { readGiftedAs, type ReadBriefing } from '../briefings/reading/queries';
import { sendPicture } from '../briefings/pictures/send-picture';
import { onlyMethods } from '../http/errors';
import { unmentioned } from '../http/headers';
import type { Layout } from '../http/layout/layout';
import { isReading } from '../http/reading';
import { respond } from '../http/respond';
import { openJoinPath, type PageHead, type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Logger } from '../lib/log';
import { networkPrefixOf } from '../lib/network';
import { pageReaderOf } from '../membership/reader';
import type { Bucket } from '../stores/bucket';
import { noteOpened } from './actions';
import { findGift, type FoundGift, type GiftLookup } from './find';

export interface GiftReadingParts extends GiftLookup {
  readonly site: SiteContext;
  readonly bucket: Bucket | null;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * `/gifts/<token>`: a briefing for whoever has the link, as far as its giver reads now, and its pictures. The page is
 * made for each request and goes through no cache: what keeps pages by their address knows nothing of gifts.
 */
export function giftReadingRoutes(parts: GiftReadingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/gifts/:token')
    .all(unmentioned)
    .get((req, res) => show(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/gifts/:token/pictures/:file')
    .all(unmentioned)
    .get(async (req, res) => {
      const gift = await giftOf(parts, req);
      if (gift.state !== 'open') throw notFound('picture');
      const { wall, bucket } = parts;
      const file = String(req.params['file']);
      const unseen = () => notFound('picture');
      await sendPicture(req, res, { wall, bucket, viewer: gift.viewer, file, headers: {}, unseen });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

const giftOf = (parts: GiftReadingParts, req: Request): Promise<FoundGift> =>
  findGift(parts, String(req.params['token']), networkPrefixOf(req.ip));

async function show(parts: GiftReadingParts, language: Language, req: Request, res: Response): Promise<void> {
  const gift = await giftOf(parts, req);
  if (gift.state !== 'open') return showEnded(parts, language, gift, req, res);
  const briefing = await readGiftedAs(parts.wall, gift.viewer);
  if (!briefing) throw notFound('briefing');
  // Whoever reads as far by themselves reads where they always do.
  const own = briefingPath(language, briefing.content.slug);
  if (res.locals.reader.viewer.rank >= gift.viewer.rank) return res.redirect(302, own);
  const token = String(req.params['token']);
  const { site } = parts;
  const { audience } = pageReaderOf(res);
  const said = briefingPage(briefing, gift.viewer, site.shape.current, language, throughGift(briefing, token));
  const head: PageHead = {
    title: said.title.text,
    path: `/briefings/${briefing.content.slug}`,
    noindex: true,
    nav: await categoryNav(site, visitor, language, briefing.category.slug),
    audience,
  };
  const layout: Layout = {
    ...layoutOf(site, language, head),
    alternates: [],
    languages: site.languages.all
      .filter((one) => one !== language)
      .map((one) => ({ code: one.code, name: one.name, href: `${one.prefix}/gifts/${token}` })),
  };
  if (isReading(req))
    await parts.wall
      .write(accountsViewer, (db) => noteOpened(db, gift.id, parts.clock.now()))
      .catch((error: unknown) => parts.log.warn({ err: error }, 'could not count that a gift was opened'));
  await respond(req, res, 'briefings/briefing', {
    layout,
    page: { ...said, gift: bannerOf(parts, language, gift, audience === 'member', own) },
  });
}

/** The pictures of the briefing, where the gift shows them: their own addresses prove nobody. */
function throughGift(briefing: ReadBriefing, token: string): AddressOf {
  const plain = forReaders(briefing);
  const through = (addresses: string) => addresses.replaceAll('/pictures/', `/gifts/${token}/pictures/`);
  return (picture, name) => {
    const { src, srcset } = plain(picture, name);
    return { src: through(src), srcset: srcset && through(srcset) };
  };
}

function bannerOf(
  { site }: GiftReadingParts,
  language: Language,
  { giver, expiresAt }: FoundGift,
  isMember: boolean,
  next: string,
): GiftBanner {
  const { say, prefix } = language;
  const until = formatDay(expiresAt, language).text;
  const path = isMember ? '/pricing' : openJoinPath(site);
  return {
    text: giver === null ? say('gift.from.member') : say('gift.from.named', { name: giver }),
    until: say('gift.until', { day: until }),
    join:
      path === null
        ? null
        : {
            label: say(isMember ? 'nav.pricing' : 'nav.join'),
            href: `${prefix}${path}${isMember ? '' : `?next=${encodeURIComponent(next)}`}`,
          },
  };
}

/** A link that is worth nothing any more: the same words whatever ended it, and the way to the briefing. */
async function showEnded(
  { site, wall }: GiftReadingParts,
  language: Language,
  { briefingId }: FoundGift,
  req: Request,
  res: Response,
): Promise<void> {
  const { say, prefix } = language;
  const row = await wall.read(visitor, async (db) =>
    db.briefing.findFirst({ where: { id: briefingId, AND: await openTo(db, visitor) }, select: { slug: true } }),
  );
  const links = [
    ...(row ? [{ label: say('gift.ended.read'), href: briefingPath(language, row.slug) }] : []),
    { label: say('error.home'), href: prefix || '/' },
  ];
  const { audience } = pageReaderOf(res);
  const layout = layoutOf(site, language, { title: say('gift.ended.heading'), path: null, noindex: true, audience });
  const page = {
    label: say('gift.label'),
    heading: say('gift.ended.heading'),
    paragraphs: [say('gift.ended.text')],
    rows: [],
    links,
  };
  res.status(410);
  await respond(req, res, 'notice', { layout, page });
}
