import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { editorialViewer } from '../../access/viewer';
import { pagingOf } from '../../briefings/reading/paging';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language, Languages } from '../../lib/language';
import { typedLine } from '../../lib/line';
import { slugOf } from '../../lib/slug';
import { PAGE_LONGEST } from '../../site/pages/content';
import { findEditablePage, lockPages, type EditablePage } from '../../site/pages/editable';
import { FIXED_PAGES, isReserved } from '../../site/pages/names';
import { createPage, isTaken } from '../../site/pages/writing';
import type { Wall } from '../../stores/postgres/wall';
import { deskFrame, formatMoment, renderDesk } from '../frame';
import type { Box } from '../page-types';
import { actorOf } from '../staff';
import { auditPage, pageLanguages, pageDeskPath, pageState, pageTitle } from './frame';
import type { PagesPage } from './page-types';
import type { PagesParts } from './parts';

const ROWS_PER_PAGE = 25;
const SORTS = ['address', 'changed'] as const;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What is wrong with an address, as the key of the sentence that says so; null: nothing. */
export function slugFault(slug: string, taken: ReadonlySet<string>): string | null {
  if (!SLUG.test(slug) || slug.length > 80) return 'desk.page.wrong.slug.form';
  return isReserved(slug, taken) ? 'desk.page.wrong.slug.reserved' : null;
}

const begun = z.object({ title: z.string(), slug: z.string(), lang: z.string() });
type Begun = z.infer<typeof begun>;

interface NewPageErrors {
  readonly title?: string;
  readonly slug?: string;
}

/** One page of the list, how many there are in all, and which of the fixed ones are there. */
function readPages(wall: Wall, sort: (typeof SORTS)[number], number: number) {
  return wall.read(editorialViewer, async (db) => {
    const ids = await db.$queryRaw<{ id: string }[]>`
      SELECT p.id FROM pages p LEFT JOIN page_drafts d ON d.page_id = p.id
      ORDER BY CASE WHEN ${sort} = 'changed' THEN greatest(d.saved_at, p.created_at,
        (SELECT max(r.created_at) FROM page_revisions r WHERE r.page_id = p.id)) END DESC, p.slug
      LIMIT ${ROWS_PER_PAGE} OFFSET ${(number - 1) * ROWS_PER_PAGE}`;
    const rows: EditablePage[] = [];
    for (const { id } of ids) rows.push((await findEditablePage(db, id))!);
    const known = await db.page.findMany({ where: { slug: { in: [...FIXED_PAGES] } }, select: { slug: true } });
    return { total: await db.page.count(), rows, there: new Set(known.map(({ slug }) => slug)) };
  });
}

/** A page as a row of the list. */
function rowView(language: Language, languages: Languages, row: EditablePage): PagesPage['rows'][number] {
  const { say } = language;
  return {
    href: pageDeskPath(language, row.id),
    title: pageTitle(language, row.slug, row.content),
    address: `/${row.slug}`,
    state: pageState(language, row),
    marks: [
      ...(row.draft && row.saved.length > 0 ? [say('desk.changed')] : []),
      ...(row.current?.sample ? [say('desk.page.sample')] : []),
      ...(row.current?.version ? [say('page.version', { n: row.current.version })] : []),
      ...(row.scheduled && row.current ? [say('desk.state.scheduled')] : []),
    ],
    languages: pageLanguages(language, languages, row.content),
    when: {
      label: say('desk.when.changed'),
      moment: formatMoment(language, row.draft?.savedAt ?? row.saved[0]!.createdAt),
    },
  };
}

/** `/desk/pages`: the publisher's own pages, and the form that begins one. */
export function pageListRoutes(parts: PagesParts, language: Language): Router {
  const { wall, site, clock, reserved } = parts;
  const { say, prefix } = language;
  const home = `${prefix}/desk/pages`;
  const router = Router({ caseSensitive: true, strict: true });

  const box = (name: string, value: string, error: string | undefined): Box => ({
    ...{ name, value, id: `page-${name}`, label: say(`desk.page.field.${name}`), kind: 'line', lang: null },
    ...{ missing: false, list: null, error: error === undefined ? null : say(error) },
  });

  const show = async (req: Request, res: Response, typed: Begun, errors: NewPageErrors, status = 200) => {
    const sort = SORTS.find((one) => one === req.query['sort']) ?? 'address';
    const number = Number(
      /^[1-9]\d{0,3}$/.exec(typeof req.query['page'] === 'string' ? req.query['page'] : '')?.[0] ?? 1,
    );
    const { total, rows, there } = await readPages(wall, sort, number);
    const at = (page: number) => `${home}?${new URLSearchParams({ sort, page: String(page) }).toString()}`;
    const page: PagesPage = {
      frame: deskFrame(language, req, 'pages', say('desk.pages.heading')),
      count: say('desk.pages.count', { n: total }),
      sorts: SORTS.map((one) => ({
        label: say(`desk.pages.sort.${one}`),
        href: `${home}?sort=${one}`,
        current: one === sort,
      })),
      rows: rows.map((row) => rowView(language, site.languages, row)),
      paging: pagingOf(number, Math.max(1, Math.ceil(total / ROWS_PER_PAGE)), at),
      wanted: FIXED_PAGES.filter((slug) => !there.has(slug)).map((slug) => ({
        slug,
        text: say(`desk.page.wanted.${slug}`),
        href: `${home}?begin=${slug}#begin`,
      })),
      begin: {
        action: home,
        title: box('title', typed.title, errors.title),
        slug: box('slug', typed.slug, errors.slug),
        slugHint: say('desk.page.hint.slug', { address: site.publicUrl }),
        languages: site.languages.all.map(({ code }) => ({
          value: code,
          label: language.languageName(code),
          selected: code === (typed.lang || language.code),
        })),
        wrong: Object.keys(errors).length > 0 ? say('desk.page.wrong') : null,
      },
    };
    await renderDesk(site, language, req, res, 'pages/list', '/desk/pages', page, status);
  };

  router
    .route('/desk/pages')
    .get((req, res) => {
      const asked = FIXED_PAGES.find((one) => one === req.query['begin']);
      const typed = { title: asked ? say(`desk.page.name.${asked}`) : '', slug: asked ?? '', lang: '' };
      return show(req, res, typed, {});
    })
    .post(formBody, async (req, res) => {
      const read = begun.safeParse(req.body);
      if (!read.success) throw new Failure(400, 'not the form of a new page');
      const title = typedLine(read.data.title);
      const slug = typedLine(read.data.slug).replace(/^\/+/, '') || slugOf(title);
      const lang = site.languages.all.find(({ code }) => code === read.data.lang)?.code ?? language.code;
      const fault = title === '' ? null : slugFault(slug, reserved());
      const titleFault = title === '' || title.length > PAGE_LONGEST.title ? 'desk.page.wrong.title' : null;
      const errors: NewPageErrors = { ...(titleFault ? { title: titleFault } : {}), ...(fault ? { slug: fault } : {}) };
      if (Object.keys(errors).length > 0) return show(req, res, read.data, errors, 422);
      const by = await actorOf(wall, req, res);
      const id = await wall.write(editorialViewer, async (db) => {
        await lockPages(db);
        if (await isTaken(db, slug)) return null;
        const content = { original: lang, texts: { [lang]: { title, description: '', body: '' } }, authors: [] };
        const author = { accountId: by.actor.id, saveKey: null, now: clock.now() };
        const made = await createPage(db, { slug, content }, author);
        await auditPage(db, by, clock.now(), 'page-begun', { id: made, slug });
        return made;
      });
      if (id === null) return show(req, res, read.data, { slug: 'desk.page.wrong.slug.taken' }, 422);
      res.redirect(303, pageDeskPath(language, id));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
