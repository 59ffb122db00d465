import { Router } from 'express';
import { editorialViewer } from '../../access/viewer';
import { recentRemovals } from '../../briefings/writing/restore-points';
import {
  dropCopy,
  findEditable,
  addRestorePointOf,
  suppressPageInvalidation,
  type EditableBriefing,
} from '../../briefings/writing/working-copies';
import { deletePictures, picturesOf } from '../../briefings/pictures/queries';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { formOf, idOfBriefing, largeForm } from '../body';
import { briefingFrame } from '../briefing-frame';
import { check } from '../check';
import { deskFrame, formatMoment, renderDesk } from '../frame';
import { allowFraming } from '../framing';
import { namesOf } from '../names';
import type { ConflictPage } from '../page-types';
import type { DeskParts } from '../parts';
import { auditBriefing } from '../audit';
import { actorOf, editorOf, isScript } from '../staff';
import { livePage, findingViews, titleOf } from '../format';
import { loadEditorContext } from './context';
import { sayField } from './fields';
import { baseOf, writeBase } from './merge';
import { editorPage, editorPath } from './page';
import { fieldsAt, saveWorkingCopy } from './save-working-copy';
import { readCommand } from './parse-rows';
import { removedRows } from './put-back';
import { groupsOf } from './slots';
import { sayValue } from './values';

/** Milliseconds in which somebody else's save says that they are probably still writing. */
const JUST_NOW = 15 * 60_000;

/** `/desk/briefings/:id`: the editor, and what it saves. */
export function editorRoutes(parts: DeskParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  /** Who saved last, in a sentence; and in another when that was somebody else, just now. */
  const sayCopy = async (
    { copy }: EditableBriefing,
    editor: string,
  ): Promise<{ copy: string | null; warning: string | null }> => {
    if (!copy?.savedAt) return { copy: null, warning: null };
    const name = (await namesOf(wall, [copy.saverId])).get(copy.saverId ?? '') ?? say('desk.nobody');
    const moment = formatMoment(language, copy.savedAt).text;
    const other = copy.saverId !== editor && clock.now().getTime() - copy.savedAt.getTime() < JUST_NOW;
    return { copy: say('desk.copy', { name, moment }), warning: other ? say('desk.warning', { name, moment }) : null };
  };

  /** Who has changed the same fields, and when: two windows of one editor are not somebody else. */
  const sayConflict = async ({ base, copy }: EditableBriefing, editor: string): Promise<string> => {
    const last = copy?.savedAt
      ? { by: copy.saverId, at: copy.savedAt }
      : await wall.read(editorialViewer, async (db) => {
          const where = { briefingId_number: { briefingId: base.id, number: base.revision } };
          const revision = await db.revision.findUniqueOrThrow({ where });
          return { by: revision.authorId, at: revision.createdAt };
        });
    const moment = formatMoment(language, last.at).text;
    if (last.by === editor) return say('desk.conflict.own', { moment });
    return say('desk.conflict.by', {
      name: (await namesOf(wall, [last.by])).get(last.by ?? '') ?? say('desk.nobody'),
      moment,
    });
  };

  router
    .route('/desk/briefings/:id')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
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
      const now = clock.now();
      const trail = [{ label: say('desk.section.list'), href: `${language.prefix}/desk` }];
      const live = livePage(language, at.base, now);
      const frame = deskFrame(language, req, 'list', titleOf(language, at.content).text, trail, live);
      const page = editorPage(at, editorContext, language, {
        frame,
        languages: site.languages,
        removed: removedRows(editorContext.shape, removals, at.content),
        ...(await sayCopy(at, editorOf(res).id)),
        add: groupsOf(editorContext.shape).find((one) => one === req.query['add']) ?? null,
        now: clock.now(),
      });
      allowFraming(res);
      await renderDesk(site, language, req, res, 'editor', `/desk/briefings/${id}`, page);
    })
    .post(largeForm, async (req, res) => {
      const id = idOfBriefing(req);
      const form = formOf(req);
      const saved = await saveWorkingCopy(parts, id, form, editorOf(res).id);
      if (!saved) throw notFound('briefing');
      const { at, editorContext } = saved;
      if (saved.outcome === 'conflict') {
        const by = await sayConflict(at, editorOf(res).id);
        if (isScript(req)) return void res.status(409).json({ outcome: 'conflict', text: by });
        const [there, here] = [at.content, saved.mine.content];
        const page: ConflictPage = {
          frame: briefingFrame(language, req, at, 'text', say('desk.conflict.heading'), clock.now(), true),
          action: editorPath(language, id),
          by,
          hidden: [...saved.form]
            .filter(([name]) => !['version', 'do', 'page', 'seq', 'base', 'theirs'].includes(name))
            .map(([name, value]) => ({ name, value }))
            .concat(
              { name: 'version', value: at.version },
              ...(saved.base ? [{ name: 'base', value: writeBase(saved.base) }] : []),
            ),
          rows: saved.conflicts.map(({ name, theirs, mine }) => ({
            name,
            label: sayField(editorContext.shape, language, name, theirs === '' ? here : there),
            theirs: theirs === '' ? say('desk.conflict.removed') : sayValue(language, name, theirs, editorContext),
            mine: mine === '' ? say('desk.conflict.removed') : sayValue(language, name, mine, editorContext),
          })),
          theirs: editorPath(language, id),
        };
        return renderDesk(site, language, req, res, 'conflict', `/desk/briefings/${id}`, page, 409);
      }
      if (isScript(req)) {
        const findings = check(at, editorContext, clock.now()).filter(({ level }) => level === 'fault');
        const views = findingViews(editorContext.shape, language, findings, at.content, '');
        return void res.json({
          outcome: 'saved',
          version: at.version,
          base: writeBase(baseOf(fieldsAt(editorContext.shape, at))),
          taken: Object.fromEntries(saved.taken),
          when: formatMoment(language, clock.now()).text,
          faults: findings.map(({ field }, index) => ({ field, text: views[index]!.text })),
        });
      }
      const command = readCommand(editorContext.shape, form.get('do'));
      const next =
        form.get('do') === 'publish'
          ? editorPath(language, id, '/publish')
          : command?.what === 'add'
            ? `${editorPath(language, id)}?add=${command.group}#new-${command.group}`
            : command
              ? `${editorPath(language, id)}#group-${command.group}`
              : `${editorPath(language, id)}?done=saved`;
      res.redirect(303, next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/briefings/:id/discard')
    .post(async (req, res) => {
      const id = idOfBriefing(req);
      const by = await actorOf(wall, req, res);
      await wall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        await suppressPageInvalidation(db);
        const at = await findEditable(db, id);
        if (!at) throw notFound('briefing');
        if (at.copy) {
          await auditBriefing(db, by, clock.now(), 'briefing-discarded', { id, slug: at.base.slug });
          await addRestorePointOf(db, at, 'discard', { accountId: by.actor.id, now: clock.now() });
        }
        await dropCopy(db, at);
        await deletePictures(
          db,
          [...picturesOf(at.content).values()].map((picture) => picture.id),
        );
      });
      res.redirect(303, `${editorPath(language, id)}?done=discarded`);
    })
    .all(onlyMethods('POST'));

  return router;
}
