import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer, editorialViewer } from '../access/viewer';
import { parseBody, type FieldErrors } from '../accounts/forms';
import { formFields } from '../accounts/pages';
import { isRecentlyAuthenticated } from '../accounts/own/reauthenticate';
import {
  reauthenticateForChange,
  reauthenticationForm,
  type ProofParts,
} from '../accounts/second-factor/reauthenticate';
import { adminFrame, renderAdmin } from '../admin/frame';
import { actorOf, staffOf, staffOnly } from '../admin/staff';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import type { SiteContext } from '../http/site-context';
import type { Language } from '../lib/language';
import { dayIn } from '../lib/local-time';
import type { Logger } from '../lib/log';
import { writeAudit } from '../stores/postgres/audit';
import { BusyError } from '../stores/postgres/long-transaction';
import { makeArchive, type ArchiveParts, type ArchiveProgress } from './make';
import type { ExportPage } from './page-types';

/** What the section is made of. */
export interface ExportParts extends ArchiveParts, ProofParts {
  readonly site: SiteContext;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** How far the archive is that this process makes; null: it makes none. */
  readonly running: { now: ArchiveProgress | null };
}

interface Context {
  readonly parts: ExportParts;
  readonly language: Language;
}

const EXPORT_PATH = '/admin/export';

/** Seconds after which the page is asked for again while an archive is made. */
const AGAIN = 3;

const readProof = (body: unknown) => parseBody(z.strictObject({ current: z.string().default('') }), body);

/** `/admin/export`: everything of the publication in one archive, for an admin who has just proved who they are. */
export function exportRoutes(parts: ExportParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(EXPORT_PATH)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => send(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function send(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, clock, running, log } = parts;
  const errors = await reauthenticateForChange(parts, req, staffOf(res), readProof(req.body).current);
  if (errors) return show(context, req, res, { wrong: errors }, 422);
  const by = await actorOf(wall, req, res);
  const now = clock.now();
  const ready = async () => {
    await wall.write(accountsViewer, (db) =>
      writeAudit(db, { ...by, at: now, action: 'archive-exported', target: null }),
    );
    running.now = { at: '', done: 0, of: 1 };
    res.attachment(`publication-${dayIn(now, language.zone)}.tar.gz`);
    res.type('application/gzip');
  };
  try {
    await makeArchive(parts, res, now, { ready, progress: (far) => void (running.now = far) });
  } catch (error) {
    if (error instanceof BusyError) return show(context, req, res, { error: language.say('export.wrong.busy') }, 409);
    if (!res.headersSent) throw error;
    // The connection is cut, so that a part is not taken for the whole.
    log.error({ err: error }, 'an archive was not made to its end');
  } finally {
    running.now = null;
  }
}

interface State {
  readonly wrong?: FieldErrors;
  readonly error?: string;
}

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  { wrong: errors = {}, error }: State = {},
  status = 200,
): Promise<void> {
  const { site, clock, running } = parts;
  const { say, prefix } = language;
  const proof = await reauthenticationForm(parts, language, req, staffOf(res).id, EXPORT_PATH);
  // Who has no password has proved with a passkey, or by logging in just now.
  const fields = proof.fields ?? (isRecentlyAuthenticated(req, clock.now()) ? [] : null);
  const far = running.now;
  const percent = far && Math.floor((100 * far.done) / Math.max(1, far.of));
  if (far && status === 200) res.setHeader('Refresh', String(AGAIN));
  const page: ExportPage = {
    frame: adminFrame(language, req, res, 'export', say('export.heading')),
    facts: await factsOf(parts, language),
    holds: ['texts', 'people', 'money', 'rules', 'log'].map((one) => say(`export.in.${one}`)),
    lacks: ['sessions', 'factors', 'jobs'].map((one) => say(`export.out.${one}`)),
    running: percent === null ? null : { text: say('export.running', { percent: language.number(percent) }), percent },
    form: fields && {
      action: `${prefix}${EXPORT_PATH}`,
      error: error ?? null,
      fields: formFields(language, { next: null, wrong: errors }, fields),
      submit: say('export.submit'),
    },
    prove: proof.passkey,
  };
  await renderAdmin(site, language, req, res, 'export', EXPORT_PATH, page, status);
}

async function factsOf({ wall }: ExportParts, language: Language): Promise<ExportPage['facts']> {
  const accounts = await wall.read(accountsViewer, (db) => db.account.count());
  const { briefings, pages, pictures } = await wall.read(editorialViewer, async (db) => ({
    briefings: await db.briefing.count({ where: { copyOf: null } }),
    pages: await db.page.count(),
    pictures: await db.picture.count(),
  }));
  return Object.entries({ briefings, pages, pictures, accounts }).map(([name, n]) => ({
    label: language.say(`export.${name}`),
    text: language.number(n),
  }));
}
