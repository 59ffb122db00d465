import { Router, type Request, type Response } from 'express';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { hiddenFields, reasonField, submissionFields } from '../action/form';
import { actionContext, perform, type Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { pastActionViews, readPastActions } from '../audit/past';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import type { TierParts } from '../tiers/parts';
import {
  AUDIT_ACTION,
  isAgreed,
  loadMatrixCase,
  matrixAction,
  matrixVersion,
  rejectionOf,
  type MatrixCase,
} from './change';
import { undoOfMatrix } from './history';
import { effectPage, fieldsOf, matrixPage } from './page';
import type { MatrixChangePage, MatrixPage } from './page-types';

interface Context {
  readonly parts: TierParts;
  readonly language: Language;
}

/**
 * `/admin/matrix`: which kind of passage opens for which tier. A change is shown first, with every passage and member
 * it concerns, and then made with its audit entry, in one transaction. What would become public is said apart, and must
 * be ticked besides.
 */
export function matrixRoutes(parts: TierParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/matrix')
    .all(adminsOnly)
    .get((req, res) => open(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/matrix/change')
    .all(adminsOnly)
    .get((req, res) => ask(context, req, res))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function open(context: Context, req: Request, res: Response): Promise<void> {
  const { done: _done, ...fields } = readFields(req.query);
  await showMatrix(context, req, res, await loadMatrixCase(context.parts, context.language, fields), null);
}

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const fields = readFields(req.query);
  const it = await loadMatrixCase(context.parts, context.language, fields);
  await showChange(context, req, res, it, fields, rejectionOf(it, context.language));
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const submission = readSubmission(req);
  const { fields } = submission;
  const action = matrixAction(parts, language, fields);
  const outcome = await perform(action, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return showChange(context, req, res, outcome.it, fields, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/matrix`, { done: AUDIT_ACTION }));
}

async function showMatrix(
  { parts: { site, wall }, language }: Context,
  req: Request,
  res: Response,
  it: MatrixCase,
  rejection: Rejection | null,
): Promise<void> {
  const page: MatrixPage = {
    frame: adminFrame(language, req, res, 'matrix', language.say('admin.matrix.heading')),
    history: pastActionViews(
      language,
      await readPastActions(wall, [AUDIT_ACTION]),
      (past) => undoOfMatrix(language, it, past),
      it.shape,
    ),
    ...matrixPage(language, it, it.choices, {
      wrong: rejection === null ? [] : it.wrong,
      error: rejection?.error ?? null,
    }),
  };
  await renderAdmin(site, language, req, res, 'matrix', '/admin/matrix', page, rejection?.status ?? 200);
}

/** What a change would do, and the form that means it; the matrix again, where there is nothing to be done. */
async function showChange(
  context: Context,
  req: Request,
  res: Response,
  it: MatrixCase,
  fields: Fields,
  rejection: Rejection | null,
): Promise<void> {
  const { parts, language } = context;
  const { say, prefix } = language;
  const nothing = rejectionOf(it, language);
  if (nothing !== null) return showMatrix(context, req, res, it, { ...nothing, ...rejection, status: 422 });
  const missing = rejection?.status === 422 && !isAgreed(it, fields);
  const isPublic = it.effect.madePublic.length > 0;
  const page: MatrixChangePage = {
    frame: adminFrame(language, req, res, 'matrix', say('admin.matrix.change.heading')),
    ...effectPage(language, it, it.choices, it.effect, {
      ticked: fields['public'] === 'yes' && rejection?.error === undefined,
      error: missing ? say('admin.matrix.public.missing') : null,
    }),
    error: rejection?.error ?? null,
    sure: {
      action: `${prefix}/admin/matrix/change`,
      reason: reasonField(language, {
        why: 'reason',
        typed: fields['reason'],
        hint: 'admin.matrix.reason.hint',
        rejection,
      }),
      hidden: [...hiddenFields(fieldsOf(it.shape, it.choices)), ...submissionFields(matrixVersion(it))],
      submit: say(isPublic ? 'admin.matrix.submit.public' : 'admin.matrix.submit'),
      grave: isPublic,
    },
  };
  const status = rejection?.status ?? 200;
  await renderAdmin(parts.site, language, req, res, 'matrix-change', '/admin/matrix/change', page, status);
}
