import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer, type Viewer } from '../../access/viewer';
import { accountFrame, renderSection, sectionPath } from '../../accounts/own/frame';
import { ownerOf, ownerOnly } from '../../accounts/own/owner';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { pageNumber } from '../../http/cache/page-address';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import '../../membership/reader';
import { cardView, loadCards, openTo } from '../reading/cards';
import { pagingOf } from '../reading/paging';
import type { BriefingParts } from '../reading/routes';
import type { ReadingListPage } from './page-types';

const slugForm = z.object({ briefing: z.string().regex(/^[a-z0-9-]{1,80}$/) });
const PER_PAGE = 12;

/**
 * `/account/reading-list`: what its owner keeps to read, the last kept first. What they do not meet any more is left
 * out, and comes back with their right to it.
 */
export function readingListRoutes({ site, wall }: BriefingParts, language: Language): Router {
  const at = (page: number) => `${sectionPath(language, 'reading')}${page > 1 ? `?page=${page}` : ''}`;
  const router = Router({ caseSensitive: true, strict: true });

  const show = async (req: Request, res: Response) => {
    const asked = req.query['page'] ?? '';
    const number = typeof asked === 'string' ? (asked === '' ? '' : pageNumber(asked)) : null;
    if (number === null) throw new Failure(400, 'no number of a page');
    const entries = await wall.read(accountsViewer, (db) =>
      db.kept.findMany({
        where: { accountId: ownerOf(res).id },
        orderBy: [{ keptAt: 'desc' }, { briefingId: 'asc' }],
        select: { briefingId: true },
      }),
    );
    const read = await readKept(res.locals.reader.viewer, entries, Number(number || 1));
    if (!read) throw notFound('page');
    const page: ReadingListPage = {
      frame: accountFrame(language, req, res, 'reading'),
      cards: read.cards.map((row) => ({ slug: row.slug, card: cardView(row, language, site.shape.current) })),
      remove: `${sectionPath(language, 'reading')}/remove`,
      paging: pagingOf(Number(number || 1), read.pages, at),
    };
    await renderSection(site, language, req, res, 'reading', 'reading-list', page);
  };

  const readKept = (viewer: Viewer, entries: readonly { readonly briefingId: string }[], page: number) =>
    wall.read(viewer, async (db) => {
      const ids = entries.map(({ briefingId }) => briefingId);
      const open = await openTo(db, viewer);
      const rows = await db.briefing.findMany({ where: { id: { in: ids }, AND: open }, select: { id: true } });
      const there = new Set(rows.map(({ id }) => id));
      const shown = ids.filter((id) => there.has(id));
      const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
      if (page > pages) return null;
      return { pages, cards: await loadCards(db, shown.slice((page - 1) * PER_PAGE, page * PER_PAGE)) };
    });

  /** The briefing a form names, where the owner meets it. @throws Failure 400, 404. */
  const briefingIn = async (req: Request, res: Response) => {
    const read = slugForm.safeParse(req.body);
    if (!read.success) throw new Failure(400, 'not a form of the reading list');
    const { viewer } = res.locals.reader;
    const found = await wall.read(viewer, async (db) =>
      db.briefing.findFirst({
        where: { slug: read.data.briefing, AND: await openTo(db, viewer) },
        select: { id: true },
      }),
    );
    if (!found) throw notFound('briefing');
    return { accountId: ownerOf(res).id, briefingId: found.id };
  };

  router.use('/account/reading-list', ownerOnly(language));
  router
    .route('/account/reading-list')
    .get(show)
    .post(formBody, async (req, res) => {
      const row = await briefingIn(req, res);
      await wall.write(accountsViewer, (db) => db.kept.createMany({ data: [row], skipDuplicates: true }));
      res.redirect(303, sectionPath(language, 'reading', 'reading-kept'));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/reading-list/remove')
    .post(formBody, async (req, res) => {
      const row = await briefingIn(req, res);
      await wall.write(accountsViewer, (db) => db.kept.deleteMany({ where: row }));
      res.redirect(303, sectionPath(language, 'reading', 'reading-removed'));
    })
    .all(onlyMethods('POST'));
  return router;
}
