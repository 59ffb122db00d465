import type { IncomingMessage } from 'node:http';
import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { worksAtDesk } from '../../access/account-access';
import type { Viewer } from '../../access/viewer';
import '../../membership/reader';
import { onlyMethods } from '../../http/errors';
import { sendCached, sendUnverified } from '../../http/front-desk';
import { layoutOf, type SiteContext, type PageHead } from '../../http/site-context';
import type { Audience, PageCache } from '../../http/page-cache';
import { isReading } from '../../http/reading';
import { respond } from '../../http/respond';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Bucket } from '../../stores/bucket';
import type { Counters } from '../../stores/counters';
import type { Wall } from '../../stores/postgres/wall';
import { briefingPath, categoryPath } from './cards';
import { countsOf } from './view-counts';
import { describeArticle } from './json-ld';
import { categoryNav } from './category-nav';
import { briefingPage, categoryPage, frontPage } from './pages';
import { sendPicture } from '../pictures/send-picture';
import { readBriefingAs, readCategory, readFront } from './queries';

export interface BriefingParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly pages: PageCache;
  readonly tally: Pick<Counters, 'count'>;
}

const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });
const pageOf = z.object({
  page: z
    .string()
    .regex(/^[1-9]\d{0,4}$/)
    .transform(Number)
    .optional(),
});

/** The pictures of briefings, as public as what they stand in. */
export function pictureRoutes({
  wall,
  bucket,
}: Pick<BriefingParts, 'wall'> & { readonly bucket: Bucket | null }): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/pictures/:file')
    .get(async (req, res) => {
      const { viewer, account, unverified: unproved } = res.locals.reader;
      await sendPicture(req, res, {
        wall,
        bucket,
        viewer,
        file: req.params.file,
        headers: { 'Cache-Control': account || unproved ? 'private, no-cache' : 'public, no-cache' },
        // They may be a member whose picture it is: that is not known now.
        unseen: () =>
          unproved
            ? new Failure(503, 'nobody can say now whether this reader may see the picture', {
                headers: { 'Retry-After': '10' },
              })
            : notFound('picture'),
      });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** An address with words of its own in it is finished and sent, and not kept: anybody can invent more of them. */
const NOT_CACHED: Pick<PageCache, 'put'> = { put: () => undefined };

/** The reader's pages in one language: front, category, briefing. */
export function briefingRoutes({ site, wall, pages, tally: counters }: BriefingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });

  const nav = (viewer: Viewer, current: string | null) => categoryNav(wall, viewer, language, current);

  /** One page: the handler reads and says, this keeps and answers. */
  const page =
    (
      handle: (
        req: Parameters<RequestHandler>[0],
        viewer: Viewer,
      ) => Promise<
        | { view: string; head: PageHead; page: object; gated?: boolean; counts?: readonly string[] }
        | { movedTo: string }
      >,
    ): RequestHandler =>
    async (req, res) => {
      const { viewer, account, unverified: unproved } = res.locals.reader;
      const works = account !== null && worksAtDesk(account.role);
      const rank: Audience = `${works ? 'desk' : 'member'} ${viewer.rank}`;
      const audience: Audience = account ? rank : unproved ? 'unproved' : 'visitor';
      const kept = pages.get(req.originalUrl, audience);
      if (kept) {
        (unproved ? sendUnverified : sendCached)(req, res, kept);
        return;
      }
      const begun = pages.generationNow();
      const answer = await handle(req, viewer);
      if ('movedTo' in answer) {
        res.redirect(301, answer.movedTo);
        return;
      }
      const store = Object.keys(req.query).every((name) => name === 'page') ? pages : NOT_CACHED;
      const layout = layoutOf(site, language, {
        ...answer.head,
        audience: account ? 'member' : unproved ? 'unproved' : 'visitor',
        edit: works ? (answer.head.edit ?? null) : null,
      });
      const { counts, gated = false } = answer;
      const sent = counts
        ? (asked: IncomingMessage) => {
            if (isReading(asked)) counters.count(counts);
          }
        : null;
      await respond(
        req,
        res,
        answer.view,
        { layout, page: answer.page },
        { pages: store, audience, begun, gated, sent },
      );
    };

  router
    .route('/')
    .get(
      page(async (_req, viewer) => {
        const front = await readFront(wall, viewer);
        const head = {
          title: language.say('front.title'),
          description: language.say('front.description'),
          path: '/',
          nav: await nav(viewer, null),
        };
        return { view: 'briefings/front', head, page: frontPage(front, language) };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/categories/:slug')
    .get(
      page(async (req, viewer) => {
        const params = slugOf.safeParse(req.params);
        const query = pageOf.safeParse({ page: req.query['page'] });
        if (!query.success) throw new Failure(400, 'the page is not a number');
        const read = params.success ? await readCategory(wall, viewer, params.data.slug, query.data.page ?? 1) : null;
        if (!read) throw notFound('category');
        if ('movedTo' in read) return { movedTo: categoryPath(language, read.movedTo, query.data.page) };
        const said = categoryPage(read, language);
        const name = said.name.text;
        return {
          view: 'briefings/category',
          head: {
            title: read.page > 1 ? language.say('paging.title', { title: name, page: read.page }) : name,
            description: said.description?.text ?? null,
            path: `/categories/${read.category.slug}${read.page > 1 ? `?page=${read.page}` : ''}`,
            nav: await nav(viewer, read.category.slug),
            edit: `/desk/categories/${read.category.slug}`,
          },
          page: said,
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/briefings/:slug')
    .get(
      page(async (req, viewer) => {
        const params = slugOf.safeParse(req.params);
        const found = params.success ? await readBriefingAs(wall, viewer, params.data.slug) : null;
        if (!found) throw notFound('briefing');
        if ('movedTo' in found) return { movedTo: briefingPath(language, found.movedTo) };
        const { briefing } = found;
        const said = briefingPage(briefing, viewer, language);
        const path = `/briefings/${briefing.content.slug}`;
        const editions = Object.entries(briefing.content.editions)
          .filter(([, { title }]) => title !== null)
          .map(([lang]) => lang);
        const head: PageHead = {
          title: said.title.text,
          description: said.summary?.text ?? null,
          path,
          languages: editions,
          ogType: 'article',
          ogImage: said.cover && new URL(said.cover.src, site.publicUrl).href,
          jsonLd: describeArticle(briefing, said, language, site.publicUrl),
          nav: await nav(viewer, briefing.category.slug),
          edit: `/desk/briefings/${briefing.id}`,
        };
        return {
          view: 'briefings/briefing',
          head,
          page: said,
          gated: said.gates.length > 0,
          counts: countsOf(briefing.content.slug, viewer.rank, said.gates),
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  return router;
}
