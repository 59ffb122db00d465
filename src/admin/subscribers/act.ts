import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { liftMailBlock } from '../../accounts/mail-blocks';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { findSubscriber, removeSubscriber, type SubscriberRow } from '../../membership/subscribers';
import type { Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { confirmForm } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readSubmission, versionOf, type Fields } from '../action/submission';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOnly } from '../staff';
import type { SUBSCRIBER_AUDIT_ACTIONS } from './audit-actions';

/** What is done to a subscriber, each asked first. */
interface SubscriberAct {
  readonly name: (typeof SUBSCRIBER_AUDIT_ACTIONS)[number];
  /** The last part of its address. */
  readonly path: string;
  readonly grave: boolean;
  /** Is there anything for it to do? */
  readonly offered: (row: SubscriberRow) => boolean;
  readonly before: (row: SubscriberRow) => Facts;
  readonly write: (db: WallTransaction, row: SubscriberRow, now: Date) => Promise<void>;
}

const ACTS: readonly SubscriberAct[] = [
  {
    ...{ name: 'subscriber-removed', path: 'remove', grave: true },
    offered: () => true,
    before: ({ list }) => ({ list }),
    write: removeSubscriber,
  },
  {
    ...{ name: 'subscriber-block-lifted', path: 'lift-mail-block', grave: false },
    offered: ({ block }) => block !== null,
    before: ({ block }) => ({ block: block?.kind ?? null }),
    write: (db, { email }, now) => liftMailBlock(db, email, now),
  },
];

interface Context {
  readonly parts: AdminParts;
  readonly language: Language;
  readonly act: SubscriberAct;
}

/**
 * `/admin/subscribers/:id/remove`: all that is kept of somebody without an account goes. `…/lift-mail-block`: letters
 * go to their address again. Each is asked first.
 */
export function subscriberActionRoutes(parts: AdminParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const act of ACTS) {
    const context: Context = { parts, language, act };
    router
      .route(`/admin/subscribers/:id/${act.path}`)
      .all(staffOnly(language, ['admin']))
      .get(async (req, res) => {
        const id = idOf(req);
        await show(context, req, res, await parts.wall.read(accountsViewer, (db) => load(db, id)));
      })
      .post(formBody, (req, res) => confirm(context, req, res))
      .all(onlyMethods('GET', 'HEAD', 'POST'));
  }
  return router;
}

function idOf(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('a subscriber');
  return id;
}

async function load(db: WallTransaction, id: string): Promise<SubscriberRow> {
  const row = await findSubscriber(db, id);
  if (!row) throw notFound('a subscriber');
  return row;
}

async function confirm({ parts, language, act }: Context, req: Request, res: Response): Promise<void> {
  const submission = readSubmission(req);
  const context = await actionContext({ ...parts, clock: parts.loginClock }, language, req, res);
  const outcome = await perform(actionOf(parts, language, act, idOf(req)), submission, context);
  if (outcome.is === 'rejected')
    return show({ parts, language, act }, req, res, outcome.it, submission.fields, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/subscribers`, { done: act.name }));
}

const actionOf = (
  { wall, loginClock }: AdminParts,
  language: Language,
  act: SubscriberAct,
  id: string,
): AdminAction<SubscriberRow> => ({
  name: act.name,
  targetId: id,
  reason: 'optional',
  load: () => wall.read(accountsViewer, (db) => load(db, id)),
  check: (row) => (act.offered(row) ? null : { status: 409, refused: language.say('admin.refused.mail-block') }),
  version: versionOfRow,
  wall,
  viewer: accountsViewer,
  lock: (db) => db.$queryRaw`SELECT 1 FROM subscribers WHERE id = ${id}::uuid FOR UPDATE`,
  reload: (db) => load(db, id),
  // No entry of the log is ever removed, so the address that is erased does not stand in it.
  entry: (row) => ({
    target: { kind: 'subscriber', id, name: `…${row.email.slice(row.email.lastIndexOf('@'))}` },
    before: act.before(row),
    after: null,
  }),
  write: (db, row) => act.write(db, row, loginClock.now()),
});

const versionOfRow = ({ email, list, block }: SubscriberRow): string => versionOf([email, list, block?.kind ?? '']);

async function show(
  { parts, language, act }: Context,
  req: Request,
  res: Response,
  row: SubscriberRow,
  fields: Fields = {},
  rejection: Rejection | null = null,
): Promise<void> {
  const { say, prefix } = language;
  const key = `admin.action.${act.name}`;
  const path = `/admin/subscribers/${row.id}/${act.path}`;
  const refused = rejection?.refused ?? (act.offered(row) ? null : say('admin.refused.mail-block'));
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'subscribers', say(`${key}.heading`)),
    back: { label: say('admin.subscribers.back'), href: `${prefix}/admin/subscribers` },
    who: { name: row.email, email: say(`issue.list.${row.list}`) },
    text: say(`${key}.text`),
    refused,
    error: rejection?.error ?? null,
    ...{ choice: null, changes: [], charges: [] },
    happens: refused === null ? [say(`${key}.happens`), say(`${key}.kept`)] : [],
    sure:
      refused !== null
        ? null
        : confirmForm(language, {
            ...{ action: `${prefix}${path}`, chosen: {}, version: versionOfRow(row), why: 'remark', rejection },
            ...{ typed: fields['remark'], submit: say(`${key}.submit`), grave: act.grave },
          }),
  };
  await renderAdmin(parts.site, language, req, res, 'action', path, page, rejection?.status ?? 200);
}
