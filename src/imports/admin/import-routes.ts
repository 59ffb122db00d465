import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { readFields, readSubmission, type Fields } from '../../admin/action/submission';
import { exportTable } from '../../admin/export-table';
import { withQuery } from '../../admin/fields';
import { renderAdmin } from '../../admin/frame';
import { staffOnly } from '../../admin/staff';
import { nameTiers } from '../../admin/tier-names';
import { findCategories } from '../../briefings/reading/queries';
import { loadMatrix } from '../../membership/matrix';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { beginWork, WORKING } from '../states';
import { matchForm, readMatch, type MatchFaults, type MatchForm, type MatchParts } from './match';
import { postMatchForm, readPostMatch, type PostFaults, type PostMatchParts } from './match-posts';
import { OUTCOMES, importFacts, importWarnings, outcomeCounts, rowLine, actsOn } from './import-page';
import { importFrame, readImportId, readPageNumber, IMPORT_PATH, type ImportParts } from './parts';
import type { ImportPage } from './page-types';
import { countOutcomes, countStripe, listRows, loadImport, readTierValues, type ImportRead } from './queries';
import { REFUSED_COLUMNS, refusedBatches } from './refused';

const ON_A_PAGE = 50;

/** Seconds after which a page about something under way asks again. */
const AGAIN = 3;

/** Rows that are shown of a file, to say what its columns are by. */
const SAMPLE = 5;

interface Context {
  readonly parts: ImportParts;
  readonly language: Language;
}

/** `/admin/import/:id`: what a file has, what would become of its rows and what did; and the refused ones as a file. */
export function importRoutes(parts: ImportParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${IMPORT_PATH}/:id`)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res, null))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route(`${IMPORT_PATH}/:id/check`)
    .all(staffOnly(language, ['admin']))
    .post(formBody, (req, res) => check(context, req, res))
    .all(onlyMethods('POST'));
  router
    .route(`${IMPORT_PATH}/:id/refused`)
    .all(staffOnly(language, ['admin']))
    .post(formBody, (req, res) => sendRefused(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

/** What was chosen and cannot be. */
interface Rejected {
  readonly fields: Fields;
  readonly wrong: MatchFaults | PostFaults;
  readonly error: string | null;
  readonly status: 409 | 422;
}

async function check(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const id = readImportId(req);
  const submission = readSubmission(req);
  const { it, match, posts } = await loadMatch(context, id);
  const { options, wrong: errors } = posts
    ? readPostMatch(submission.fields, posts)
    : readMatch(submission.fields, match, parts.clock.now());
  const reject = (error: string | null, status: 409 | 422) =>
    show(context, req, res, { fields: submission.fields, wrong: errors, error, status });
  if (String(it.version) !== submission.version) return reject(language.say('admin.wrong.changed'), 409);
  if (Object.keys(errors).length > 0) return reject(null, 422);
  const begun = await parts.wall.write(accountsViewer, (db) =>
    beginWork(db, id, ['read', 'checked'], 'checking', { options }),
  );
  if (!begun) return reject(language.say('admin.wrong.changed'), 409);
  res.redirect(303, `${language.prefix}${IMPORT_PATH}/${id}`);
}

async function sendRefused({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const id = readImportId(req);
  const { header } = await parts.wall.read(accountsViewer, (db) => loadImport(db, id));
  await exportTable(parts, req, res, {
    name: 'refused',
    asked: { import: id },
    columns: [...REFUSED_COLUMNS, ...header],
    batches: () => refusedBatches(parts.wall, language, id, header.length),
  });
}

async function loadMatch(
  { parts: { wall, site }, language }: Context,
  id: string,
): Promise<{ readonly it: ImportRead; readonly match: MatchParts; readonly posts: PostMatchParts | null }> {
  return wall.read(accountsViewer, async (db) => {
    const it = await loadImport(db, id);
    const [tiers, values] = [await nameTiers(db, language), await readTierValues(db, id)];
    const posts: PostMatchParts | null =
      it.kind === 'members'
        ? null
        : {
            ...{ language, languages: site.languages, shape: site.shape.current, tiers, values },
            ...{ matrix: await loadMatrix(db), categories: await findCategories(db) },
          };
    return { it, match: { language, languages: site.languages, tiers, header: it.header, values }, posts };
  });
}

function askedOf(req: Request): { readonly outcome: string | null; readonly n: number } {
  const { outcome, page } = req.method === 'POST' ? {} : readFields(req.query);
  if (outcome !== undefined && !OUTCOMES.some((one) => one === outcome)) throw new Failure(400, 'no such rows');
  return { outcome: outcome ?? null, n: readPageNumber(page) };
}

const memberForm = (match: MatchParts, it: ImportRead, rejected: Rejected | null, now: Date): MatchForm =>
  matchForm(
    match,
    rejected === null ? it.options : readMatch(rejected.fields, match, now).options,
    rejected?.wrong ?? {},
    rejected?.fields['until'],
  );

const postForm = (posts: PostMatchParts, it: ImportRead, rejected: Rejected | null): MatchForm =>
  postMatchForm(
    posts,
    rejected === null ? it.postOptions : readPostMatch(rejected.fields, posts).options,
    { ...rejected?.wrong },
    rejected?.fields ?? null,
  );

/** What one page shows of an import's rows: those of an outcome, how many there are of each, and the file's first. */
const readRows = ({ wall }: ImportParts, id: string, outcome: ReturnType<typeof askedOf>['outcome'], n: number) =>
  wall.read(accountsViewer, async (db) => ({
    counts: await countOutcomes(db, id),
    stripe: (await countStripe(db, id))[0]!,
    rows: await listRows(db, id, outcome, { skip: (n - 1) * ON_A_PAGE, take: ON_A_PAGE + 1 }),
    sample: await db.importRow.findMany({
      where: { importId: id, number: { lte: SAMPLE } },
      orderBy: { number: 'asc' },
      select: { cells: true },
    }),
  }));

async function show(context: Context, req: Request, res: Response, rejected: Rejected | null): Promise<void> {
  const { parts, language } = context;
  const { say, prefix } = language;
  const id = readImportId(req);
  const { outcome, n } = askedOf(req);
  const { it, match, posts } = await loadMatch(context, id);
  const read = await readRows(parts, id, outcome, n);
  const at = `${prefix}${IMPORT_PATH}/${id}`;
  const [open, working] = [it.state === 'read' || it.state === 'checked', WORKING.includes(it.state)];
  const refused = read.counts.filter(({ outcome: one }) => one === 'refuse' || one === 'refused');
  const step = (to: number) =>
    withQuery(at, { outcome: outcome ?? undefined, page: to === 1 ? undefined : String(to) });
  const page: ImportPage = {
    frame: importFrame(language, req, res, say(posts ? 'import.one.heading.posts' : 'import.one.heading')),
    back: { label: say('import.back'), href: `${prefix}${IMPORT_PATH}` },
    name: it.name,
    facts: importFacts(language, it, read.stripe),
    warning: importWarnings(language, it, read.stripe),
    progress: working
      ? { text: say(`import.progress.${it.state}`, { n: it.place, of: it.rows }), value: it.place, of: it.rows }
      : null,
    acts: [
      ...actsOn(language, it, at),
      ...(posts && open ? [{ label: say('import.pictures.heading'), href: `${at}/pictures`, main: false }] : []),
    ],
    match: open
      ? {
          ...(posts ? postForm(posts, it, rejected) : memberForm(match, it, rejected, parts.clock.now())),
          ...{ action: `${at}/check`, error: rejected?.error ?? null, version: String(it.version) },
          submission: randomUUID(),
          submit: say(it.state === 'read' ? 'import.check' : 'import.check.again'),
        }
      : null,
    sample: open
      ? { columns: it.header, rows: read.sample.map(({ cells }) => cells.slice(0, it.header.length)) }
      : null,
    outcomes: working && it.state === 'checking' ? [] : outcomeCounts(language, read.counts, at, outcome),
    rows: it.state === 'checking' ? [] : read.rows.slice(0, ON_A_PAGE).map((row) => rowLine(language, row)),
    steps: { previous: n > 1 ? step(n - 1) : null, next: read.rows.length > ON_A_PAGE ? step(n + 1) : null },
    refused:
      refused.length === 0 || working
        ? null
        : { action: `${at}/refused`, label: say('import.refused.download'), hidden: [] },
  };
  if (working) res.setHeader('Refresh', String(AGAIN));
  await renderAdmin(
    parts.site,
    language,
    req,
    res,
    'imports/one',
    `${IMPORT_PATH}/${id}`,
    page,
    rejected?.status ?? 200,
  );
}
