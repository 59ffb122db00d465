import type { IncomingMessage } from 'node:http';
import { Router } from 'express';
import { z } from 'zod';
import type { Viewer } from '../../access/viewer';
import '../../membership/reader';
import { onlyMethods } from '../../http/errors';
import { frontHead, type SiteContext, type PageHead } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import type { CachedPages, PageRequest } from '../../http/cache/cached-pages';
import { NO_PARAMETERS, oneOf, pageNumber, type QueryParameters } from '../../http/cache/page-address';
import { isReading } from '../../http/reading';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { Bucket } from '../../stores/bucket';
import type { Counters } from '../../stores/counters';
import type { Wall } from '../../stores/postgres/wall';
import { briefingPath, categoryPath } from './cards';
import { countsOf } from './view-counts';
import { describeArticle } from './json-ld';
import { categoryNav } from './category-nav';
import { sharedPicture } from './page-parts';
import { briefingPage } from './briefing-page';
import { readFront } from '../front/read';
import { frontPage } from '../front/page';
import { categoryPage } from './category-page';
import { sendPicture } from '../pictures/send-picture';
import { readBriefingAs, readCategory } from './queries';

export interface BriefingParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
  readonly counters: Pick<Counters, 'count'>;
}

const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });

/** The pictures of briefings, as public as what they stand in. */
export function pictureRoutes({
  wall,
  bucket,
}: Pick<BriefingParts, 'wall'> & { readonly bucket: Bucket | null }): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/pictures/:file')
    .get(async (req, res) => {
      const { viewer, account, unverified } = res.locals.reader;
      await sendPicture(req, res, {
        wall,
        bucket,
        viewer,
        file: req.params.file,
        headers: { 'Cache-Control': account || unverified ? 'private, no-cache' : 'public, no-cache' },
        // They may be a member whose picture it is: that is not known now.
        unseen: () =>
          unverified
            ? new Failure(503, 'nobody can say now whether this reader may see the picture', {
                headers: { 'Retry-After': '10' },
              })
            : notFound('picture'),
      });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** A page of a reader, as its handler says it. */
interface Said {
  readonly view: string;
  readonly head: PageHead;
  readonly page: object;
  readonly gated?: boolean;
  /** What sending it counts for. */
  readonly counts?: readonly string[];
}

/** The reader's pages in one language: front, category, briefing. */
export function briefingRoutes({ site, wall, cachedPages, counters }: BriefingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });

  const nav = (viewer: Viewer, current: string | null) => categoryNav(site, viewer, language, current);

  const counting =
    (counts: readonly string[]) =>
    (asked: IncomingMessage): void => {
      if (isReading(asked)) counters.count(counts);
    };

  /** One page: the handler reads and says, this lays it out. */
  const page = <const Known extends QueryParameters>(
    known: Known,
    handle: (request: PageRequest<Known>) => Promise<Said | { readonly movedTo: string }>,
  ) =>
    cachedPages.handler(known, async (request) => {
      const answer = await handle(request);
      if ('movedTo' in answer) return answer;
      const { audience, atDesk } = request.reader;
      const layout = layoutOf(site, language, {
        ...answer.head,
        audience,
        rank: request.reader.viewer.rank,
        edit: atDesk ? (answer.head.edit ?? null) : null,
      });
      return { ...answer, layout, sent: answer.counts ? counting(answer.counts) : null };
    });

  router
    .route('/')
    .get(
      page({ texts: oneOf('all', 'own') }, async ({ values, reader: { viewer } }) => {
        const own = values.texts === 'own';
        const front = await readFront(wall, viewer, own ? language.code : null);
        const head = {
          ...frontHead(site, language),
          nav: await nav(viewer, null),
        };
        return { view: 'briefings/front', head, page: frontPage(front, site.shape.current, language, own) };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/categories/:slug')
    .get(
      page({ page: pageNumber }, async ({ params, values, reader: { viewer } }) => {
        const slug = slugOf.safeParse(params).data?.slug;
        const number = Number(values.page || 1);
        const read = slug === undefined ? null : await readCategory(wall, viewer, slug, number);
        if (!read) throw notFound('category');
        if ('movedTo' in read) return { movedTo: categoryPath(language, read.movedTo, number) };
        const view = categoryPage(read, site.shape.current, language);
        const name = view.name.text;
        return {
          view: 'briefings/category',
          head: {
            title: read.page > 1 ? language.say('paging.title', { title: name, page: read.page }) : name,
            description: view.description?.text ?? null,
            path: `/categories/${read.category.slug}${read.page > 1 ? `?page=${read.page}` : ''}`,
            feedsOf: `/categories/${read.category.slug}`,
            nav: await nav(viewer, read.category.slug),
            edit: `/desk/categories/${read.category.slug}`,
          },
          page: view,
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/briefings/:slug')
    .get(
      page(NO_PARAMETERS, async ({ params, reader: { viewer } }) => {
        const slug = slugOf.safeParse(params).data?.slug;
        const found = slug === undefined ? null : await readBriefingAs(wall, viewer, slug);
        if (!found) throw notFound('briefing');
        if ('movedTo' in found) return { movedTo: briefingPath(language, found.movedTo) };
        const { briefing } = found;
        const view = briefingPage(briefing, viewer, site.shape.current, language);
        const path = `/briefings/${briefing.content.slug}`;
        const editions = Object.entries(briefing.content.editions)
          .filter(([, { title }]) => title !== null)
          .map(([lang]) => lang);
        const head: PageHead = {
          title: view.title.text,
          description: view.summary?.text ?? null,
          path,
          languages: editions,
          embeds: true,
          ogType: 'article',
          ogImage: sharedPicture(view, site.publicUrl),
          jsonLd: describeArticle(briefing, view, language, site.publicUrl),
          nav: await nav(viewer, briefing.category.slug),
          edit: `/desk/briefings/${briefing.id}`,
        };
        return {
          view: 'briefings/briefing',
          head,
          page: view,
          gated: view.gates.length > 0,
          counts: countsOf(briefing.content.slug, viewer.rank, view.gates),
        };
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  return router;
}
