import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../access/viewer';
import type { FieldErrors } from '../accounts/forms';
import { readId } from '../accounts/own/forms';
import { reauthenticateForChange } from '../accounts/second-factor/reauthenticate';
import { adminFrame, renderAdmin } from '../admin/frame';
import { actorOf, staffOf, staffOnly } from '../admin/staff';
import { onlyMethods } from '../http/errors';
import { formBody } from '../http/form';
import { Failure, notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { writeAudit } from '../stores/postgres/audit';
import type { WallTransaction } from '../stores/postgres/wall';
import { readProof, readResumed } from './forms';
import { proofOf, showSecret, WEBHOOKS } from './make';
import { showWebhook } from './one-page';
import type { WebhookFormPage } from './page-types';
import type { WebhookParts } from './parts';
import { sealedFor } from './send';
import { newWebhookSecret } from './sign';
import { pauseWebhook, resumeWebhook, rotateSecret, sendAgain, type WebhookRow } from './store';

interface Context {
  readonly parts: WebhookParts;
  readonly language: Language;
}

type Change = (db: WallTransaction, row: WebhookRow) => Promise<boolean>;

/** `/admin/webhooks/:id`: what it was told, and what came of it; paused, resumed, rotated, deleted. */
export function webhookRoutes(parts: WebhookParts, language: Language): Router {
  const context: Context = { parts, language };
  const admins = staffOnly(language, ['admin']);
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${WEBHOOKS}/:id`)
    .all(admins)
    .get(async (req, res) => showWebhook(context, req, res, await rowOf(parts, req)))
    .all(onlyMethods('GET', 'HEAD'));
  for (const act of ['pause', 'resume'] as const)
    router
      .route(`${WEBHOOKS}/:id/${act}`)
      .all(admins)
      .post(formBody, (req, res) => change(context, req, res, `webhook-${act}d`, changeOf(parts, act, req.body)))
      .all(onlyMethods('POST'));
  router
    .route(`${WEBHOOKS}/:id/deliveries/:delivery/again`)
    .all(admins)
    .post(formBody, (req, res) => {
      const delivery = readId(req.params['delivery']);
      if (delivery === null) throw notFound('a delivery');
      readProof(req.body);
      return change(context, req, res, 'webhook-sent-again', (db, { id }) =>
        sendAgain(db, id, delivery, parts.clock.now()),
      );
    })
    .all(onlyMethods('POST'));
  router
    .route(`${WEBHOOKS}/:id/delete`)
    .all(admins)
    .get(async (req, res) => ask(context, req, res, 'delete', await rowOf(parts, req)))
    .post(formBody, (req, res) => remove(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route(`${WEBHOOKS}/:id/rotate`)
    .all(admins)
    .get(async (req, res) => ask(context, req, res, 'rotate', await rowOf(parts, req)))
    .post(formBody, (req, res) => rotate(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** What a form of one button asks for. @throws Failure 400 for what is no form of ours. */
function changeOf({ clock }: WebhookParts, act: 'pause' | 'resume', body: unknown): Change {
  if (act === 'resume') {
    const waited = readResumed(body);
    return (db, row) => resumeWebhook(db, row, waited, clock.now());
  }
  readProof(body);
  return (db, { id }) => pauseWebhook(db, id);
}

function idOf(req: Request): string {
  const id = readId(req.params['id']);
  if (id === null) throw notFound('a webhook');
  return id;
}

async function find(db: WallTransaction, id: string): Promise<WebhookRow> {
  const row = await db.webhook.findUnique({ where: { id } });
  if (!row) throw notFound('a webhook');
  return row;
}

const rowOf = ({ wall }: WebhookParts, req: Request): Promise<WebhookRow> => {
  const id = idOf(req);
  return wall.read(accountsViewer, (db) => find(db, id));
};

/** Changes something about it, with its entry of the log. @throws Failure 409 where it stands otherwise by now. */
async function change(
  { parts, language }: Context,
  req: Request,
  res: Response,
  action: string,
  work: Change,
): Promise<void> {
  const { wall, clock } = parts;
  const id = idOf(req);
  const by = await actorOf(wall, req, res);
  await wall.write(accountsViewer, async (db) => {
    const row = await find(db, id);
    if (!(await work(db, row))) throw new Failure(409, `${action}: it stands otherwise by now`);
    await writeAudit(db, { ...by, at: clock.now(), action, target: { kind: 'webhook', id, name: row.name } });
  });
  res.redirect(303, `${language.prefix}${WEBHOOKS}/${id}?done=${action}`);
}

async function remove({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { wall, clock } = parts;
  const id = idOf(req);
  readProof(req.body);
  const by = await actorOf(wall, req, res);
  await wall.write(accountsViewer, async (db) => {
    const { name, url } = await find(db, id);
    await db.webhook.delete({ where: { id }, select: { id: true } });
    const target = { kind: 'webhook', id, name };
    await writeAudit(db, { ...by, at: clock.now(), action: 'webhook-deleted', target, before: { url } });
  });
  res.redirect(303, `${language.prefix}${WEBHOOKS}?done=webhook-deleted`);
}

async function rotate(context: Context, req: Request, res: Response): Promise<void> {
  const { parts } = context;
  const { wall, clock, sealer } = parts;
  const row = await rowOf(parts, req);
  const errors = await reauthenticateForChange(parts, req, staffOf(res), readProof(req.body).current);
  if (errors) return ask(context, req, res, 'rotate', row, errors);
  const by = await actorOf(wall, req, res);
  const secret = newWebhookSecret();
  await wall.write(accountsViewer, async (db) => {
    await db.$queryRaw`SELECT 1 FROM webhooks WHERE id = ${row.id}::uuid FOR UPDATE`;
    await rotateSecret(db, await find(db, row.id), sealer.seal(secret, sealedFor(row.id)), clock.now());
    const target = { kind: 'webhook', id: row.id, name: row.name };
    await writeAudit(db, { ...by, at: clock.now(), action: 'webhook-rotated', target });
  });
  await showSecret(context, req, res, row, secret, 201);
}

/** The question before it is done; another secret takes a proof of who asks for it. */
async function ask(
  { parts, language }: Context,
  req: Request,
  res: Response,
  act: 'delete' | 'rotate',
  { id, name }: WebhookRow,
  errors: FieldErrors = {},
): Promise<void> {
  const { say, prefix } = language;
  const path = `${WEBHOOKS}/${id}/${act}`;
  const proof =
    act === 'rotate'
      ? await proofOf({ parts, language }, req, res, path, errors)
      : { action: `${prefix}${path}`, proof: [], prove: null };
  const page: WebhookFormPage = {
    frame: adminFrame(language, req, res, 'webhooks', say(`webhook.${act}.heading`, { name })),
    text: say(`webhook.${act}.text`),
    ...{ error: null, fields: [], events: [], eventsError: null },
    ...proof,
    submit: say(`webhook.${act}.submit`),
    hurts: act === 'delete',
    back: `${prefix}${WEBHOOKS}/${id}`,
  };
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  await renderAdmin(parts.site, language, req, res, 'webhooks/form', path, page, status);
}
