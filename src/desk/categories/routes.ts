import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { editorialViewer, accountsViewer } from '../../access/viewer';
import { categoryLabel } from '../../briefings/reading/cards';
import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import { KEY } from '../../briefings/file/shape';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { actorOf, editorOf } from '../staff';
import { changeCategory, deleteCategory, makeCategory, moveCategory } from './actions';
import {
  readMove,
  readSubmissionId,
  readExpectedVersion,
  parseCategoryForm,
  validateCategory,
  type CategoryFields,
  type CategoryErrors,
} from './forms';
import { categoriesPage, categoryPage, categoryRoom, deletePage, typedNow } from './pages';
import { countBriefings, findCategory, markOf, usersOf, wishOf } from './queries';

/** `/desk/categories`: what briefings are sorted into, in which order, under which names and addresses. */
export function categoryRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site } = parts;
  const { say, prefix } = language;
  const langs = site.languages.all.map(({ code }) => code);
  const home = `${prefix}/desk/categories`;
  const trail = [{ label: say('desk.categories.heading'), href: home }];
  const router = Router({ caseSensitive: true, strict: true });

  const slugIn = (req: Request) => {
    const slug = String(req.params['slug']);
    if (!KEY.test(slug) || slug.length > 80) throw notFound('category');
    return slug;
  };
  const find = async (db: WallTransaction, slug: string) => {
    const row = await findCategory(db, slug);
    if (!row) throw notFound('category');
    return row;
  };
  const nameOf = ({ slug, texts }: CategoryRow) => categoryLabel(slug, texts, language).name.text;

  const showAll = async (
    req: Request,
    res: Response,
    state: { typed: CategoryFields; wrong?: CategoryErrors; once: string },
    status = 200,
  ) => {
    const { rows, counts } = await wall.read(editorialViewer, async (db) => ({
      rows: await findCategories(db),
      counts: await countBriefings(db),
    }));
    await renderDesk(
      site,
      language,
      req,
      res,
      'categories/list',
      '/desk/categories',
      categoriesPage(
        language,
        site.languages,
        deskFrame(language, req, 'categories', say('desk.categories.heading')),
        rows,
        counts,
        state,
      ),
      status,
    );
  };
  const showOne = async (
    req: Request,
    res: Response,
    row: CategoryRow,
    {
      typed = typedNow(row, site.languages),
      wrong = {},
      seen = markOf(row, langs),
      conflict = false,
    }: { typed?: CategoryFields; wrong?: CategoryErrors; seen?: string; conflict?: boolean } = {},
    status = 200,
  ) => {
    const page = categoryPage(language, site.languages, deskFrame(language, req, 'categories', nameOf(row), trail), {
      slug: row.slug,
      seen,
      typed,
      wrong,
      theirs: conflict ? wishOf(row, langs) : null,
    });
    await renderDesk(site, language, req, res, 'categories/category', `/desk/categories/${row.slug}`, page, status);
  };
  const showDelete = async (req: Request, res: Response, slug: string, status = 200) => {
    const { row, users } = await wall.read(editorialViewer, async (db) => {
      const found = await find(db, slug);
      return { row: found, users: await usersOf(db, found.slug) };
    });
    const page = deletePage(
      language,
      deskFrame(language, req, 'categories', say('desk.category.delete'), [
        ...trail,
        { label: nameOf(row), href: categoryRoom(language, row.slug) },
      ]),
      row,
      users,
      markOf(row, langs),
    );
    await renderDesk(
      site,
      language,
      req,
      res,
      'categories/delete',
      `/desk/categories/${row.slug}/delete`,
      page,
      status,
    );
  };

  router
    .route('/desk/categories')
    .get((req, res) => showAll(req, res, { typed: {}, once: randomUUID() }))
    .post(formBody, async (req, res) => {
      const [typed, once] = [parseCategoryForm(req.body, langs), readSubmissionId(req.body)];
      const wasMade = () =>
        wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, actorId: editorOf(res).id, action: 'category-made' },
            select: { id: true },
          }),
        );
      const read = validateCategory(typed, langs);
      if ('wrong' in read) return showAll(req, res, { typed, wrong: read.wrong, once }, 422);
      const made = await makeCategory(parts, read.input, once, await actorOf(wall, req, res));
      if (made.outcome === 'taken' && !(await wasMade()))
        return showAll(req, res, { typed, wrong: made.wrong, once }, 422);
      res.redirect(303, `${home}?done=category-made`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/categories/:slug')
    .get(async (req, res) => {
      const slug = slugIn(req);
      const row = await wall.read(editorialViewer, (db) => find(db, slug));
      if (row.slug !== slug) return res.redirect(302, categoryRoom(language, row.slug));
      await showOne(req, res, row);
    })
    .post(formBody, async (req, res) => {
      const slug = slugIn(req);
      const [typed, seen] = [parseCategoryForm(req.body, langs), readExpectedVersion(req.body)];
      const row = await wall.read(editorialViewer, (db) => find(db, slug));
      const read = validateCategory(typed, langs);
      if ('wrong' in read) return showOne(req, res, row, { typed, wrong: read.wrong, seen }, 422);
      const changed = await changeCategory(parts, slug, read.input, seen, await actorOf(wall, req, res));
      if (changed.outcome === 'taken') return showOne(req, res, row, { typed, wrong: changed.wrong, seen }, 422);
      if (changed.outcome === 'moved') return showOne(req, res, changed.row, { typed, conflict: true }, 409);
      res.redirect(303, `${home}?done=category-changed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/categories/:slug/move')
    .post(formBody, async (req, res) => {
      await moveCategory(parts, slugIn(req), readMove(req.body), await actorOf(wall, req, res));
      res.redirect(303, `${home}?done=category-moved`);
    })
    .all(onlyMethods('POST'));

  router
    .route('/desk/categories/:slug/delete')
    .get((req, res) => showDelete(req, res, slugIn(req)))
    .post(formBody, async (req, res) => {
      const slug = slugIn(req);
      if ((await deleteCategory(parts, slug, readExpectedVersion(req.body), await actorOf(wall, req, res))) !== 'done')
        return showDelete(req, res, slug, 409);
      res.redirect(303, `${home}?done=category-deleted`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
