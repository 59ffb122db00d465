import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { TEMPORARY_KEY } from '../../briefings/content';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { isSameLine, oneLine } from '../../lib/line';
import type { WallTransaction } from '../../stores/postgres/wall';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { findRecord } from '../records/actions';
import { parsed, slugFrom } from '../records/forms';
import { actorOf } from '../staff';
import { organizationKind } from './kind';
import { countFollows, mergeOrganizations, planMerge } from './merge';
import { mergeView, type MergePage } from './merge-page';
import { organizationDeskPath } from './pages';

const mergeForm = z.object({ other: z.string(), version: z.string() });

/** `/desk/organizations/:slug/merge`: another organization becomes one with this one, once what that does was said. */
export function openMergeRoutes(router: Router, parts: DeskParts, language: Language): void {
  const { wall } = parts;
  const show = mergePageShower(parts, language);
  router
    .route('/desk/organizations/:slug/merge')
    .get((req, res) => show(req, res, typeof req.query['other'] === 'string' ? oneLine(req.query['other']) : ''))
    .post(formBody, async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      const asked = parsed(mergeForm, req.body);
      const meant = { ...asked, other: slugFrom(asked.other) };
      const outcome = await mergeOrganizations(parts, slug, meant, await actorOf(wall, req, res));
      if (outcome === 'changed') return show(req, res, meant.other, 409);
      res.redirect(303, `${language.prefix}/desk/organizations?done=organization-merged`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
}

/** Every organization by its slug, in the order of their names. */
const findNames = (db: WallTransaction) =>
  db.organization.findMany({
    where: { NOT: { slug: { startsWith: TEMPORARY_KEY } } },
    select: { slug: true, name: true },
    orderBy: [{ name: 'asc' }, { slug: 'asc' }],
  });

function mergePageShower(parts: DeskParts, language: Language) {
  const { wall, site } = parts;
  const { say, prefix } = language;
  return async (req: Request, res: Response, typed: string, status = 200) => {
    const read = await wall.read(editorialViewer, async (db) => {
      const row = await findRecord(db, organizationKind, slugFrom(req.params['slug']));
      const others = (await findNames(db)).filter(({ slug }) => slug !== row.slug);
      const other =
        others.find(({ slug }) => slug === typed) ?? others.find(({ name }) => isSameLine(name, typed)) ?? null;
      return { row, others, plan: other && (await planMerge(db, parts, row.slug, other.slug)) };
    });
    const { row, others, plan } = read;
    const home = { label: say('desk.organizations.heading'), href: `${prefix}/desk/organizations` };
    const own = { label: row.name, href: organizationDeskPath(language, row.slug) };
    const missing = typed !== '' && plan === null;
    const page: MergePage = {
      frame: deskFrame(language, req, 'organizations', say('desk.organization.merge'), [home, own]),
      intro: say('desk.organization.merge.text', { name: row.name }),
      choose: {
        action: `${own.href}/merge`,
        typed: plan?.other.name ?? typed,
        error: missing ? say('desk.organization.merge.none') : null,
        known: others.map(({ name }) => name),
      },
      plan:
        plan &&
        mergeView(language, plan, { follows: await countFollows(wall, plan.other.slug), changed: status === 409 }),
      back: { label: say('desk.organization.back'), href: own.href },
    };
    const at = `/desk/organizations/${row.slug}/merge`;
    await renderDesk(site, language, req, res, 'organizations/merge', at, page, missing ? 422 : status);
  };
}
