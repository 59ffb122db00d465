import { Router } from 'express';
import { editorialViewer } from '../../access/viewer';
import { findEditable } from '../../briefings/writing/working-copies';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { editorPath } from '../editor/page';
import { renderDesk } from '../frame';
import type { AskPage } from '../page-types';
import type { DeskParts } from '../parts';
import { titleOf, currentState } from '../format';
import { workflowActionsFor, asksFirst } from './actions';

/** `/desk/briefings/:id/unpublish` and `/archive`: what will happen, and the button that does it. */
export function askRoutes({ wall, site, clock }: DeskParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });
  for (const act of ['unpublish', 'archive'] as const) {
    router
      .route(`/desk/briefings/:id/${act}`)
      .get(async (req, res) => {
        const id = idOfBriefing(req);
        const at = await wall.read(editorialViewer, (db) => findEditable(db, id));
        const now = clock.now();
        if (!at || !workflowActionsFor(at, now).includes(act)) throw notFound(`a briefing to ${act}`);
        const stood = currentState(at.content, now);
        if (!asksFirst(act, stood)) throw notFound(`a question before it is done: ${act}`);
        const title = titleOf(language, at.content).text;
        const page: AskPage = {
          frame: briefingFrame(language, req, at, 'publish', say(`desk.ask.${act}`), now, true),
          action: editorPath(language, id, '/publish'),
          text: say(`desk.ask.${act}.${stood === 'published' ? 'live' : 'draft'}`, { title }),
          consequence: say('desk.ask.kept'),
          hidden: { act, version: at.version, sure: '1' },
          do: say(`desk.act.${act}`),
          back: editorPath(language, id, '/publish'),
        };
        await renderDesk(site, language, req, res, 'ask', `/desk/briefings/${id}/${act}`, page);
      })
      .all(onlyMethods('GET', 'HEAD'));
  }
  return router;
}
