import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { recentRemovals } from '../../briefings/writing/restore-points';
import { findEditable } from '../../briefings/writing/working-copies';
import { reEncode } from '../../briefings/pictures/re-encode';
import { MOST_FIGURES } from '../../briefings/file/figures';
import { picturesOf } from '../../briefings/pictures/queries';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { loadEditorContext } from '../editor/context';
import { editorPath } from '../editor/page';
import { sendDeskPicture } from '../files/send-picture';
import { pictureError, onTooLarge } from '../files/upload-hints';
import { filesOf, pictureForm, uploadOf } from '../files/upload';
import { renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { editorOf, isScript } from '../staff';
import { addFigure, putFigureBack, removeFigure } from './store';
import { picturesPage } from './page';

/**
 * `/desk/briefings/:id/pictures`: the pictures that the texts of a briefing may show, and the desk's own look at them.
 */
export function picturesRoutes(parts: DeskParts, language: Language): Router {
  const { wall, bucket, site, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const show = async (req: Request, res: Response, id: string, error: string | null = null, status = 200) => {
    const found = await wall.read(editorialViewer, async (db) => {
      const at = await findEditable(db, id);
      return (
        at && {
          at,
          editorContext: await loadEditorContext(db, site.languages, id),
          removals: await recentRemovals(db, id, (at.copy ?? at.base).revision, clock.now()),
        }
      );
    });
    if (!found) throw notFound('briefing');
    const { at, editorContext, removals } = found;
    const frame = briefingFrame(language, req, at, 'pictures', say('desk.pictures.heading'), clock.now());
    const { added } = req.query;
    await renderDesk(
      site,
      language,
      req,
      res,
      'pictures',
      `/desk/briefings/${id}/pictures`,
      picturesPage(at, editorContext, language, {
        frame,
        wrong: error,
        added: typeof added === 'string' ? added : null,
        removed: [...new Set(removals.flatMap(({ content }) => Object.keys(content.figures)))],
        now: clock.now(),
      }),
      status,
    );
  };

  const refuse = async (req: Request, res: Response, why: string, status: number) => {
    if (isScript(req)) res.status(status).json({ outcome: 'refused', text: why });
    else await show(req, res, idOfBriefing(req), why, status);
  };

  router
    .route('/desk/briefings/:id/pictures')
    .get((req, res) => show(req, res, idOfBriefing(req)))
    .post(pictureForm, async (req, res) => {
      const id = idOfBriefing(req);
      const [file] = filesOf(uploadOf(req), 'picture');
      if (!file) return refuse(req, res, say('desk.cover.wrong.none'), 422);
      const picture = await reEncode(file.bytes);
      if ('refused' in picture) return refuse(req, res, pictureError(language, picture.refused), 422);
      const added = await addFigure(parts, id, picture, file.name);
      if (!added) throw notFound('briefing');
      if (added === 'many') return refuse(req, res, say('desk.pictures.many', { n: MOST_FIGURES }), 422);
      if (isScript(req)) return void res.json({ outcome: 'kept', name: added.name });
      const place = `#picture-${added.name.replace('.', '-')}`;
      res.redirect(303, `${editorPath(language, id, '/pictures')}?done=pictured&added=${added.name}${place}`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router.use(
    '/desk/briefings/:id/pictures',
    onTooLarge((req, res, status) => refuse(req, res, pictureError(language, 'bytes'), status)),
  );

  router
    .route('/desk/briefings/:id/pictures/:name')
    .get(async (req, res) => {
      const picture = await wall.read(editorialViewer, async (db) => {
        const at = await findEditable(db, idOfBriefing(req));
        return at && picturesOf(at.content).get(String(req.params['name']));
      });
      await sendDeskPicture({ wall, bucket }, res, picture);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/briefings/:id/pictures/:name/remove')
    .post(async (req, res) => {
      const id = idOfBriefing(req);
      const removed = await removeFigure(parts, id, String(req.params['name']), editorOf(res).id);
      if (!removed || removed === 'gone') throw notFound('picture');
      if (removed === 'used') return show(req, res, id, say('desk.pictures.used'), 409);
      res.redirect(303, `${editorPath(language, id, '/pictures')}?done=unpictured`);
    })
    .all(onlyMethods('POST'));

  router
    .route('/desk/briefings/:id/pictures/:name/restore')
    .post(async (req, res) => {
      const id = idOfBriefing(req);
      const name = String(req.params['name']);
      const back = await putFigureBack(parts, id, name);
      if (back !== 'back') throw notFound('picture');
      res.redirect(
        303,
        `${editorPath(language, id, '/pictures')}?done=put-back&added=${name}#picture-${name.replace('.', '-')}`,
      );
    })
    .all(onlyMethods('POST'));
  return router;
}
