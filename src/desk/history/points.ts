import { Router, type Request } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { deletePictures, picturesOf } from '../../briefings/pictures/queries';
import { findRestorePoint, type RestorePoint } from '../../briefings/writing/restore-points';
import {
  findEditable,
  addRestorePointOf,
  suppressPageInvalidation,
  writeCopy,
} from '../../briefings/writing/working-copies';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { loadEditorContext } from '../editor/context';
import { editorPath } from '../editor/page';
import { formatMoment, renderDesk } from '../frame';
import { namesOf } from '../names';
import type { RevisionPage } from './page-types';
import type { DeskParts } from '../parts';
import { editorOf } from '../staff';
import { changesBetween } from './changes';

/** Before what a restore point was made, in words. */
export function sayPoint(
  { say }: Language,
  { reason, authorId }: Pick<RestorePoint, 'reason' | 'authorId'>,
  names: ReadonlyMap<string, string>,
): string {
  return say(`desk.point.before.${reason}`, { name: names.get(authorId ?? '') ?? say('desk.nobody') });
}

const pointId = z.uuid();

/**
 * `/desk/briefings/:id/points/:point`: what the working copy said before, how that differs from what it says now, and
 * the way back to it. Readers see nothing of it.
 */
export function pointRoutes({ wall, site, clock }: DeskParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const pointOf = (req: Request) => {
    const parsed = pointId.safeParse(req.params['point']);
    if (!parsed.success) throw notFound('restore point');
    return parsed.data;
  };

  router
    .route('/desk/briefings/:id/points/:point')
    .get(async (req, res) => {
      const [id, of] = [idOfBriefing(req), pointOf(req)];
      const found = await wall.read(editorialViewer, async (db) => {
        const at = await findEditable(db, id);
        const point = at && (await findRestorePoint(db, id, of));
        return at && point && { at, point, editorContext: await loadEditorContext(db, site.languages, id) };
      });
      if (!found) throw notFound('restore point');
      const { at, point, editorContext } = found;
      const page: RevisionPage = {
        frame: briefingFrame(language, req, at, 'revisions', say('desk.point'), clock.now(), true),
        moment: formatMoment(language, point.createdAt),
        by: sayPoint(language, point, await namesOf(wall, [point.authorId])),
        changes: changesBetween(language, editorContext, clock.now(), at.content, point.content),
        wrong: null,
        same: say('desk.point.same'),
        restore: editorPath(language, id, `/points/${of}/restore`),
        readers: null,
        restoreLabel: say('desk.point.restore'),
        restoreText: say('desk.point.restore.text'),
      };
      await renderDesk(site, language, req, res, 'history/revision', `/desk/briefings/${id}/points/${of}`, page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/briefings/:id/points/:point/restore')
    .post(async (req, res) => {
      const [id, of] = [idOfBriefing(req), pointOf(req)];
      const accountId = editorOf(res).id;
      const now = clock.now();
      await wall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        await suppressPageInvalidation(db);
        const at = await findEditable(db, id);
        const point = at && (await findRestorePoint(db, id, of));
        if (!at || !point) throw notFound('restore point');
        // The words come back. Where the briefing stands does not change, nor does a category that is gone come back.
        const { formerly, state, published, category } = at.content;
        const there = (await db.category.count({ where: { slug: point.content.category } })) > 0;
        const content = {
          ...point.content,
          formerly,
          state,
          published,
          category: there ? point.content.category : category,
        };
        if (at.copy) await addRestorePointOf(db, at, 'restore', { accountId, now });
        await writeCopy(
          db,
          at,
          { content, unfinished: point.unfinished, renewed: [] },
          { accountId, saveKey: 'restore:0', now },
        );
        await deletePictures(
          db,
          [...picturesOf(at.content).values()].map((picture) => picture.id),
        );
      });
      res.redirect(303, `${editorPath(language, id)}?done=recovered`);
    })
    .all(onlyMethods('POST'));
  return router;
}
