import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { FIGURE_FILE, MOST_FIGURES } from '../../briefings/file/figures';
import { deletePictures, storePicture } from '../../briefings/pictures/queries';
import { reEncode, type ReEncoded } from '../../briefings/pictures/re-encode';
import { uniqueSlug } from '../../briefings/writing/assign-keys';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { slugOf } from '../../lib/slug';
import { findEditablePage, lockPages, type EditablePage } from '../../site/pages/editable';
import { addPagePicture, removePagePicture, showsPicture, takenNames } from '../../site/pages/pictures';
import type { WallTransaction } from '../../stores/postgres/wall';
import { sendDeskPicture } from '../files/send-picture';
import { onTooLarge, pictureError } from '../files/upload-hints';
import { filesOf, pictureForm, uploadOf } from '../files/upload';
import { renderDesk } from '../frame';
import { isScript } from '../staff';
import { hasPictures, idOfPage, pageDeskPath, pageFrame } from './frame';
import type { PagesParts } from './parts';
import { pagePicturesPage, pictureAnchor } from './pictures-page';

type Parts = Pick<PagesParts, 'wall'>;

/** The page in an address. @throws Failure 404 where there is none that has pictures. */
async function pageIn(db: WallTransaction, id: string): Promise<EditablePage> {
  const at = await findEditablePage(db, id);
  if (!at || !hasPictures(at)) throw notFound('page');
  return at;
}

/**
 * Puts a picture among those of a page, under a name of its own that follows the file's; the same picture again has the
 * name that it has. Readers see it once a text that shows it is published.
 */
function addTo({ wall }: Parts, id: string, { picture, bytes, sizes }: ReEncoded, file: string) {
  return wall.write(editorialViewer, async (db): Promise<{ readonly name: string } | 'many'> => {
    await lockPages(db);
    const { pictures } = await pageIn(db, id);
    const there = [...pictures].find(([, known]) => known.id === picture.id);
    if (there) return { name: there[0] };
    if (pictures.size >= MOST_FIGURES) return 'many';
    const taken = await takenNames(db, id);
    const named = (one: string) => `${one}.${picture.format}`;
    const stem = slugOf(file.replace(/\.[a-z0-9]+$/i, ''), 60);
    const name = named(uniqueSlug(FIGURE_FILE.test(named(stem)) ? stem : 'picture', (one) => taken.has(named(one))));
    await storePicture(db, picture, bytes, sizes);
    await addPagePicture(db, id, name, picture.id);
    return { name };
  });
}

/** Takes a picture away that no text of what is typed shows. */
function removeFrom({ wall }: Parts, id: string, name: string): Promise<'removed' | 'used'> {
  return wall.write(editorialViewer, async (db) => {
    await lockPages(db);
    const { content, pictures } = await pageIn(db, id);
    const picture = pictures.get(name);
    if (!picture) throw notFound('picture');
    if (showsPicture(content, name)) return 'used';
    await removePagePicture(db, id, name);
    await deletePictures(db, [picture.id]);
    return 'removed';
  });
}

/** `/desk/pages/:id/pictures`: the pictures that the texts of a page may show, and the desk's own look at them. */
export function pagePictureRoutes(parts: PagesParts, language: Language): Router {
  const { wall, bucket, site } = parts;
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const show = async (req: Request, res: Response, error: string | null = null, status = 200) => {
    const id = idOfPage(req);
    const at = await wall.read(editorialViewer, (db) => pageIn(db, id));
    const frame = pageFrame(language, req, at, 'pictures', say('desk.pictures.heading'));
    const { added } = req.query;
    const page = pagePicturesPage(at, language, {
      frame,
      wrong: error,
      added: typeof added === 'string' ? added : null,
    });
    await renderDesk(site, language, req, res, 'pages/pictures', `/desk/pages/${id}/pictures`, page, status);
  };

  const refuse = async (req: Request, res: Response, why: string, status: number) => {
    if (isScript(req)) res.status(status).json({ outcome: 'refused', text: why });
    else await show(req, res, why, status);
  };

  router
    .route('/desk/pages/:id/pictures')
    .get((req, res) => show(req, res))
    .post(pictureForm, async (req, res) => {
      const id = idOfPage(req);
      const [file] = filesOf(uploadOf(req), 'picture');
      if (!file) return refuse(req, res, say('desk.cover.wrong.none'), 422);
      const picture = await reEncode(file.bytes);
      if ('refused' in picture) return refuse(req, res, pictureError(language, picture.refused), 422);
      const added = await addTo(parts, id, picture, file.name);
      if (added === 'many') return refuse(req, res, say('desk.page.pictures.many', { n: MOST_FIGURES }), 422);
      const { name } = added;
      if (isScript(req)) return void res.json({ outcome: 'kept', name });
      res.redirect(303, pageDeskPath(language, id, `/pictures?done=pictured&added=${name}#${pictureAnchor(name)}`));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router.use(
    '/desk/pages/:id/pictures',
    onTooLarge((req, res, status) => refuse(req, res, pictureError(language, 'bytes'), status)),
  );

  router
    .route('/desk/pages/:id/pictures/:name')
    .get(async (req, res) => {
      const picture = await wall.read(editorialViewer, async (db) => {
        const { pictures } = await pageIn(db, idOfPage(req));
        return pictures.get(String(req.params['name']));
      });
      await sendDeskPicture({ wall, bucket }, res, picture);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/desk/pages/:id/pictures/:name/remove')
    .post(async (req, res) => {
      const id = idOfPage(req);
      if ((await removeFrom(parts, id, String(req.params['name']))) === 'used')
        return show(req, res, say('desk.pictures.used'), 409);
      res.redirect(303, pageDeskPath(language, id, '/pictures?done=unpictured'));
    })
    .all(onlyMethods('POST'));
  return router;
}
