import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import type { AuthorRow } from '../../briefings/author-rows';
import { reEncode } from '../../briefings/pictures/re-encode';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { pictureError, onTooLarge } from '../files/upload-hints';
import { filesOf, pictureForm, uploadOf } from '../files/upload';
import { deskFrame, renderDesk } from '../frame';
import type { DeskParts } from '../parts';
import { findRecord, langsOf } from '../records/actions';
import { slugFrom } from '../records/forms';
import { versionOf } from '../records/record';
import { openRecordRoutes, type RecordSection, type RecordState } from '../records/routes';
import { actorOf } from '../staff';
import { setPicture } from './actions';
import { parseAuthorForm, typedOf, validateAuthor, type AuthorInput } from './forms';
import { authorKind } from './kind';
import { authorPage, authorDeskPath, authorsPage } from './pages';
import { findAuthors } from './queries';

/** `/desk/authors`: who writes, under which names and addresses. */
export function authorRoutes(parts: DeskParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const section = authorsSection(parts, language);
  openRecordRoutes(router, parts, language, section);
  openPictures(router, parts, language, section);
  return router;
}

type AuthorState = RecordState & { readonly pictureError?: string };

/** The section of authors; its own page says besides what was wrong with a picture. */
type AuthorsSection = Omit<RecordSection<AuthorRow, AuthorInput>, 'showOne'> & {
  showOne(req: Request, res: Response, row: AuthorRow, state?: AuthorState, status?: number): Promise<void>;
};

function authorsSection({ wall, site }: DeskParts, language: Language): AuthorsSection {
  const { languages } = site;
  const home = { label: language.say('desk.authors.heading'), href: `${language.prefix}/desk/authors` };
  return {
    kind: authorKind,
    section: 'authors',
    parse: parseAuthorForm,
    validate: validateAuthor,
    titleOf: ({ name }) => name,
    showAll: async (req, res, state, status) => {
      const asked = typeof req.query['page'] === 'string' ? req.query['page'] : '1';
      if (!/^[1-9]\d{0,5}$/.test(asked)) throw notFound('page of authors');
      const number = Number(asked);
      const found = await wall.read(editorialViewer, (db) => findAuthors(db, number));
      if (number > found.pages) throw notFound('page of authors');
      const frame = deskFrame(language, req, 'authors', home.label);
      const page = authorsPage(language, languages, frame, { ...found, page: number }, state);
      await renderDesk(site, language, req, res, 'authors/list', '/desk/authors', page, status);
    },
    showOne: async (req, res, row, state = {}, status = 200) => {
      const langs = langsOf(site);
      const stands = authorKind.inputOf(row, langs);
      const page = authorPage(language, languages, deskFrame(language, req, 'authors', row.name, [home]), {
        row,
        version: state.version ?? versionOf(authorKind, row, langs),
        typed: state.typed ?? typedOf(stands, langs),
        wrong: state.wrong ?? {},
        theirs: state.conflict ? stands : null,
        pictureError: state.pictureError ?? null,
      });
      await renderDesk(site, language, req, res, 'authors/author', `/desk/authors/${row.slug}`, page, status);
    },
  };
}

function openPictures(
  router: Router,
  parts: DeskParts,
  language: Language,
  { showOne }: Pick<AuthorsSection, 'showOne'>,
): void {
  const read = (slug: unknown) => parts.wall.read(editorialViewer, (db) => findRecord(db, authorKind, slugFrom(slug)));
  const changed = (res: Response, slug: string) =>
    res.redirect(303, `${authorDeskPath(language, slug)}?done=author-changed`);
  router
    .route('/desk/authors/:slug/picture')
    .post(pictureForm, async (req, res) => {
      const [file] = filesOf(uploadOf(req), 'picture');
      const row = await read(req.params['slug']);
      const picture = file ? await reEncode(file.bytes) : null;
      const refuse = (sentence: string) => showOne(req, res, row, { pictureError: sentence }, 422);
      if (picture === null) return refuse(language.say('desk.cover.wrong.none'));
      if ('refused' in picture) return refuse(pictureError(language, picture.refused));
      await setPicture(parts, row.slug, picture, await actorOf(parts.wall, req, res));
      changed(res, row.slug);
    })
    .all(onlyMethods('POST'));
  router.use(
    '/desk/authors/:slug/picture',
    onTooLarge(async (req, res, status) =>
      showOne(req, res, await read(req.params['slug']), { pictureError: pictureError(language, 'bytes') }, status),
    ),
  );
  router
    .route('/desk/authors/:slug/picture/remove')
    .post(formBody, async (req, res) => {
      const slug = slugFrom(req.params['slug']);
      await setPicture(parts, slug, null, await actorOf(parts.wall, req, res));
      changed(res, slug);
    })
    .all(onlyMethods('POST'));
}
