import { Router, type RequestHandler } from 'express';
import { visitor } from '../../access/viewer';
import type { CachedPages } from '../../http/cache/cached-pages';
import { oneOf } from '../../http/cache/page-address';
import { onlyMethods } from '../../http/errors';
import type { SiteContext } from '../../http/site-context';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { unmarked } from '../../lib/marked';
import type { Wall } from '../../stores/postgres/wall';
import { briefingPage } from '../reading/briefing-page';
import { briefingPath } from '../reading/cards';
import { SHARING_SIZE } from '../reading/page-parts';
import { readBriefingAs, type ReadBriefing } from '../reading/queries';

export interface EmbedParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

/** Seconds for which whoever shows it elsewhere may keep the answer. */
const KEPT = 3_600;
/** Characters of an address that are looked at. */
const LONGEST = 2_000;
const BRIEFING = /^(\/[A-Za-z0-9-]{2,20})?\/briefings\/([a-z0-9-]{1,80})$/;

/** A briefing's address on this site, taken apart; null: it is none. */
function readAddress(
  { publicUrl, languages }: SiteContext,
  given: string,
): { readonly slug: string; readonly language: Language } | null {
  if (given.length > LONGEST || !URL.canParse(given, publicUrl)) return null;
  const { protocol, host, pathname } = new URL(given, publicUrl);
  if (!/^https?:$/.test(protocol) || host !== new URL(publicUrl).host) return null;
  const [, prefix = '', slug] = BRIEFING.exec(pathname) ?? [];
  const language = languages.all.find((one) => one.prefix === prefix);
  return slug === undefined || !language ? null : { slug, language };
}

/** Is there as much room as the picture takes? An answer knows no more of a width or a height. */
const roomFor =
  (pixels: number) =>
  (given: string): string | null =>
    /^[1-9]\d{0,5}$/.test(given) ? (Number(given) < pixels ? 'less' : '') : null;

/**
 * `/oembed`: how a briefing stands in pages of others (oEmbed 1.0, https://oembed.com): a link with its title and the
 * picture that stands for it, in the language of the address that is asked for. It says what a visitor may read,
 * whoever asks. JSON alone: any other format is answered 501, as oEmbed has it.
 */
export function oembedRoutes({ site, wall, cachedPages }: EmbedParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const known = {
    // What is no briefing's address is not there, and nothing of it is kept.
    url: (given: string) => {
      const read = readAddress(site, given);
      return read ? briefingPath(read.language, read.slug) : '/';
    },
    format: oneOf('json'),
    maxwidth: roomFor(SHARING_SIZE.width),
    maxheight: roomFor(SHARING_SIZE.height),
  };
  const answer = cachedPages.handler(known, async ({ values }) => {
    if (values.url === '') throw new Failure(400, 'no address was asked for');
    const asked = readAddress(site, values.url);
    const briefing = asked && (await find(wall, asked.slug));
    if (!briefing) throw notFound('briefing');
    const pictured = values.maxwidth === '' && values.maxheight === '';
    const text = JSON.stringify(linkTo(site, briefing, asked.language, pictured));
    return { type: 'application/json; charset=utf-8', text };
  });
  router.route('/oembed').get(jsonAlone, answer).all(onlyMethods('GET', 'HEAD'));
  return router;
}

const jsonAlone: RequestHandler = (req, res, next) => {
  const { format } = req.query;
  if (typeof format !== 'string' || format === 'json' || format === '') return next();
  res.status(501).set('Cache-Control', 'no-store').type('text').send('501 Not Implemented\n');
};

/** The briefing as a visitor meets it, by the name it has or had. */
async function find(wall: Wall, slug: string): Promise<ReadBriefing | null> {
  const found = await readBriefingAs(wall, visitor, slug);
  const moved = found && 'movedTo' in found ? await readBriefingAs(wall, visitor, found.movedTo) : found;
  return moved && 'briefing' in moved ? moved.briefing : null;
}

function linkTo({ shape, publicUrl }: SiteContext, briefing: ReadBriefing, language: Language, pictured: boolean) {
  const page = briefingPage(briefing, visitor, shape.current, language);
  const absolute = (path: string) => new URL(path, publicUrl).href;
  const [author, ...others] = page.authors;
  return {
    version: '1.0',
    type: 'link',
    title: unmarked(page.title.text),
    ...(author ? { author_name: page.authors.map(({ name }) => name).join(', ') } : {}),
    ...(author && others.length === 0 ? { author_url: absolute(author.href) } : {}),
    provider_name: unmarked(language.siteName),
    provider_url: absolute(language.prefix || '/'),
    cache_age: KEPT,
    ...(pictured
      ? {
          thumbnail_url: absolute(`${page.path}/sharing.png`),
          thumbnail_width: SHARING_SIZE.width,
          thumbnail_height: SHARING_SIZE.height,
        }
      : {}),
  };
}
