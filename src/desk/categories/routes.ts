import { Router } from 'express';
import { editorialViewer } from '../../access/viewer';
import { categoryLabel } from '../../briefings/reading/cards';
import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { langsOf } from '../records/actions';
import { slugFrom } from '../records/forms';
import { versionOf } from '../records/record';
import { openRecordRoutes, type RecordSection } from '../records/routes';
import { actorOf } from '../staff';
import { moveCategory } from './actions';
import { parseCategoryForm, readMove, typedOf, validateCategory, type CategoryInput } from './forms';
import { categoryKind } from './kind';
import { categoriesPage, categoryPage } from './pages';
import { countBriefings } from './queries';

/** `/desk/categories`: what briefings are sorted into, in which order, under which names and addresses. */
export function categoryRoutes(parts: DeskParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  openRecordRoutes(router, parts, language, categorySection(parts, language));
  router
    .route('/desk/categories/:slug/move')
    .post(formBody, async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      await moveCategory(parts, slug, readMove(req.body), await actorOf(parts.wall, req, res));
      res.redirect(303, `${language.prefix}/desk/categories?done=category-moved`);
    })
    .all(onlyMethods('POST'));
  return router;
}

function categorySection({ wall, site }: DeskParts, language: Language): RecordSection<CategoryRow, CategoryInput> {
  const { languages } = site;
  const home = { label: language.say('desk.categories.heading'), href: `${language.prefix}/desk/categories` };
  const titleOf = ({ slug, texts }: CategoryRow) => categoryLabel(slug, texts, language).name.text;
  return {
    kind: categoryKind,
    section: 'categories',
    parse: parseCategoryForm,
    validate: validateCategory,
    titleOf,
    showAll: async (req, res, state, status) => {
      const { rows, counts } = await wall.read(editorialViewer, async (db) => ({
        rows: await findCategories(db),
        counts: await countBriefings(db),
      }));
      const frame = deskFrame(language, req, 'categories', home.label);
      const page = categoriesPage(language, languages, frame, rows, counts, state);
      await renderDesk(site, language, req, res, 'categories/list', '/desk/categories', page, status);
    },
    showOne: async (req, res, row, state = {}, status = 200) => {
      const langs = langsOf(site);
      const stands = categoryKind.inputOf(row, langs);
      const frame = deskFrame(language, req, 'categories', titleOf(row), [home]);
      const page = categoryPage(language, languages, frame, {
        slug: row.slug,
        version: state.version ?? versionOf(categoryKind, row, langs),
        typed: state.typed ?? typedOf(stands, langs),
        wrong: state.wrong ?? {},
        theirs: state.conflict ? stands : null,
      });
      await renderDesk(site, language, req, res, 'categories/category', `/desk/categories/${row.slug}`, page, status);
    },
  };
}
