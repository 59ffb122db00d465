import { Router, type RequestHandler } from 'express';
import { canSeeBriefing } from '../access/briefings';
import type { Viewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import type { Language } from '../lib/language';
import { loadMatrix } from '../membership/matrix';
import '../membership/reader';
import { momentOf, type Wall } from '../stores/postgres/wall';
import { briefingPath } from './reading/cards';
import type { SitePages } from '../site/pages/catalogue';
import { embargoOf } from './reading/rows';

/** The slug of the briefing that had this address elsewhere and is there for this viewer; null otherwise. */
export function movedPath(wall: Wall, viewer: Viewer, path: string): Promise<string | null> {
  return wall.read(viewer, async (db) => {
    const found = await db.formerPath.findUnique({
      where: { path },
      select: {
        briefing: { select: { slug: true, state: true, publishedAt: true, earlyTier: true, earlyUntil: true } },
      },
    });
    if (!found) return null;
    const { slug, state, publishedAt: published, ...early } = found.briefing;
    const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
    return canSeeBriefing(matrix, viewer, { state, published, early: embargoOf(early) }, now) ? slug : null;
  });
}

interface FormerPathParts {
  readonly wall: Wall;
  readonly site: { readonly pages: Pick<SitePages, 'hasFormerPaths'> };
}

/**
 * The addresses that briefings had elsewhere: they lead on for good. These routes come behind all others, so that none
 * takes the address of a page.
 */
export function formerPathRoutes({ wall, site }: FormerPathParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const leadOn: RequestHandler = async ({ path }, res, next) => {
    if (!site.pages.hasFormerPaths) return next('route');
    const slug = await movedPath(wall, res.locals.reader.viewer, path);
    if (slug === null) return next('route');
    res.redirect(301, briefingPath(language, slug));
  };
  // Ghost's addresses are of one part, as others of ours are; Substack's of two.
  router.route('/:slug').get(leadOn);
  router.route('/p/:slug').get(leadOn).all(onlyMethods('GET', 'HEAD'));
  return router;
}
