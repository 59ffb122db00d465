import { Router } from 'express';
import { editorialViewer } from '../../access/viewer';
import { dropCopy, findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import { everShown, deletePictures } from '../../briefings/pictures/queries';
import { contentOf } from '../../briefings/reading/rows';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { onlyMethods } from '../../http/errors';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { editorPath } from '../editor/page';
import { renderDesk } from '../frame';
import type { DeletePage } from './page-types';
import { auditBriefing, auditFacts } from '../audit';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { titleOf } from '../format';

/** What readers may have met is archived first: then it is out of their reach, and may be deleted like a draft. */
export async function mayBeDeleted(
  db: WallTransaction,
  { id, base }: Pick<EditableBriefing, 'id' | 'base'>,
): Promise<boolean> {
  if (base.state === 'archived') return true;
  if (base.state === 'published' || base.publishedAt !== null) return false;
  return (
    (await db.revision.count({ where: { briefingId: id, content: { path: ['state'], equals: 'published' } } })) === 0
  );
}

/**
 * `/desk/briefings/:id/delete`: asks, then removes a draft that was never published or an archived briefing, history
 * and all.
 */
export function deleteRoutes({ wall, site, clock }: DeskParts, language: Language): Router {
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });

  router
    .route('/desk/briefings/:id/delete')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
      const at = await wall.read(editorialViewer, async (db) => {
        const found = await findEditable(db, id);
        return found && (await mayBeDeleted(db, found)) ? found : null;
      });
      if (!at) throw notFound('a draft that was never published, or an archived briefing');
      const title = titleOf(language, at.content).text;
      const page: DeletePage = {
        frame: briefingFrame(
          language,
          req,
          at,
          'publish',
          say(at.base.state === 'archived' ? 'desk.delete.archived.heading' : 'desk.delete.heading'),
          clock.now(),
          true,
        ),
        action: editorPath(language, id, '/delete'),
        text: say(at.base.state === 'archived' ? 'desk.delete.archived' : 'desk.delete.text', { title }),
        back: editorPath(language, id),
      };
      await renderDesk(site, language, req, res, 'delete', `/desk/briefings/${id}/delete`, page);
    })
    .post(async (req, res) => {
      const id = idOfBriefing(req);
      const by = await actorOf(wall, req, res);
      await wall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        const at = await findEditable(db, id);
        if (!at) throw notFound('briefing');
        if (!(await mayBeDeleted(db, at)))
          throw new Failure(409, 'a briefing that was published is archived before it is deleted');
        const shown = await everShown(db, id);
        await dropCopy(db, at);
        await auditBriefing(
          db,
          by,
          clock.now(),
          'briefing-deleted',
          { id, slug: at.base.slug },
          { before: auditFacts(contentOf(at.base), at.base.revision) },
        );
        await db.briefing.delete({ where: { id }, select: { id: true } });
        await deletePictures(db, shown);
      });
      res.redirect(303, `${prefix}/desk?done=deleted`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
