import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { removePlanned, planRemoval, type SampleRemoval } from '../../briefings/file/sample-removal';
import { bringSamples, findSampleFiles, findSamples, samplesThere } from '../../briefings/file/samples';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withPresentNames } from '../../http/former-fields';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { editorPath } from '../editor/page';
import { titleOf } from '../format';
import { deskFrame, renderDesk } from '../frame';
import type { AskPage } from '../page-types';
import type { SamplesPage } from './page-types';
import type { DeskParts } from '../parts';
import { actorOf } from '../staff';

/**
 * `/desk/samples`: brings the sample briefings and takes them away, as `npm run samples` does. Whoever works at the
 * desk may: each of it they may do by hand, one briefing and one category at a time.
 */
export function sampleRoutes(parts: DeskParts, language: Language): Router {
  const { wall, invalidatingWall, site, clock } = parts;
  const { say, prefix } = language;
  const home = `${prefix}/desk/samples`;
  const trail = [
    { label: say('desk.import.heading'), href: `${prefix}/desk/import` },
    { label: say('desk.samples.heading'), href: home },
  ];
  const router = Router({ caseSensitive: true, strict: true });

  const ask = (
    req: Request,
    res: Response,
    at: string,
    asked: Omit<AskPage, 'frame' | 'action' | 'back'>,
    status = 200,
  ) => {
    const frame = deskFrame(language, req, 'import', say(`desk.samples.${at}`), trail);
    const page: AskPage = { ...asked, frame, action: `${home}/${at}`, back: home };
    return renderDesk(site, language, req, res, 'ask', `/desk/samples/${at}`, page, status);
  };
  const askRemoval = (req: Request, res: Response, changed: boolean, plan: SampleRemoval, status = 200) =>
    ask(
      req,
      res,
      'remove',
      {
        text: say('desk.samples.remove.text', {
          briefings: say('desk.samples.briefings', { n: plan.going.length }),
          categories: say('desk.samples.categories', { n: plan.categories.length }),
          organizations: say('desk.samples.organizations', { n: plan.organizations.length }),
          pages: say('desk.pages.count', { n: plan.pages.length }),
        }),
        consequence: [
          ...(status === 409 ? [say('desk.samples.moved')] : []),
          plan.left.length > 0
            ? say('desk.samples.remove.left', { n: plan.left.length })
            : say('desk.samples.remove.kept'),
        ].join(' '),
        hidden: { version: markOf(plan), ...(changed ? { changed: '1' } : {}) },
        do: say('desk.samples.remove.do'),
      },
      status,
    );

  router
    .route('/desk/samples')
    .get(async (req, res) => {
      const { briefings } = await findSampleFiles();
      const there = await wall.read(editorialViewer, (db) => samplesThere(db, briefings));
      const changed = there.filter(({ untouched }) => !untouched);
      const untouched = there.length - changed.length;
      const page: SamplesPage = {
        frame: deskFrame(language, req, 'import', say('desk.samples.heading'), trail.slice(0, 1)),
        text: say('desk.samples.text', { all: briefings.length, untouched: language.number(untouched) }),
        changed: changed.map(({ at }) => ({ title: titleOf(language, at.content), href: editorPath(language, at.id) })),
        actions: [
          ...(there.length < briefings.length ? [{ label: say('desk.samples.load'), href: `${home}/load` }] : []),
          ...(untouched > 0 ? [{ label: say('desk.samples.remove'), href: `${home}/remove` }] : []),
          ...(changed.length > 0 ? [{ label: say('desk.samples.remove.all'), href: `${home}/remove?changed=1` }] : []),
        ],
      };
      await renderDesk(site, language, req, res, 'samples', '/desk/samples', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/samples/load')
    .get(async (req, res) => {
      const { briefings } = await findSampleFiles();
      const { untouched, changed } = await findSamples(wall);
      await ask(req, res, 'load', {
        text: say('desk.samples.load.text', { n: briefings.length - untouched.length - changed.length }),
        consequence: say('desk.samples.load.kept'),
        hidden: { sure: '1' },
        do: say('desk.samples.load.do'),
      });
    })
    .post(formBody, async (req, res) => {
      if (((req.body ?? {}) as { sure?: unknown }).sure !== '1')
        throw new Failure(400, 'not the form that loads the samples');
      await bringSamples(invalidatingWall, { ...(await actorOf(wall, req, res)), at: clock.now() });
      res.redirect(303, `${home}?done=samples-loaded`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/samples/remove')
    .get(async (req, res) => {
      const changed = req.query['changed'] === '1';
      await askRemoval(req, res, changed, await wall.read(editorialViewer, (db) => planRemoval(db, changed)));
    })
    .post(formBody, async (req, res) => {
      const { version, changed } = withPresentNames(req.body);
      if (typeof version !== 'string') throw new Failure(400, 'not the form that removes the samples');
      const by = await actorOf(wall, req, res);
      const moved = await invalidatingWall.write(editorialViewer, async (db) => {
        await lockBriefings(db);
        const plan = await planRemoval(db, changed === '1');
        if (markOf(plan) !== version) return plan;
        await removePlanned(db, plan, by, clock.now());
        return null;
      });
      if (moved) return askRemoval(req, res, changed === '1', moved, 409);
      res.redirect(303, `${home}?done=samples-removed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** Names exactly what would be taken and what would be left. */
const markOf = ({ going, left, categories, organizations, pages, leftPages }: SampleRemoval): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        going.map(({ at }) => [at.id, at.version, at.base.state]),
        left.map(({ at }) => at.id),
        categories,
        organizations,
        pages,
        leftPages,
      ]),
    )
    .digest('base64url');
