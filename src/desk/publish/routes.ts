import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withPresentNames } from '../../http/former-fields';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { isPrintable, typedLine } from '../../lib/line';
import { readLocal, writeWithOffset } from '../../lib/local-time';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { editorPath } from '../editor/page';
import { renderDesk, type DeskNotice } from '../frame';
import { readMoment } from '../moment';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { performAction, type WorkflowResult } from './workflow';
import { WORKFLOW_ACTIONS, type WorkflowAction } from './actions';
import { correct, withdrawCorrection } from './corrections';
import { publishPage, readPublish, type PublishErrors } from './page';

const DONE: Readonly<Record<WorkflowAction, DeskNotice>> = {
  publish: 'published',
  schedule: 'scheduled',
  submit: 'submitted',
  keep: 'kept',
  return: 'returned',
  unpublish: 'unpublished',
  archive: 'archived',
};

/**
 * What has been done, in the words of where the briefing stood: what is kept of one that readers have, they have at
 * once.
 */
function doneOf(name: WorkflowAction, stood: Extract<WorkflowResult, { outcome: 'done' }>['stood']): DeskNotice {
  if (name === 'keep') return stood === 'published' || stood === 'scheduled' ? stood : 'kept';
  return name === 'unpublish' && stood === 'scheduled' ? 'unscheduled' : DONE[name];
}

const publishForm = z.object({
  act: z.enum(WORKFLOW_ACTIONS),
  version: z.string().max(100),
  when: z.string().max(40).optional(),
  sure: z.string().optional(),
  updated: z.string().optional(),
});

/** What is wrong with a time to come out at: it is none to come, or clocks leave it out or show it twice. */
function wrongWhen(language: Language, typed: string): Pick<PublishErrors, 'when' | 'meant'> {
  const { say, zone } = language;
  const read = readLocal(typed, zone);
  if (read.is !== 'skipped' && read.is !== 'twice') return { when: say('desk.refused.when', { zone }) };
  return {
    when: say(`desk.refused.when.${read.is}`),
    meant: [read.earlier, read.later].map((at) => ({
      value: writeWithOffset(at, zone),
      label: `${language.moment(at)} (${writeWithOffset(at, zone)})`,
    })),
  };
}

/** `/desk/briefings/:id/publish`: the checklist, and everything that brings a briefing to readers or away from them. */
export function publishRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const show = async (req: Request, res: Response, id: string, errors: PublishErrors = {}, status = 200) => {
    const found = await readPublish(wall, site.languages, id);
    if (!found) throw notFound('briefing');
    const now = clock.now();
    const frame = briefingFrame(language, req, found.at, 'publish', say('desk.publish.heading'), now);
    const page = publishPage({ ...found, language, languages: site.languages, now, wrong: errors }, frame);
    await renderDesk(site, language, req, res, 'publish', `/desk/briefings/${id}/publish`, page, status);
  };

  const refuse = (
    req: Request,
    res: Response,
    id: string,
    acted: Extract<WorkflowResult, { outcome: 'refused' }>,
    asked: WorkflowAction,
    typed: string | undefined,
  ) => {
    const { because, details } = acted;
    const text =
      because === 'when'
        ? {}
        : { text: details === undefined ? say(`desk.refused.${because}`) : `${say('desk.refused.file')} ${details}` };
    return show(
      req,
      res,
      id,
      {
        ...text,
        ...(because === 'sure' ? { unsure: asked } : {}),
        ...(because === 'when' ? wrongWhen(language, typed ?? '') : {}),
        ...(typed === undefined ? {} : { typed }),
      },
      because === 'version' || because === 'act' ? 409 : 422,
    );
  };

  router
    .route('/desk/briefings/:id/publish')
    .get((req, res) => show(req, res, idOfBriefing(req)))
    .post(formBody, async (req, res) => {
      const id = idOfBriefing(req);
      const body = publishForm.safeParse(req.body);
      if (!body.success) throw new Failure(400, 'not a form of the checklist');
      const { act: name, version, when, sure, updated } = body.data;
      const acted = await performAction(
        parts,
        id,
        {
          act: name,
          version,
          when: when === undefined ? null : readMoment(when, language.zone),
          sure: sure !== undefined,
          updated: updated !== undefined,
        },
        await actorOf(wall, req, res),
      );
      if (!acted) throw notFound('briefing');
      if (acted.outcome === 'refused') {
        if (acted.because === 'ask') return res.redirect(303, editorPath(language, id, `/${name}`));
        return refuse(req, res, id, acted, name, when);
      }
      res.redirect(303, `${editorPath(language, id)}?done=${doneOf(name, acted.stood)}`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/briefings/:id/corrections')
    .post(formBody, async (req, res) => {
      const id = idOfBriefing(req);
      const body = z.object({ submission: z.uuid() }).catchall(z.string()).safeParse(withPresentNames(req.body));
      if (!body.success) throw new Failure(400, 'not the form of a correction');
      const texts = new Map(
        site.languages.all.flatMap(({ code }) => {
          const text = typedLine(body.data[`correction.${code}`] ?? '');
          return text === '' ? [] : [[code, text] as const];
        }),
      );
      if (texts.size === 0 || [...texts.values()].some((text) => text.length > 600 || !isPrintable(text)))
        return show(req, res, id, { correction: { error: say('desk.correction.wrong'), typed: texts } }, 422);
      if (!(await correct(parts, id, body.data.submission, texts, await actorOf(wall, req, res))))
        throw notFound('a published briefing');
      res.redirect(303, `${editorPath(language, id, '/publish')}?done=corrected`);
    })
    .all(onlyMethods('POST'));

  router
    .route('/desk/briefings/:id/corrections/:correction/withdraw')
    .post(async (req, res) => {
      const id = idOfBriefing(req);
      const correction = z.uuid().safeParse(req.params.correction);
      if (!correction.success || !(await withdrawCorrection(parts, id, correction.data, await actorOf(wall, req, res))))
        throw notFound('correction');
      res.redirect(303, `${editorPath(language, id, '/publish')}?done=withdrawn`);
    })
    .all(onlyMethods('POST'));

  return router;
}
