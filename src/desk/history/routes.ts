import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { findEditable } from '../../briefings/writing/working-copies';
import type { BriefingContent } from '../../briefings/content';
import { contentOf } from '../../briefings/reading/rows';
import { findRevision } from '../../briefings/reading/revision-rows';
import { listRestorePoints, MOST_RESTORE_POINTS } from '../../briefings/writing/restore-points';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { saveRevision } from '../../briefings/writing/save-revision';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { idOfBriefing } from '../body';
import { briefingFrame } from '../briefing-frame';
import { check } from '../check';
import { loadEditorContext } from '../editor/context';
import { editorPath } from '../editor/page';
import { formatMoment, renderDesk } from '../frame';
import { namesOf } from '../names';
import { auditBriefing, auditFacts } from '../audit';
import type { RevisionPage, RevisionsPage } from './page-types';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';
import { stateMark } from '../format';
import { changesBetween, runsBetween } from './changes';
import { numberOf } from './number';
import { sayPoint } from './points';
import { findReaderHistory, readersOf, sayReaders } from './reader-history';

const ORIGINS = ['import', 'desk', 'restore'] as const;

/**
 * `/desk/briefings/:id/revisions`: what was saved, by whom, how one differs from the one before, and the way back to
 * it.
 */
export function historyRoutes({ wall, invalidatingWall, site, clock }: DeskParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const sayBy = (names: ReadonlyMap<string, string>, authorId: string | null, origin: string) =>
    names.get(authorId ?? '') ??
    (authorId === null && origin === 'import' ? say('desk.by.import') : say('desk.nobody'));
  const sayOrigin = (origin: string) => say(`desk.origin.${ORIGINS.find((one) => one === origin) ?? 'desk'}`);

  router
    .route('/desk/briefings/:id/revisions')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
      const found = await wall.read(editorialViewer, async (db) => {
        const at = await findEditable(db, id);
        return (
          at && {
            at,
            rows: await db.revision.findMany({ where: { briefingId: id }, orderBy: { number: 'desc' }, take: 500 }),
            points: await listRestorePoints(db, id),
            readers: await findReaderHistory(db, id),
          }
        );
      });
      if (!found) throw notFound('briefing');
      const { at, rows, points, readers } = found;
      const names = await namesOf(
        wall,
        [...rows, ...points].map(({ authorId }) => authorId),
      );
      const page: RevisionsPage = {
        frame: briefingFrame(language, req, at, 'revisions', say('desk.revisions.heading'), clock.now()),
        mostPoints: MOST_RESTORE_POINTS,
        points: points.map((point) => ({
          label: sayPoint(language, point, names),
          href: editorPath(language, id, `/points/${point.id}`),
          moment: formatMoment(language, point.createdAt),
        })),
        rows: rows.map(({ number, createdAt, authorId, origin, content }) => {
          const { state, published } = content as { state: BriefingContent['state']; published: string | null };
          return {
            number: say('desk.revision', { number }),
            href: editorPath(language, id, `/revisions/${number}`),
            moment: formatMoment(language, createdAt),
            by: sayBy(names, authorId, origin),
            origin: sayOrigin(origin),
            state: stateMark(
              language,
              { state, published: published === null ? null : new Date(published) },
              createdAt,
            ),
            current: number === at.base.revision,
            readers: sayReaders(language, readers, number),
          };
        }),
      };
      await renderDesk(site, language, req, res, 'history/revisions', `/desk/briefings/${id}/revisions`, page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  const show = async (req: Request, res: Response, id: string, number: number, error: string | null, status = 200) => {
    const found = await wall.read(editorialViewer, async (db) => {
      const at = await findEditable(db, id);
      const revision = at && (await findRevision(db, id, number));
      return (
        at &&
        revision && {
          at,
          revision,
          before: await findRevision(db, id, number - 1),
          readers: await findReaderHistory(db, id),
          editorContext: await loadEditorContext(db, site.languages, id),
        }
      );
    });
    if (!found) throw notFound('revision');
    const { at, revision, before, editorContext, readers } = found;
    const changes = changesBetween(language, editorContext, clock.now(), before?.content ?? null, revision.content);
    const states = [
      before && stateMark(language, before.content, before.createdAt).label,
      stateMark(language, revision.content, revision.createdAt).label,
    ];
    const moved = states[0] === states[1] ? null : runsBetween(states[0] ?? null, states[1] ?? '');
    const names = await namesOf(wall, [revision.authorId]);
    const current = number === at.base.revision;
    const page: RevisionPage = {
      frame: briefingFrame(language, req, at, 'revisions', say('desk.revision', { number }), clock.now(), true),
      moment: formatMoment(language, revision.createdAt),
      by:
        revision.authorId === null
          ? sayBy(names, null, revision.origin)
          : `${sayBy(names, revision.authorId, revision.origin)}, ${sayOrigin(revision.origin)}`,
      changes: [...(moved ? [{ label: say('desk.field.state'), tier: null, runs: moved }] : []), ...changes],
      same: say('desk.revision.same'),
      restoreLabel: say('desk.restore'),
      restore: current || at.copy ? null : editorPath(language, id, `/revisions/${number}/restore`),
      wrong: error,
      restoreText: current
        ? say('desk.restore.current')
        : at.copy
          ? say('desk.restore.copy')
          : say(at.content.state === 'published' ? 'desk.restore.live' : 'desk.restore.text'),
      readers: current ? null : readersOf(language, at, readers, number),
    };
    await renderDesk(
      site,
      language,
      req,
      res,
      'history/revision',
      `/desk/briefings/${id}/revisions/${number}`,
      page,
      status,
    );
  };

  router
    .route('/desk/briefings/:id/revisions/:number')
    .get((req, res) => show(req, res, idOfBriefing(req), numberOf(req), null))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/briefings/:id/revisions/:number/restore')
    .post(async (req, res) => {
      const [id, number] = [idOfBriefing(req), numberOf(req)];
      const by = await actorOf(wall, req, res);
      const restored = await invalidatingWall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        const at = await findEditable(db, id);
        const revision = at && (await findRevision(db, id, number));
        if (!at || !revision) throw notFound('revision');
        const now = contentOf(at.base);
        const there = (await db.category.count({ where: { slug: revision.content.category } })) > 0;
        // The words come back; where the briefing stands, and under which address, does not change.
        const content = {
          ...revision.content,
          category: there ? revision.content.category : now.category,
          slug: now.slug,
          formerly: now.formerly,
          state: now.state,
          published: now.published,
          early: now.early,
          updated: now.updated,
        };
        if (at.copy) return false;
        if (now.state === 'published') {
          // A revision that was no whole briefing yet does not come before readers again.
          const editorContext = await loadEditorContext(db, site.languages, id);
          const found = check({ content, unfinished: {}, changedAt: at.changedAt }, editorContext, clock.now());
          if (found.some(({ level }) => level !== 'warning')) return false;
        }
        const saved = await saveRevision(db, at.base, content, { origin: 'restore', authorId: by.actor.id });
        await auditBriefing(
          db,
          by,
          clock.now(),
          'briefing-restored',
          { id, slug: now.slug },
          {
            before: auditFacts(now, at.base.revision),
            after: { ...auditFacts(now, saved.revision), restored: number },
          },
        );
        return true;
      });
      if (!restored) return show(req, res, id, number, say('desk.restore.refused'), 409);
      res.redirect(303, `${editorPath(language, id)}?done=restored`);
    })
    .all(onlyMethods('POST'));
  return router;
}
