import { Router } from 'express';
import { desk } from '../../access/viewer';
import { dropCopy, findAtDesk, quietly, type AtDesk } from '../../briefings/writing/working-copies';
import { forgetPictures, picturesOf } from '../../briefings/pictures/queries';
import { awaitTurn } from '../../briefings/writing/save';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { formOf, idOfBriefing, longForm } from '../body';
import { briefingFrame } from '../briefing-frame';
import { check } from '../check';
import { frameOf, sayMoment, showDesk } from '../frame';
import { letFrame } from '../frames';
import { namesOf } from '../names';
import type { ConflictPage } from '../page-types';
import type { DeskParts } from '../parts';
import { noted } from '../noted';
import { actorOf, editorOf, isScript } from '../staff';
import { sayFindings, sayTitle } from '../words';
import { loadAround } from './around';
import { GROUPS } from './fields';
import { differences, editorPage, editorPath } from './page';
import { saveTyped } from './save';
import { readCommand } from './typed';

/** Milliseconds in which somebody else's save says that they are probably still writing. */
const JUST_NOW = 15 * 60_000;

/** `/desk/briefings/:id`: the editor, and what it saves. */
export function editorRoutes(parts: DeskParts, language: Language): Router {
  const { wall, house, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  /** Who saved last, in a sentence; and in another when that was somebody else, just now. */
  const sayCopy = async ({ copy }: AtDesk, editor: string): Promise<{ copy: string | null; heed: string | null }> => {
    if (!copy?.savedAt) return { copy: null, heed: null };
    const name = (await namesOf(wall, [copy.saverId])).get(copy.saverId ?? '') ?? say('desk.nobody');
    const moment = sayMoment(language, copy.savedAt).text;
    const other = copy.saverId !== editor && clock.now().getTime() - copy.savedAt.getTime() < JUST_NOW;
    return { copy: say('desk.copy', { name, moment }), heed: other ? say('desk.heed', { name, moment }) : null };
  };

  router
    .route('/desk/briefings/:id')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
      const found = await wall.read(desk, async (db) => {
        const at = await findAtDesk(db, id);
        return at && { at, around: await loadAround(db, house.languages, id) };
      });
      if (!found) throw notFound('briefing');
      const { at, around } = found;
      const frame = frameOf(language, req, 'list', sayTitle(language, at.content).text, [
        { label: say('desk.room.list'), href: `${language.prefix}/desk` },
      ]);
      const page = editorPage(at, around, language, {
        frame,
        languages: house.languages,
        ...(await sayCopy(at, editorOf(res).id)),
        add: GROUPS.find((one) => one === req.query['add']) ?? null,
        now: clock.now(),
      });
      letFrame(res);
      await showDesk(house, language, req, res, 'editor', `/desk/briefings/${id}`, page);
    })
    .post(longForm, async (req, res) => {
      const id = idOfBriefing(req);
      const form = formOf(req);
      const saved = await saveTyped(parts, id, form, editorOf(res).id);
      if (!saved) throw notFound('briefing');
      const { at, around } = saved;
      if (saved.outcome === 'conflict') {
        const by = (await sayCopy(at, editorOf(res).id)).copy ?? say('desk.conflict.base');
        if (isScript(req)) return void res.status(409).json({ outcome: 'conflict', text: by });
        const page: ConflictPage = {
          frame: briefingFrame(language, req, at, 'text', say('desk.conflict.heading'), true),
          action: editorPath(language, id),
          by,
          hidden: [...form]
            .filter(([name]) => !['version', 'do', 'page', 'seq'].includes(name))
            .map(([name, value]) => ({ name, value }))
            .concat({ name: 'version', value: at.version }),
          rows: differences(language, at, saved.mine),
          theirs: editorPath(language, id),
        };
        return showDesk(house, language, req, res, 'conflict', `/desk/briefings/${id}`, page, 409);
      }
      if (isScript(req)) {
        const findings = check(at, around, clock.now()).filter(({ level }) => level === 'fault');
        const said = sayFindings(language, findings, at.content, '');
        return void res.json({
          outcome: 'saved',
          version: at.version,
          when: sayMoment(language, clock.now()).text,
          faults: findings.map(({ field }, index) => ({ field, text: said[index]!.text })),
        });
      }
      const command = readCommand(form.get('do'));
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
      await wall.write(desk, async (db) => {
        await awaitTurn(db);
        await quietly(db);
        const at = await findAtDesk(db, id);
        if (!at) throw notFound('briefing');
        if (at.copy) await noted(db, by, clock.now(), 'briefing-discarded', { id, slug: at.base.slug });
        await dropCopy(db, at);
        await forgetPictures(
          db,
          [...picturesOf(at.content).values()].map((picture) => picture.id),
        );
      });
      res.redirect(303, `${editorPath(language, id)}?done=discarded`);
    })
    .all(onlyMethods('POST'));

  return router;
}
