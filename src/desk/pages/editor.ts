import { randomBytes } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { authorNames } from '../../briefings/authors';
import { onlyMethods } from '../../http/errors';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import { Failure, notFound } from '../../lib/failure';
import type { Language, Languages } from '../../lib/language';
import { ownPage } from '../../pages/view';
import { PAGE_FIELDS } from '../../site/pages/content';
import { findEditablePage, lockPages, type EditablePage } from '../../site/pages/editable';
import { dropDraft } from '../../site/pages/writing';
import { formOf, largeForm } from '../body';
import { baseOf, writeBase, type Conflict, type Fields } from '../editor/merge';
import { scriptPhrases } from '../editor/page';
import { authorFields, MOST_AUTHORS } from '../editor/slots';
import { idOf } from '../format';
import { formatMoment, renderDesk } from '../frame';
import { allowBeingFramed, allowFraming } from '../framing';
import { namesOf } from '../names';
import type { Box, ConflictPage, Sides } from '../page-types';
import { actorOf, editorOf, isScript } from '../staff';
import { faultsOf, fieldsOfPage, savePageForm, sayPageField, sayPageValue } from './form';
import { auditPage, hasPictures, idOfPage, pageFrame, pageDeskPath, pageState, pageTitle } from './frame';
import type { PageEditorPage } from './page-types';
import type { PagesParts } from './parts';
import { deskPictures } from './pictures-page';

/** Milliseconds in which somebody else's save says that they are probably still writing. */
const JUST_NOW = 15 * 60_000;

/** The languages of the form: that of the original first. */
const langsOf = ({ content: { original } }: EditablePage, { all }: Languages): string[] => [
  original,
  ...all.map(({ code }) => code).filter((code) => code !== original),
];

/** Every text of a page in every language, side by side, with what is wrong in it once something was saved. */
function sidesOf(language: Language, at: EditablePage, langs: readonly string[], values: Fields): Sides[] {
  const { say } = language;
  const begun = at.saved.length + (at.draft?.version ?? 0) > 1;
  const faults = begun ? faultsOf(at) : new Map<string, string>();
  const kinds = { title: 'line', description: 'text', body: 'markdown' } as const;
  const boxOf = (field: keyof typeof kinds, lang: string): Box => {
    const name = `${field}.${lang}`;
    const fault = faults.get(name);
    const inOriginal = values.has(`${field}.${at.content.original}`);
    return {
      ...{ name, lang, id: idOf(name), label: language.languageName(lang), kind: kinds[field], list: null },
      value: values.get(name) ?? '',
      missing: inOriginal && !values.has(name),
      error: fault === undefined ? null : say(fault),
    };
  };
  return PAGE_FIELDS.map((field) => ({
    legend: say(`desk.page.field.${field}`),
    hint: field === 'title' ? null : say(`desk.page.hint.${field}`),
    boxes: langs.map((lang) => boxOf(field, lang)),
  }));
}

/** A choice for each author, and two more. What stands on the page of prices has no byline. */
function authorsOf(
  { say, prefix }: Language,
  { slug, content: { authors } }: EditablePage,
  names: ReadonlyMap<string, string>,
): PageEditorPage['authors'] {
  if (slug === 'questions') return null;
  const known = new Map([...names, ...authors.map(({ key, name }) => [key, name] as const)]);
  const fields = known.size === 0 ? [] : authorFields(Math.min(authors.length + 2, MOST_AUTHORS));
  return {
    choices: fields.map((name, index) => ({
      ...{ name, id: idOf(name), label: say('desk.field.author', { number: index + 1 }), error: null },
      options: [['', say('desk.author.nobody')] as const, ...known].map(([value, label]) => ({
        ...{ value, label, selected: value === (authors[index]?.key ?? '') },
      })),
    })),
    section: { label: say('desk.author.section'), href: `${prefix}/desk/authors` },
  };
}

/** `/desk/pages/:id`: a page's texts in every language, what is saved of them, and how it looks. */
export function pageEditorRoutes(parts: PagesParts, language: Language): Router {
  const { wall, site, clock } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const find = async (id: string): Promise<EditablePage> => {
    const at = await wall.read(editorialViewer, (db) => findEditablePage(db, id));
    if (!at) throw notFound('page');
    return at;
  };

  const savers = async ({ draft }: EditablePage) => {
    if (!draft) return { name: say('desk.nobody'), moment: '' };
    const name = (await namesOf(wall, [draft.saverId])).get(draft.saverId ?? '') ?? say('desk.nobody');
    return { name, moment: formatMoment(language, draft.savedAt).text };
  };

  const show = async (req: Request, res: Response) => {
    const at = await find(idOfPage(req));
    const { name, moment } = await savers(at);
    const values = fieldsOfPage(at.content);
    const langs = langsOf(at, site.languages);
    const names = await wall.read(editorialViewer, authorNames);
    const theirs =
      at.draft &&
      at.draft.saverId !== editorOf(res).id &&
      clock.now().getTime() - at.draft.savedAt.getTime() < JUST_NOW;
    const page: PageEditorPage = {
      frame: pageFrame(language, req, at, 'text', pageTitle(language, at.slug, at.content).text),
      action: pageDeskPath(language, at.id),
      version: at.version,
      page: randomBytes(8).toString('hex'),
      base: writeBase(baseOf(values)),
      state: pageState(language, at),
      stateText: say(`desk.state.text.${at.state}`),
      note: at.slug === 'questions' || at.slug === 'contact' ? say(`desk.page.note.${at.slug}`) : null,
      copy: at.draft ? say('desk.copy', { name, moment }) : null,
      warning: theirs ? say('desk.page.warning', { name, moment }) : null,
      fields: sidesOf(language, at, langs, values),
      authors: authorsOf(language, at, names),
      original: {
        ...{ name: 'original', id: idOf('original'), label: say('desk.field.original'), error: null },
        options: langs.map((value) => ({
          value,
          label: language.languageName(value),
          selected: value === at.content.original,
        })),
      },
      previews: site.languages.all.map(({ code }) => ({
        code,
        label: say('desk.page.preview.in', { language: language.languageName(code) }),
        href: `${pageDeskPath(language, at.id, '/preview')}?lang=${code}`,
      })),
      tools: [],
      faults: [],
      discard: at.draft && at.saved.length > 0 ? pageDeskPath(language, at.id, '/discard') : null,
      pictures: hasPictures(at),
      says: scriptPhrases(language),
    };
    allowFraming(res);
    await renderDesk(site, language, req, res, 'pages/editor', `/desk/pages/${at.id}`, page);
  };

  const showConflict = async (
    req: Request,
    res: Response,
    {
      at,
      conflicts,
      base,
      form,
    }: { at: EditablePage; conflicts: readonly Conflict[]; base: string | null; form: URLSearchParams },
  ) => {
    const { name, moment } = await savers(at);
    const own = at.draft?.saverId === editorOf(res).id;
    const by = say(own ? 'desk.conflict.own' : 'desk.conflict.by', { name, moment });
    if (isScript(req)) return void res.status(409).json({ outcome: 'conflict', text: by });
    const names = await wall.read(editorialViewer, authorNames);
    const sayValue = (field: string, value: string) =>
      field.startsWith('authors.') ? (names.get(value) ?? value) : sayPageValue(language, field, value, [at.content]);
    const page: ConflictPage = {
      frame: pageFrame(language, req, at, 'text', say('desk.page.conflict')),
      action: pageDeskPath(language, at.id),
      by,
      hidden: [...form]
        .filter(([field]) => !['version', 'do', 'page', 'seq', 'base', 'theirs'].includes(field))
        .map(([field, value]) => ({ name: field, value }))
        .concat({ name: 'version', value: at.version }, ...(base === null ? [] : [{ name: 'base', value: base }])),
      rows: conflicts.map((one) => ({
        name: one.name,
        label: sayPageField(language, one.name),
        theirs: sayValue(one.name, one.theirs) || say('desk.conflict.removed'),
        mine: sayValue(one.name, one.mine) || say('desk.conflict.removed'),
      })),
      theirs: pageDeskPath(language, at.id),
    };
    await renderDesk(site, language, req, res, 'conflict', `/desk/pages/${at.id}`, page, 409);
  };

  router
    .route('/desk/pages/:id')
    .get(show)
    .post(largeForm, async (req, res) => {
      const form = formOf(req);
      const saved = await savePageForm(parts, idOfPage(req), form, editorOf(res).id);
      if (!saved) throw notFound('page');
      if (saved.outcome === 'conflict') return showConflict(req, res, { ...saved, form });
      const { at, base, taken } = saved;
      if (isScript(req))
        return void res.json({
          outcome: 'saved',
          version: at.version,
          base,
          taken: Object.fromEntries(taken),
          when: formatMoment(language, clock.now()).text,
          faults: [...faultsOf(at)].map(([field, key]) => ({ field, text: say(key) })),
        });
      const next = form.get('do') === 'publish' ? '/publish' : '?done=saved';
      res.redirect(303, pageDeskPath(language, at.id, next));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/pages/:id/discard')
    .post(async (req, res) => {
      const id = idOfPage(req);
      const by = await actorOf(wall, req, res);
      await wall.write(editorialViewer, async (db) => {
        await lockPages(db);
        const at = await findEditablePage(db, id);
        if (!at) throw notFound('page');
        if (!at.draft || at.saved.length === 0) return;
        await dropDraft(db, id);
        await auditPage(db, by, clock.now(), 'page-discarded', at);
      });
      res.redirect(303, pageDeskPath(language, id, '?done=discarded'));
    })
    .all(onlyMethods('POST'));

  router
    .route('/desk/pages/:id/preview')
    .get(async (req, res) => {
      const at = await find(idOfPage(req));
      const { lang } = req.query;
      const shown = lang === undefined ? language : typeof lang === 'string' ? site.languages.find(lang) : undefined;
      if (!shown) throw new Failure(400, 'no such language to preview in');
      const facts = { slug: at.slug, publishedAt: clock.now(), warning: null, versions: null };
      const page = ownPage(at.content, facts, shown, deskPictures(language, at));
      const layout = layoutOf(site, shown, { title: page.title.text, path: null, noindex: true, audience: 'visitor' });
      allowBeingFramed(res);
      await respond(req, res, 'pages/page', { layout, page });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
