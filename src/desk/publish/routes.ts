import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { formatInstant } from '../../briefings/reading/cards';
import { findEditable } from '../../briefings/writing/working-copies';
import { tierTextsIn } from '../../membership/tiers';
import { LocaleFallback } from '../../briefings/reading/localized';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { isPrintable, typedLine } from '../../lib/line';
import { readLocal, writeLocal, writeWithOffset } from '../../lib/local-time';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { check, passedEmbargoes } from '../check';
import { loadEditorContext } from '../editor/context';
import { editorPath } from '../editor/page';
import { formatMoment, renderDesk, type DeskNotice } from '../frame';
import { readMoment } from '../moment';
import type { PublishPage, Sides } from '../page-types';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { findingViews, stateMark } from '../format';
import { performAction, movedOn, type WorkflowResult } from './workflow';
import { WORKFLOW_ACTIONS, workflowActionsFor, type WorkflowAction } from './actions';
import { correct, withdrawCorrection } from './corrections';
import { mayBeDeleted } from './delete';

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

const wished = z.object({
  act: z.enum(WORKFLOW_ACTIONS),
  version: z.string().max(100),
  when: z.string().max(40).optional(),
  sure: z.string().optional(),
  updated: z.string().optional(),
});

interface PublishErrors {
  readonly text?: string;
  /** Whose tick is missing. */
  readonly unsure?: WorkflowAction;
  readonly when?: string;
  /** Which moments a time of the clock may mean. */
  readonly meant?: readonly { readonly value: string; readonly label: string }[];
  readonly typed?: string;
  readonly correction?: { readonly error: string; readonly typed: ReadonlyMap<string, string> };
}

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

  const show = async (req: Request, res: Response, id: string, wrong: PublishErrors = {}, status = 200) => {
    const found = await wall.read(editorialViewer, async (db) => {
      const at = await findEditable(db, id);
      return (
        at && {
          at,
          around: await loadEditorContext(db, site.languages, id),
          deletable: await mayBeDeleted(db, at),
          corrections: await db.correction.findMany({
            where: { briefingId: id },
            include: { texts: true },
            orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
          }),
        }
      );
    });
    if (!found) throw notFound('briefing');
    const { at, around, deletable, corrections } = found;
    const { content } = at;
    const now = clock.now();
    const findings = [...check(at, around, now), ...movedOn(at)];
    const editor = editorPath(language, id);
    const of = (level: 'fault' | 'missing' | 'warning') =>
      findingViews(
        language,
        findings.filter((one) => one.level === level),
        content,
        editor,
      );
    const [faults, missing, warnings] = [of('fault'), of('missing'), of('warning')];
    const state = stateMark(language, content, now);
    const goesOut = (name: WorkflowAction) =>
      name === 'publish' || name === 'schedule' || (name === 'keep' && content.state === 'published');
    const needsCheck = (name: WorkflowAction) => goesOut(name) || name === 'submit' || name === 'keep';
    const open = workflowActionsFor(at, now).filter(
      (name) => !(needsCheck(name) && faults.length > 0) && !(goesOut(name) && missing.length > 0),
    );
    const live = state.code === 'published';
    const key = (name: WorkflowAction) =>
      name === 'keep' && live
        ? 'update'
        : name === 'keep' && state.code === 'scheduled'
          ? 'keep-scheduled'
          : name === 'unpublish' && state.code === 'scheduled'
            ? 'unschedule'
            : name;
    const sides = (): Sides => ({
      legend: say('desk.correction.text'),
      hint: say('desk.correction.hint'),
      boxes: site.languages.all.map(({ code }) => ({
        name: `correction.${code}`,
        id: `correction-${code}`,
        label: language.languageName(code),
        lang: code,
        value: wrong.correction?.typed.get(code) ?? '',
        kind: 'text' as const,
        missing: false,
        error: null,
        list: null,
      })),
    });
    const early =
      content.early && content.early.until > now
        ? say('desk.act.text.early', {
            tier: tierTextsIn(
              around.tiers.find(({ slug }) => slug === content.early!.tier)!,
              language,
            ).name,
            moment: formatInstant(content.early.until, language).text,
          })
        : null;
    const passed = passedEmbargoes(content, now);
    const page: PublishPage = {
      version: at.version,
      frame: briefingFrame(language, req, at, 'publish', say('desk.publish.heading'), now),
      state,
      stateText:
        state.code === 'scheduled'
          ? say('desk.publish.scheduled', { moment: formatMoment(language, content.published!).text })
          : live && at.copy
            ? say('desk.publish.changed')
            : say(`desk.state.text.${state.code}`),
      faults,
      missing,
      warnings,
      allGood: findings.length === 0 ? say('desk.publish.good') : null,
      passed: passed > 0 ? say('desk.publish.passed', { n: passed }) : null,
      action: editorPath(language, id, '/publish'),
      acts: open.map((name) => ({
        name,
        label: say(`desk.act.${key(name)}`),
        text: [
          ...(early && name === 'publish' ? [] : [say(`desk.act.text.${key(name)}`)]),
          ...(early && goesOut(name) ? [early] : []),
        ].join(' '),
        strong: name === 'publish' || key(name) === 'update',
        when:
          name === 'schedule'
            ? {
                value:
                  wrong.typed ??
                  (content.published && content.published > now
                    ? writeLocal(content.published, language.zone).replace(/^(.{16}):00$/, '$1')
                    : ''),
                hint:
                  language.zone === 'UTC'
                    ? say('desk.publish.when.hint')
                    : say('desk.publish.when.hint.zone', { zone: language.zone }),
                label: say('desk.publish.when', { zone: language.zone }),
                meant: wrong.meant ?? [],
                error: wrong.when ?? null,
              }
            : null,
        ask:
          goesOut(name) && warnings.length > 0
            ? {
                label: say('desk.publish.sure', { n: warnings.length }),
                id: `sure-${name}`,
                error: wrong.unsure === name ? say('desk.refused.sure') : null,
              }
            : null,
        updated: key(name) === 'update',
      })),
      blocked:
        faults.length > 0
          ? say('desk.publish.blocked.fault')
          : missing.length > 0
            ? say('desk.publish.blocked.missing')
            : null,
      wrong: wrong.text ? { text: wrong.text, href: wrong.unsure ? `#sure-${wrong.unsure}` : null } : null,
      corrections:
        content.state !== 'published' || content.published === null || content.published > now
          ? null
          : {
              action: editorPath(language, id, '/corrections'),
              once: randomUUID(),
              sides: sides(),
              error: wrong.correction?.error ?? null,
              rows: corrections.map((row) => ({
                day: formatMoment(language, row.createdAt),
                text: new LocaleFallback(
                  language.code,
                  content.original,
                  row.texts.map(({ lang }) => lang),
                ).text((lang) => row.texts.find((one) => one.lang === lang)?.text) ?? { text: '', lang: null },
                withdraw: editorPath(language, id, `/corrections/${row.id}/withdraw`),
              })),
            },
      remove: deletable ? editorPath(language, id, '/delete') : null,
    };
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
      const body = wished.safeParse(req.body);
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
      const body = z
        .object({ once: z.uuid() })
        .catchall(z.string())
        .safeParse(req.body ?? {});
      if (!body.success) throw new Failure(400, 'not the form of a correction');
      const texts = new Map(
        site.languages.all.flatMap(({ code }) => {
          const text = typedLine(body.data[`correction.${code}`] ?? '');
          return text === '' ? [] : [[code, text] as const];
        }),
      );
      if (texts.size === 0 || [...texts.values()].some((text) => text.length > 600 || !isPrintable(text)))
        return show(req, res, id, { correction: { error: say('desk.correction.wrong'), typed: texts } }, 422);
      if (!(await correct(parts, id, body.data.once, texts, await actorOf(wall, req, res))))
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
