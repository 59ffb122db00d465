import { Router, type Request } from 'express';
import { editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { saysTheSame } from '../../site/pages/content';
import { findEditablePage, lockPages, type EditablePage, type SavedPage } from '../../site/pages/editable';
import { restorePage } from '../../site/pages/writing';
import { runsBetween } from '../history/changes';
import { formatMoment, renderDesk } from '../frame';
import { namesOf } from '../names';
import type { RevisionPage, RevisionsPage } from '../history/page-types';
import { actorOf } from '../staff';
import { fieldsOfPage, sayPageField, sayPageValue } from './form';
import { auditPage, idOfPage, pageFrame, pageDeskPath } from './frame';
import type { PagesParts } from './parts';

/**
 * `/desk/pages/:id/revisions`: what was given to readers, by whom, how one differs from the one before, and the way
 * back.
 */
export function pageHistoryRoutes({ wall, site, clock }: PagesParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const find = async (req: Request): Promise<EditablePage> => {
    const at = await wall.read(editorialViewer, (db) => findEditablePage(db, idOfPage(req)));
    if (!at) throw notFound('page');
    return at;
  };
  const savedIn = (at: EditablePage, req: Request): SavedPage => {
    const found = at.saved.find(({ number }) => String(number) === req.params['number']);
    if (!found) throw notFound('revision');
    return found;
  };
  const markOf = (at: EditablePage, { number, publishedAt }: SavedPage) => {
    const code = publishedAt === null ? 'draft' : number === at.scheduled?.number ? 'scheduled' : 'published';
    return { code, label: say(`desk.state.${code}`) } as const;
  };
  const originOf = ({ version, asks }: SavedPage) =>
    version === null
      ? say('desk.origin.desk')
      : `${say('page.version', { n: version })}${asks ? ` · ${say('desk.page.asks')}` : ''}`;

  router
    .route('/desk/pages/:id/revisions')
    .get(async (req, res) => {
      const at = await find(req);
      const names = await namesOf(
        wall,
        at.saved.map(({ authorId }) => authorId),
      );
      const page: RevisionsPage = {
        frame: pageFrame(language, req, at, 'revisions', say('desk.revisions.heading')),
        mostPoints: 0,
        points: [],
        rows: at.saved.map((one) => ({
          number: say('desk.revision', { number: one.number }),
          href: pageDeskPath(language, at.id, `/revisions/${one.number}`),
          moment: formatMoment(language, one.publishedAt ?? one.createdAt),
          by: names.get(one.authorId ?? '') ?? say('desk.nobody'),
          origin: originOf(one),
          state: markOf(at, one),
          current: one.number === at.current?.number,
          readers: null,
        })),
      };
      await renderDesk(site, language, req, res, 'pages/revisions', `/desk/pages/${at.id}/revisions`, page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/pages/:id/revisions/:number')
    .get(async (req, res) => {
      const at = await find(req);
      const one = savedIn(at, req);
      const before = at.saved.find(({ number }) => number === one.number - 1);
      const [was, is] = [before ? fieldsOfPage(before.content) : null, fieldsOfPage(one.content)];
      const names = [...new Set([...is.keys(), ...(was?.keys() ?? [])])];
      const authors = await namesOf(wall, [one.authorId]);
      const contents = before ? [before.content, one.content] : [one.content];
      const value = (name: string, text: string) => sayPageValue(language, name, text, contents);
      const page: RevisionPage = {
        frame: pageFrame(language, req, at, 'revisions', say('desk.revision', { number: one.number })),
        moment: formatMoment(language, one.publishedAt ?? one.createdAt),
        by: `${authors.get(one.authorId ?? '') ?? say('desk.nobody')}, ${originOf(one)}`,
        changes: names
          .filter((name) => was?.get(name) !== is.get(name))
          .map((name) => ({
            label: sayPageField(language, name),
            tier: null,
            runs: runsBetween(was && value(name, was.get(name) ?? ''), value(name, is.get(name) ?? '')),
          })),
        wrong: null,
        same: say('desk.revision.same'),
        restore: at.draft ? null : pageDeskPath(language, at.id, `/revisions/${one.number}/restore`),
        readers: null,
        restoreLabel: say('desk.page.restore'),
        restoreText: say(at.draft ? 'desk.page.restore.draft' : 'desk.page.restore.text'),
      };
      await renderDesk(
        site,
        language,
        req,
        res,
        'history/revision',
        `/desk/pages/${at.id}/revisions/${one.number}`,
        page,
      );
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/pages/:id/revisions/:number/restore')
    .post(async (req, res) => {
      const id = idOfPage(req);
      const by = await actorOf(wall, req, res);
      await wall.write(editorialViewer, async (db) => {
        await lockPages(db);
        const at = await findEditablePage(db, id);
        if (!at) throw notFound('page');
        const one = savedIn(at, req);
        // Sent twice, it is put back once.
        if (at.draft && saysTheSame(at.content, one.content)) return;
        if (at.draft) throw new Failure(409, 'what is typed would be lost');
        await restorePage(db, at, one, { accountId: by.actor.id, saveKey: null, now: clock.now() });
        await auditPage(db, by, clock.now(), 'page-restored', at, { after: { revision: one.number } });
      });
      res.redirect(303, pageDeskPath(language, id, '?done=recovered'));
    })
    .all(onlyMethods('POST'));
  return router;
}
