import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { isPrintable, typedLine } from '../../lib/line';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { auditBriefing } from '../audit';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { editorPath } from '../editor/page';
import { renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { numberOf } from './number';
import type { ClosePage } from './page-types';

const LONGEST_REASON = 300;
const closeForm = z.object({ reason: z.string().max(10_000), earlier: z.string().optional() });

/** Those that readers had and that can be closed with this one: itself, and those before it. */
interface Closable {
  readonly at: EditableBriefing;
  readonly earlier: readonly number[];
  readonly closed: boolean;
}

/** Null where readers never had it, or have it now: that one is withdrawn with its briefing. */
async function findClosable(db: WallTransaction, id: string, number: number): Promise<Closable | null> {
  const at = await findEditable(db, id);
  if (!at || at.base.revision === number) return null;
  const published = await db.publishedRevision.findMany({
    where: { briefingId: id, number: { lte: number }, publishedAt: { lte: await momentOf(db) } },
    select: { number: true },
  });
  if (!published.some((one) => one.number === number)) return null;
  const closed = new Set(
    (await db.closedRevision.findMany({ where: { briefingId: id }, select: { number: true } })).map(
      (one) => one.number,
    ),
  );
  return {
    at,
    closed: closed.has(number),
    earlier: published.map((one) => one.number).filter((one) => one < number && !closed.has(one)),
  };
}

/**
 * `/desk/briefings/:id/revisions/:number/close` and `/reopen`: what becomes of a revision that readers had, asked
 * before it is done. Its passages are shut by the row that says it is closed, in Postgres, for whoever asks next.
 */
export function closeRoutes({ wall, invalidatingWall, site, clock }: DeskParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const of = (id: string, number: number) => editorPath(language, id, `/revisions/${number}`);

  const show = async (
    req: Request,
    res: Response,
    act: 'close' | 'reopen',
    typed: { readonly reason: string; readonly earlier: boolean; readonly error: string | null },
  ) => {
    const [id, number] = [idOfBriefing(req), numberOf(req)];
    const found = await wall.read(editorialViewer, (db) => findClosable(db, id, number));
    if (!found || found.closed !== (act === 'reopen')) throw notFound(`a revision to ${act}`);
    const heading = say(`desk.revision.${act}.heading`, { number });
    const page: ClosePage = {
      frame: briefingFrame(language, req, found.at, 'revisions', heading, clock.now(), true),
      action: `${of(id, number)}/${act}`,
      text: say(`desk.revision.${act}.text`),
      reason:
        act === 'reopen'
          ? null
          : { value: typed.reason, lang: language.code, longest: LONGEST_REASON, error: typed.error },
      earlier:
        act === 'reopen' || found.earlier.length === 0
          ? null
          : { label: say('desk.revision.close.earlier', { n: found.earlier.length }), checked: typed.earlier },
      do: say(`desk.revision.${act}`),
      back: of(id, number),
    };
    const path = `/desk/briefings/${id}/revisions/${number}/${act}`;
    await renderDesk(site, language, req, res, 'history/close', path, page, typed.error === null ? 200 : 422);
  };
  const nothing = { reason: '', earlier: false, error: null };

  router
    .route('/desk/briefings/:id/revisions/:number/close')
    .get((req, res) => show(req, res, 'close', nothing))
    .post(formBody, async (req, res) => {
      const [id, number] = [idOfBriefing(req), numberOf(req)];
      const body = closeForm.safeParse(req.body ?? {});
      if (!body.success) throw new Failure(400, 'not the form that closes a revision');
      const [reason, earlier] = [typedLine(body.data.reason), body.data.earlier !== undefined];
      if (reason === '' || reason.length > LONGEST_REASON || !isPrintable(reason))
        return show(req, res, 'close', { reason, earlier, error: say('desk.revision.close.wrong') });
      const by = await actorOf(wall, req, res);
      await invalidatingWall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        const found = await findClosable(db, id, number);
        if (!found) throw notFound('a revision to close');
        const numbers = [...(found.closed ? [] : [number]), ...(earlier ? found.earlier : [])];
        if (numbers.length === 0) return;
        const now = await momentOf(db);
        await db.closedRevision.createMany({
          data: numbers.map((one) => ({ briefingId: id, number: one, closedAt: now, reason, lang: language.code })),
        });
        const briefing = { id, slug: found.at.base.slug };
        const after = { revision: number, closed: [...numbers].sort((a, b) => a - b).join(', '), reason };
        await auditBriefing(db, by, clock.now(), 'revision-closed', briefing, { after });
      });
      res.redirect(303, `${of(id, number)}?done=revision-closed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/briefings/:id/revisions/:number/reopen')
    .get((req, res) => show(req, res, 'reopen', nothing))
    .post(async (req, res) => {
      const [id, number] = [idOfBriefing(req), numberOf(req)];
      const by = await actorOf(wall, req, res);
      await invalidatingWall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        const found = await findClosable(db, id, number);
        if (!found) throw notFound('a revision to reopen');
        if ((await db.closedRevision.deleteMany({ where: { briefingId: id, number } })).count === 0) return;
        const briefing = { id, slug: found.at.base.slug };
        await auditBriefing(db, by, clock.now(), 'revision-reopened', briefing, { after: { revision: number } });
      });
      res.redirect(303, `${of(id, number)}?done=revision-reopened`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
