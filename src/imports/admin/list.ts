import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { withQuery } from '../../admin/fields';
import { renderAdmin } from '../../admin/frame';
import { actorOf, staffOnly } from '../../admin/staff';
import { formatMoment } from '../../accounts/own/format';
import { onlyMethods } from '../../http/errors';
import { streamFile } from '../../http/multipart';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { oneLine } from '../../lib/line';
import { writeAudit } from '../../stores/postgres/audit';
import { UnreadableExport } from '../posts/export';
import { receivePosts } from '../posts/receive';
import { receiveTable, UnfitTable } from '../rows/receive';
import { UnreadableTable } from '../rows/read-csv';
import { MOST_ROWS } from '../states';
import { importFrame, readPageNumber, IMPORT_PATH, type ImportParts } from './parts';
import type { ImportsPage } from './page-types';

/** Bytes that a file of members may have: some three hundred for each of the most rows. */
const MOST_BYTES = 80 * 1024 * 1024;

const ON_A_PAGE = 25;

interface Context {
  readonly parts: ImportParts;
  readonly language: Language;
}

/** `/admin/import`: what was brought in, and the form that takes a file in. */
export function importListRoutes(parts: ImportParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(IMPORT_PATH)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res, null, 200))
    .post((req, res) => receive(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function receive(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, clock, site, sealer } = parts;
  const by = await actorOf(wall, req, res);
  try {
    const named = { name: '' };
    const id = await streamFile(req, MOST_BYTES, (file, name) => {
      named.name = oneLine(name.split(/[\\/]/).at(-1) ?? '').slice(0, 200);
      const { code } = site.languages.first;
      return /\.(?:json|zip)$/i.test(named.name)
        ? receivePosts(wall, sealer, named.name, file, code, clock.now())
        : receiveTable(wall, named.name, file, code, clock.now());
    });
    if (id === null) return show(context, req, res, language.say('import.wrong.none'), 422);
    await wall.write(accountsViewer, (db) =>
      writeAudit(db, {
        ...{ ...by, id: randomUUID(), at: clock.now(), action: 'import-received' },
        target: { kind: 'import', id, name: named.name },
      }),
    );
    res.redirect(303, `${language.prefix}${IMPORT_PATH}/${id}?done=import-received`);
  } catch (error) {
    const wrong = wrongOf(language, error);
    if (wrong === null) throw error;
    await show(context, req, res, wrong, error instanceof Failure ? 413 : 422);
  }
}

function wrongOf(language: Language, error: unknown): string | null {
  const { say } = language;
  if (error instanceof UnreadableTable) return say('import.wrong.endless', { line: language.number(error.line) });
  if (error instanceof UnreadableExport) return say(`import.wrong.export.${error.why}`);
  if (error instanceof UnfitTable) return say(`import.wrong.${error.why}`, { most: language.number(MOST_ROWS) });
  return error instanceof Failure && error.status === 413 ? say('import.wrong.large', { mb: 80 }) : null;
}

async function show(
  { parts: { wall, site }, language }: Context,
  req: Request,
  res: Response,
  error: string | null,
  status: number,
): Promise<void> {
  const { say, prefix } = language;
  const n = readPageNumber(req.method === 'POST' ? undefined : req.query['page']);
  const rows = await wall.read(accountsViewer, (db) =>
    db.import.findMany({
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      skip: (n - 1) * ON_A_PAGE,
      take: ON_A_PAGE + 1,
      select: { id: true, name: true, state: true, rows: true, createdAt: true },
    }),
  );
  const at = (to: number) => withQuery(`${prefix}${IMPORT_PATH}`, to === 1 ? {} : { page: String(to) });
  const page: ImportsPage = {
    frame: importFrame(language, req, res, say('import.heading')),
    text: [say('import.text'), say('import.text.columns'), say('import.text.posts')],
    upload: {
      action: `${prefix}${IMPORT_PATH}`,
      error,
      hint: say('import.file.hint', { most: language.number(MOST_ROWS), mb: 80 }),
    },
    prices: { label: say('import.prices.heading'), href: `${prefix}${IMPORT_PATH}/prices` },
    imports: rows.slice(0, ON_A_PAGE).map((one) => ({
      href: `${prefix}${IMPORT_PATH}/${one.id}`,
      name: one.name,
      state: say(`import.state.${one.state}`),
      rows: say('import.rows', { n: one.rows }),
      at: formatMoment(language, one.createdAt),
    })),
    steps: { previous: n > 1 ? at(n - 1) : null, next: rows.length > ON_A_PAGE ? at(n + 1) : null },
  };
  await renderAdmin(site, language, req, res, 'imports/list', IMPORT_PATH, page, status);
}
