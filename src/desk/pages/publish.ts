import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { typedLine } from '../../lib/line';
import { saysTheSame } from '../../site/pages/content';
import { findEditablePage, lockPages, type EditablePage } from '../../site/pages/editable';
import { isAccepted, isFixed } from '../../site/pages/names';
import {
  CHANGES,
  deletePage,
  isTaken,
  mayBeDeleted,
  movePage,
  publishPage,
  setArchived,
  unschedulePage,
} from '../../site/pages/writing';
import type { WallTransaction } from '../../stores/postgres/wall';
import { formatMoment, renderDesk, type DeskNotice } from '../frame';
import { readMoment } from '../moment';
import type { AskPage, Box } from '../page-types';
import { actorOf, editorOf } from '../staff';
import { auditPage, idOfPage, mayPublish, pageFrame, pageDeskPath, pageState, pageTitle } from './frame';
import { slugFault } from './list';
import type { PagePublishPage } from './page-types';
import type { PagesParts } from './parts';

const ACTS = ['publish', 'unschedule', 'archive', 'unarchive', 'delete'] as const;
type Act = (typeof ACTS)[number];

const acted = z.object({
  act: z.enum(ACTS),
  version: z.string().max(100),
  when: z.string().max(40).default(''),
  change: z.enum(CHANGES).default('version'),
});

interface PublishErrors {
  readonly text?: string;
  readonly when?: string;
  readonly slug?: string;
  readonly typed?: { readonly when?: string; readonly slug?: string };
}

/** What may be done with a page now, beside publishing it. */
const actsFor = (at: EditablePage): Act[] => [
  ...(at.scheduled ? (['unschedule'] as const) : []),
  ...(at.state === 'archived' ? (['unarchive'] as const) : at.current ? (['archive'] as const) : []),
  ...(mayBeDeleted(at) ? (['delete'] as const) : []),
];

/** Has it anything that readers have not? */
const hasNews = (at: EditablePage): boolean => at.current === null || !saysTheSame(at.current.content, at.content);

/** `/desk/pages/:id/publish`: everything that brings a page to readers or takes it from them, and its address. */
export function pagePublishRoutes(parts: PagesParts, language: Language): Router {
  const { wall, invalidatingWall, site, clock, reserved } = parts;
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const box = (name: string, kind: Box['kind'], value: string, error: string | undefined): Box => ({
    ...{ name, kind, value, id: `page-${name}`, label: say(`desk.page.field.${name}`), lang: null },
    ...{ missing: false, list: null, error: error ?? null },
  });

  const find = async (id: string): Promise<EditablePage> => {
    const at = await wall.read(editorialViewer, (db) => findEditablePage(db, id));
    if (!at) throw notFound('page');
    return at;
  };

  const publishOf = (at: EditablePage, errors: PublishErrors): PagePublishPage['publish'] => ({
    when: box('when', 'moment', errors.typed?.when ?? '', errors.when),
    hint: say('desk.page.hint.when', { zone: language.zone }),
    changes:
      isAccepted(at.slug) && at.current
        ? {
            ...{ name: 'change', id: 'page-change', label: say('desk.page.field.change'), error: null },
            options: CHANGES.map((value) => ({
              value,
              label: say(`desk.page.change.${value}`),
              selected: value === 'version',
            })),
          }
        : null,
  });

  const show = async (req: Request, res: Response, at: EditablePage, errors: PublishErrors = {}, status = 200) => {
    const may = mayPublish(editorOf(res), at);
    const section = (path: string) => pageDeskPath(language, at.id, path);
    const open = may && at.state !== 'archived' && !at.scheduled && hasNews(at);
    const page: PagePublishPage = {
      frame: pageFrame(language, req, at, 'publish', say('desk.page.publish')),
      state: pageState(language, at),
      stateText: at.scheduled
        ? say('desk.page.scheduled', { moment: formatMoment(language, at.scheduled.publishedAt!).text })
        : say(`desk.state.text.${at.state}`),
      version: at.version,
      action: section('/publish'),
      wrong: errors.text ?? null,
      publish: open ? publishOf(at, errors) : null,
      blocked: may
        ? open || at.state === 'archived' || at.scheduled
          ? null
          : say('desk.page.same')
        : say('desk.page.admin'),
      acts: (may ? actsFor(at) : []).map((name) => ({
        name,
        label: say(`desk.page.act.${name}`),
        text: say(`desk.page.act.${name}.text`),
        strong: false,
      })),
      address:
        isFixed(at.slug) || !may
          ? null
          : {
              action: section('/address'),
              slug: box('slug', 'line', errors.typed?.slug ?? at.slug, errors.slug),
              hint: say('desk.page.hint.address', { address: `${site.publicUrl}/${at.slug}` }),
            },
      links: [],
    };
    await renderDesk(site, language, req, res, 'pages/publish', `/desk/pages/${at.id}/publish`, page, status);
  };

  /** What is asked before it is done, on a page of its own. */
  const ask = async (req: Request, res: Response, at: EditablePage, act: 'archive' | 'delete') => {
    const title = pageTitle(language, at.slug, at.content).text;
    const page: AskPage = {
      frame: pageFrame(language, req, at, 'publish', say(`desk.page.act.${act}`)),
      action: pageDeskPath(language, at.id, '/publish'),
      text: say(`desk.page.ask.${act}`, { title }),
      consequence: say(`desk.page.ask.${act}.kept`),
      hidden: { act, version: at.version, sure: '1' },
      do: say(`desk.page.act.${act}`),
      back: pageDeskPath(language, at.id, '/publish'),
    };
    await renderDesk(site, language, req, res, 'ask', `/desk/pages/${at.id}/publish`, page);
  };

  type Outcome = { readonly done: DeskNotice } | { readonly refused: EditablePage; readonly because: string };

  const perform = async (
    db: WallTransaction,
    at: EditablePage,
    { act, change }: z.infer<typeof acted>,
    when: Date | null,
    by: Awaited<ReturnType<typeof actorOf>>,
  ): Promise<Outcome> => {
    const now = clock.now();
    const author = { accountId: by.actor.id, saveKey: null, now };
    const note = (action: Parameters<typeof auditPage>[3], after = {}) => auditPage(db, by, now, action, at, { after });
    if (act === 'publish') {
      const saved = await publishPage(db, at, { when, change, authorId: by.actor.id });
      if (typeof saved === 'string') return { refused: at, because: saved };
      const { number, version, publishedAt } = saved;
      const facts = {
        revision: number,
        published: publishedAt!.toISOString(),
        ...(version ? { 'page-version': version } : {}),
      };
      await note(when ? 'page-scheduled' : 'page-published', facts);
      return { done: when ? 'scheduled' : 'published' };
    }
    if (!actsFor(at).includes(act)) return { refused: at, because: 'act' };
    if (act === 'unschedule') await unschedulePage(db, at, author);
    else if (act === 'delete') await deletePage(db, at.id);
    else await setArchived(db, at, act === 'archive' ? now : null);
    const done = { unschedule: 'unscheduled', delete: 'deleted', archive: 'archived', unarchive: 'restored' } as const;
    const noted = {
      unschedule: 'page-unscheduled',
      delete: 'page-deleted',
      archive: 'page-archived',
      unarchive: 'page-unarchived',
    } as const;
    await note(noted[act]);
    return { done: done[act] };
  };

  router
    .route('/desk/pages/:id/publish')
    .get(async (req, res) => show(req, res, await find(idOfPage(req))))
    .post(formBody, async (req, res) => {
      const id = idOfPage(req);
      const body = acted.safeParse(req.body);
      if (!body.success) throw new Failure(400, 'not a form of this section');
      const { act, version, when } = body.data;
      const page = await find(id);
      if (!mayPublish(editorOf(res), page)) throw new Failure(403, 'a page that an admin gives to readers');
      const sure = (req.body as { sure?: unknown }).sure === '1';
      if ((act === 'archive' || act === 'delete') && !sure) return ask(req, res, page, act);
      const moment = when === '' ? null : readMoment(when, language.zone);
      if (when !== '' && !moment)
        return show(req, res, page, { when: say('desk.refused.when', { zone: language.zone }), typed: { when } }, 422);
      const by = await actorOf(wall, req, res);
      const outcome = await invalidatingWall.write(editorialViewer, async (db): Promise<Outcome> => {
        await lockPages(db);
        const at = await findEditablePage(db, id);
        if (!at) throw notFound('page');
        if (at.version !== version) return { refused: at, because: 'version' };
        return perform(db, at, body.data, moment, by);
      });
      if ('refused' in outcome) {
        const { refused, because } = outcome;
        const text = say(`desk.page.refused.${because}`);
        const errors: PublishErrors = because === 'when' ? { when: text, typed: { when } } : { text, typed: { when } };
        return show(req, res, refused, errors, because === 'version' || because === 'act' ? 409 : 422);
      }
      const { done } = outcome;
      res.redirect(
        303,
        done === 'deleted' ? `${prefix}/desk/pages?done=deleted` : pageDeskPath(language, id, `?done=${done}`),
      );
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/pages/:id/address')
    .post(formBody, async (req, res) => {
      const id = idOfPage(req);
      const body = z.object({ slug: z.string() }).safeParse(req.body);
      if (!body.success) throw new Failure(400, 'not the form of an address');
      const slug = typedLine(body.data.slug).replace(/^\/+/, '');
      const page = await find(id);
      if (isFixed(page.slug) || !mayPublish(editorOf(res), page)) throw new Failure(403, 'an address that is its own');
      const refuse = (key: string) =>
        show(req, res, page, { text: say('desk.page.wrong'), slug: say(key), typed: { slug } }, 422);
      // The words and pages that are known by a fixed address are begun with it.
      const fault = isFixed(slug) ? 'desk.page.wrong.slug.reserved' : slugFault(slug, reserved());
      if (fault) return refuse(fault);
      const by = await actorOf(wall, req, res);
      const moved = await invalidatingWall.write(editorialViewer, async (db) => {
        await lockPages(db);
        const at = await findEditablePage(db, id);
        if (!at) throw notFound('page');
        if (at.slug === slug) return true;
        if (await isTaken(db, slug, id)) return false;
        await movePage(db, at, slug);
        const facts = { before: { slug: at.slug }, after: { slug } };
        return auditPage(db, by, clock.now(), 'page-moved', { id, slug }, facts);
      });
      if (!moved) return refuse('desk.page.wrong.slug.taken');
      res.redirect(303, pageDeskPath(language, id, '/publish?done=saved'));
    })
    .all(onlyMethods('POST'));
  return router;
}
