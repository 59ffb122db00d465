import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { withQuery } from '../../admin/fields';
import { renderAdmin } from '../../admin/frame';
import { staffOnly } from '../../admin/staff';
import { onlyMethods } from '../../http/errors';
import { streamFile } from '../../http/multipart';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { UnreadableExport } from '../posts/export';
import { receiveZip } from '../posts/pictures/from-zip';
import { listMissing } from '../posts/pictures/missing';
import { openPictureReceiver, retakePictures, TAKES_PICTURES } from '../posts/pictures/receive';
import { importFrame, readImportId, readPageNumber, IMPORT_PATH, type ImportParts } from './parts';
import type { ImportPicturesPage } from './page-types';
import { loadImport, type ImportRead } from './queries';

/** Bytes that a zip of pictures may have. It is taken in while it arrives, and sent in several where it is more. */
const MOST_BYTES = 512 * 1024 * 1024;

const ON_A_PAGE = 50;

interface Context {
  readonly parts: ImportParts;
  readonly language: Language;
}

/** `/admin/import/:id/pictures`: what posts show and is not here, and the form that takes a zip of pictures in. */
export function importPictureRoutes(parts: ImportParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${IMPORT_PATH}/:id/pictures`)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res, null, 200))
    .post((req, res) => receive(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** @throws Failure 404 where it brings in no posts. */
async function loadPosts(db: WallTransaction, id: string): Promise<ImportRead> {
  const it = await loadImport(db, id);
  if (it.kind !== 'posts') throw notFound('an import of posts');
  return it;
}

async function receive(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, sealer } = parts;
  const id = readImportId(req);
  const { state } = await wall.read(accountsViewer, (db) => loadPosts(db, id));
  if (!TAKES_PICTURES.includes(state)) return show(context, req, res, language.say('import.refused.state'), 409);
  try {
    const taken = await streamFile(req, MOST_BYTES, async (file) => {
      const receiver = await openPictureReceiver(wall, sealer, id);
      await receiveZip(receiver, file);
      return receiver.taken();
    });
    if (taken === null) return show(context, req, res, language.say('import.wrong.none'), 422);
    if (taken === 0) return show(context, req, res, language.say('import.pictures.wrong.unnamed'), 422);
    await wall.write(accountsViewer, (db) => retakePictures(db, id));
    res.redirect(303, `${language.prefix}${IMPORT_PATH}/${id}/pictures`);
  } catch (error) {
    const wrong = wrongOf(language, error);
    if (wrong === null) throw error;
    await show(context, req, res, wrong, error instanceof Failure ? 413 : 422);
  }
}

function wrongOf({ say }: Language, error: unknown): string | null {
  if (error instanceof UnreadableExport) return say('import.pictures.wrong.zip');
  return error instanceof Failure && error.status === 413 ? say('import.wrong.large', { mb: 512 }) : null;
}

async function show(
  { parts: { wall, site, sealer }, language }: Context,
  req: Request,
  res: Response,
  error: string | null,
  status: number,
): Promise<void> {
  const { say, prefix } = language;
  const id = readImportId(req);
  const n = readPageNumber(req.method === 'POST' ? undefined : req.query['page']);
  const it = await wall.read(accountsViewer, (db) => loadPosts(db, id));
  const { named, here, missing } = await listMissing(wall, sealer, id);
  const at = `${prefix}${IMPORT_PATH}/${id}/pictures`;
  const step = (to: number) => withQuery(at, to === 1 ? {} : { page: String(to) });
  const shown = missing.slice((n - 1) * ON_A_PAGE, n * ON_A_PAGE);
  const page: ImportPicturesPage = {
    frame: importFrame(language, req, res, say('import.pictures.heading')),
    back: { label: say('import.act.back'), href: `${prefix}${IMPORT_PATH}/${id}` },
    name: it.name,
    count: say('import.pictures.count', { n: named, here: language.number(here) }),
    text: [say(`import.pictures.text.${it.source === 'substack' ? 'substack' : 'ghost'}`), say('import.pictures.text')],
    upload: TAKES_PICTURES.includes(it.state)
      ? { action: at, error, hint: say('import.pictures.hint', { mb: 512 }) }
      : null,
    closed: TAKES_PICTURES.includes(it.state) ? null : say('import.pictures.closed'),
    missing: shown.map(({ post, address, why }) => ({ post, address, why: say(`import.pictures.why.${why}`) })),
    steps: { previous: n > 1 ? step(n - 1) : null, next: missing.length > n * ON_A_PAGE ? step(n + 1) : null },
  };
  await renderAdmin(site, language, req, res, 'imports/pictures', `${IMPORT_PATH}/${id}/pictures`, page, status);
}
