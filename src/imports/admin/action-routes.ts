import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { confirmForm } from '../../admin/action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../../admin/action/perform';
import { readSubmission } from '../../admin/action/submission';
import type { ImportAuditAction } from '../../admin/audit/import-actions';
import { renderAdmin } from '../../admin/frame';
import type { ActionPage } from '../../admin/page-types';
import { staffOnly } from '../../admin/staff';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { beginWork, type ImportState } from '../states';
import { ACTS, type Act } from './import-page';
import { importFrame, readImportId, IMPORT_PATH, type ImportParts } from './parts';
import { countOutcomes, countPages, countStripe, loadImport, type ImportRead } from './queries';

interface Context {
  readonly parts: ImportParts;
  readonly act: Act;
  readonly language: Language;
}

/** An import, and what rests on what is done with it. */
interface ImportCase {
  readonly it: ImportRead;
  readonly counts: Readonly<Record<string, number>>;
  /** How many of `add` and of `added` are pages; members have none. */
  readonly pages: Readonly<Record<string, number>>;
  readonly stripe: { readonly customers: number; readonly subscribed: number; readonly unmapped: number };
}

const NAMES: Readonly<Record<Act, ImportAuditAction>> = {
  run: 'import-run',
  stop: 'import-stopped',
  resume: 'import-resumed',
  'take-back': 'import-taken-back',
  remove: 'import-removed',
};

/** What is done with an import as a whole: each asks first, and is carried out with its audit entry. */
export function importActRoutes(parts: ImportParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const act of Object.keys(ACTS) as Act[]) {
    const context: Context = { parts, act, language };
    router
      .route(`${IMPORT_PATH}/:id/${act}`)
      .all(staffOnly(language, ['admin']))
      .get((req, res) => show(context, req, res, undefined, null))
      .post(formBody, (req, res) => confirm(context, req, res))
      .all(onlyMethods('GET', 'HEAD', 'POST'));
  }
  return router;
}

async function loadCase(db: WallTransaction, id: string): Promise<ImportCase> {
  const it = await loadImport(db, id);
  const counts = await countOutcomes(db, id);
  return {
    it,
    counts: Object.fromEntries(counts.map(({ outcome, _count }) => [outcome ?? '', _count])),
    pages:
      it.kind === 'posts' ? Object.fromEntries((await countPages(db, id)).map(({ outcome, n }) => [outcome, n])) : {},
    stripe: (await countStripe(db, id))[0]!,
  };
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, act, language } = context;
  const id = readImportId(req);
  const submission = readSubmission(req);
  const outcome = await perform(actionOf(context, id), submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return show(context, req, res, submission.reason, outcome.rejection);
  const at = act === 'remove' ? IMPORT_PATH : `${IMPORT_PATH}/${id}`;
  res.redirect(303, `${language.prefix}${at}?done=${NAMES[act]}`);
}

const isOpen = (act: Act, state: ImportState): boolean => (ACTS[act] as readonly ImportState[]).includes(state);

function actionOf({ parts: { wall }, act, language }: Context, id: string): AdminAction<ImportCase> {
  return {
    name: NAMES[act],
    targetId: id,
    reason: 'optional',
    load: () => wall.read(accountsViewer, (db) => loadCase(db, id)),
    check: ({ it }) => (isOpen(act, it.state) ? null : { status: 409, refused: language.say('import.refused.state') }),
    // How far it has come says nothing about what is meant by stopping it.
    ...(act === 'stop' ? {} : { version: ({ it }: ImportCase) => String(it.version) }),
    wall,
    viewer: accountsViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM imports WHERE id = ${id}::uuid FOR UPDATE`,
    reload: (db) => loadCase(db, id),
    entry: ({ it, counts }) => ({
      target: { kind: 'import', id, name: it.name },
      before: { state: it.state },
      after: Object.fromEntries(Object.entries(counts).map(([name, n]) => [`import-${name}`, n])),
    }),
    write: (db, { it }) => performAct(db, act, it),
  };
}

async function performAct(db: WallTransaction, act: Act, { id, state }: ImportRead): Promise<void> {
  if (act === 'run') await beginWork(db, id, ['checked'], 'running');
  else if (act === 'resume') await beginWork(db, id, ['stopped'], 'running', { place: -1 });
  else if (act === 'take-back') await beginWork(db, id, ['stopped', 'done'], 'taking-back');
  else if (act === 'remove') await db.import.deleteMany({ where: { id } });
  else
    await db.import.updateMany({
      where: { id },
      data: { state: state === 'checking' ? 'read' : 'stopped', version: { increment: 1 } },
    });
}

async function show(
  { parts: { wall, site }, act, language }: Context,
  req: Request,
  res: Response,
  typed: string | undefined,
  rejection: Rejection | null,
): Promise<void> {
  const { say, prefix } = language;
  const id = readImportId(req);
  const it = await wall.read(accountsViewer, (db) => loadCase(db, id));
  const at = `${prefix}${IMPORT_PATH}/${id}`;
  const open = isOpen(act, it.it.state);
  const page: ActionPage = {
    frame: importFrame(language, req, res, say(`import.act.${act}`)),
    back: { label: say('import.act.back'), href: at },
    who: { name: it.it.name, email: say('import.rows', { n: it.it.rows }) },
    text: say(`import.act.${act}.text`),
    refused: open ? (rejection?.refused ?? null) : say('import.refused.state'),
    error: rejection?.error ?? null,
    ...{ choice: null, changes: [], charges: [] },
    happens: open ? happensOf(language, act, it) : [],
    sure: open
      ? confirmForm(language, {
          ...{ action: `${at}/${act}`, chosen: {}, version: String(it.it.version), why: 'remark', typed },
          ...{ rejection, submit: say(`import.act.${act}.submit`), grave: act === 'take-back' || act === 'remove' },
        })
      : null,
  };
  await renderAdmin(site, language, req, res, 'action', `${IMPORT_PATH}/${id}/${act}`, page, rejection?.status ?? 200);
}

function happensToPosts({ say }: Language, act: Act, { counts, pages }: ImportCase): string[] {
  const sayPart = (phrase: string, n: number): string[] => (n > 0 ? [say(`import.happens.${phrase}`, { n })] : []);
  const [n, ofPages] = [(name: string) => counts[name] ?? 0, (name: string) => pages[name] ?? 0];
  if (act === 'run')
    return [
      ...sayPart('posts.add', n('add') - ofPages('add')),
      ...sayPart('pages.add', ofPages('add')),
      ...sayPart('posts.refuse', n('refuse')),
      say('import.happens.quiet'),
    ];
  if (act === 'take-back')
    return [
      ...sayPart('posts.taken-back', n('added') - ofPages('added')),
      ...sayPart('pages.taken-back', ofPages('added')),
      say('import.happens.posts.kept'),
    ];
  return [say(act === 'remove' ? 'import.happens.posts.remove' : `import.happens.${act}`)];
}

function happensOf(language: Language, act: Act, at: ImportCase): string[] {
  const { it, counts, stripe } = at;
  const { say } = language;
  const n = (name: string) => counts[name] ?? 0;
  if (it.kind === 'posts') return happensToPosts(language, act, at);
  switch (act) {
    case 'run':
      return [
        say('import.happens.add', { n: n('add') }),
        say('import.happens.merge', { n: n('merge') }),
        ...(n('refuse') > 0 ? [say('import.happens.refuse', { n: n('refuse') })] : []),
        ...(stripe.customers > 0
          ? [say('import.happens.stripe', { n: stripe.customers, live: language.number(stripe.subscribed) })]
          : []),
        ...(stripe.unmapped > 0 ? [say('import.happens.unmapped', { n: stripe.unmapped })] : []),
        say(it.options.letters ? 'import.happens.letters' : 'import.happens.quiet', { n: n('add') }),
      ];
    case 'take-back':
      return [
        say('import.happens.taken-back', { n: n('added') + n('merged') }),
        say('import.happens.kept'),
        ...(stripe.customers > 0 ? [say('import.happens.unlinked', { n: stripe.customers })] : []),
      ];
    default:
      return [say(`import.happens.${act}`)];
  }
}
