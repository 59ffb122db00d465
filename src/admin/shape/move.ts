import { Router, type Request, type Response } from 'express';
import { adminViewer, editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { loadShape } from '../../site/shape/load';
import { nameIn, type BriefingShape } from '../../site/shape/shape';
import { actionContext, perform, type AdminAction } from '../action/perform';
import { readFormFields, submissionOf } from '../action/submission';
import { withQuery } from '../fields';
import { staffOnly } from '../staff';
import { isGrowing, lockShape, orderWords } from './change';
import { groupIn, SHAPE_PATH, wordIn, type ShapeContext, type ShapeParts } from './parts';

/**
 * `POST /admin/shape/:group/:slug/move`: puts a word one place up or down on pages, or back to a place. Files keep
 * their order.
 */
export function wordMoveRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${SHAPE_PATH}/:group/:slug/move`)
    .all(staffOnly(language, ['admin']))
    .post(formBody, (req, res) => move({ parts, language }, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function move({ parts, language }: ShapeContext, req: Request, res: Response): Promise<void> {
  const group = groupIn(req);
  if (!isGrowing(group)) throw notFound('a word that can be moved');
  const submission = submissionOf(readFormFields(req));
  const { way, place } = submission.fields;
  const isPlace = place !== undefined && /^[1-9]\d{0,2}$/.test(place);
  if (way !== 'up' && way !== 'down' && !isPlace) throw new Failure(400, 'the body is not that of the form');
  const placesOf = (shape: BriefingShape) => {
    const from = (shape[group] as readonly object[]).indexOf(wordIn(shape, group, req));
    return { from, to: isPlace ? Number(place) - 1 : way === 'up' ? from - 1 : from + 1 };
  };
  const action: AdminAction<BriefingShape> = {
    name: 'word-moved',
    targetId: `${group}/${String(req.params['slug'])}`,
    reason: 'optional',
    load: () => parts.wall.read(editorialViewer, loadShape),
    // It stands at the end already, because somebody else has moved it there.
    check: (shape) => {
      const { from, to } = placesOf(shape);
      return to < 0 || to >= shape[group].length || to === from ? 'nothing' : null;
    },
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    lock: lockShape,
    reload: loadShape,
    entry: (shape) => {
      const { from, to } = placesOf(shape);
      const word = wordIn(shape, group, req);
      return {
        target: { kind: 'shape', id: `${group}/${word.slug}`, name: nameIn(word, language) },
        before: { 'word-place': from + 1 },
        after: { 'word-place': to + 1 },
      };
    },
    write: async (db, shape) => {
      const { from, to } = placesOf(shape);
      const slugs = shape[group].map(({ slug }) => slug);
      slugs.splice(to, 0, ...slugs.splice(from, 1));
      await orderWords(db, group, slugs);
    },
  };
  await perform(action, submission, await actionContext(parts, language, req, res));
  res.redirect(303, `${withQuery(`${language.prefix}${SHAPE_PATH}`, { done: 'word-moved' })}#shape-${group}`);
}
