import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { removeSubscriber, type SubscriberRow } from '../../membership/subscribers';
import type { WallTransaction } from '../../stores/postgres/wall';
import { confirmForm } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readSubmission, versionOf, type Fields } from '../action/submission';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOnly } from '../staff';

const ACTION = 'subscriber-removed';

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
}

/** `/admin/subscribers/:id/remove`: all that is kept of somebody without an account goes; asked first. */
export function subscriberRemovalRoutes(parts: AdminParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/subscribers/:id/remove')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const id = idOf(req);
      await show(context, req, res, await parts.wall.read(accountsViewer, (db) => load(db, id)));
    })
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

function idOf(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('a subscriber');
  return id;
}

async function load(db: WallTransaction, id: string): Promise<SubscriberRow> {
  const row = await db.subscriber.findUnique({ where: { id } });
  if (!row) throw notFound('a subscriber');
  return row;
}

async function confirm({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const submission = readSubmission(req);
  const context = await actionContext({ ...parts, clock: parts.loginClock }, language, req, res);
  const outcome = await perform(actionOf(parts, idOf(req)), submission, context);
  if (outcome.is === 'rejected')
    return show({ parts, language }, req, res, outcome.it, submission.fields, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/subscribers`, { done: ACTION }));
}

const actionOf = ({ wall }: AdminParts, id: string): AdminAction<SubscriberRow> => ({
  name: ACTION,
  targetId: id,
  reason: 'optional',
  load: () => wall.read(accountsViewer, (db) => load(db, id)),
  version: versionOfRow,
  wall,
  viewer: accountsViewer,
  lock: (db) => db.$queryRaw`SELECT 1 FROM subscribers WHERE id = ${id}::uuid FOR UPDATE`,
  reload: (db) => load(db, id),
  // No entry of the log is ever removed, so the address that is erased does not stand in it.
  entry: ({ list, email }) => ({
    target: { kind: 'subscriber', id, name: `…${email.slice(email.lastIndexOf('@'))}` },
    before: { list },
    after: null,
  }),
  write: (db, row) => removeSubscriber(db, row),
});

const versionOfRow = ({ email, list }: SubscriberRow): string => versionOf([email, list]);

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  row: SubscriberRow,
  fields: Fields = {},
  rejection: Rejection | null = null,
): Promise<void> {
  const { say, prefix } = language;
  const key = `admin.action.${ACTION}`;
  const path = `/admin/subscribers/${row.id}/remove`;
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'subscribers', say(`${key}.heading`)),
    back: { label: say('admin.subscribers.back'), href: `${prefix}/admin/subscribers` },
    who: { name: row.email, email: say(`issue.list.${row.list}`) },
    text: say(`${key}.text`),
    refused: rejection?.refused ?? null,
    error: rejection?.error ?? null,
    ...{ choice: null, changes: [], charges: [] },
    happens: [say(`${key}.happens`), say(`${key}.kept`)],
    sure: confirmForm(language, {
      ...{ action: `${prefix}${path}`, chosen: {}, version: versionOfRow(row), why: 'remark', rejection },
      ...{ typed: fields['remark'], submit: say(`${key}.submit`), grave: true },
    }),
  };
  await renderAdmin(parts.site, language, req, res, 'action', path, page, rejection?.status ?? 200);
}
