import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../access/viewer';
import type { FieldErrors } from '../accounts/forms';
import { isRecentlyAuthenticated } from '../accounts/own/reauthenticate';
import { formFields } from '../accounts/pages';
import { reauthenticateForChange, reauthenticationForm } from '../accounts/second-factor/reauthenticate';
import { adminFrame, renderAdmin } from '../admin/frame';
import { actorOf, staffOf, staffOnly } from '../admin/staff';
import { formByName } from '../http/body';
import { onlyMethods } from '../http/errors';
import type { Language } from '../lib/language';
import { writeAudit } from '../stores/postgres/audit';
import { EVENTS } from './events';
import { checkWebhook, readWebhookForm, type TypedWebhook } from './forms';
import type { WebhookFormPage, WebhookSecretPage } from './page-types';
import type { WebhookParts } from './parts';
import { sealedFor } from './send';
import { newWebhookSecret } from './sign';
import { makeWebhook, MOST_WEBHOOKS, type WebhookDraft } from './store';

export const WEBHOOKS = '/admin/webhooks';

interface Context {
  readonly parts: WebhookParts;
  readonly language: Language;
}

interface State {
  readonly typed: TypedWebhook;
  readonly wrong?: FieldErrors;
  readonly error?: string;
}

const form = formByName({ bytes: 16 * 1024, fields: 40 });
const EMPTY: TypedWebhook = { name: '', url: '', events: [], current: '' };

/** `/admin/webhooks/new`: a new webhook, for an admin who has just proved who they are; its secret is shown once. */
export function makeWebhookRoutes(parts: WebhookParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${WEBHOOKS}/new`)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res, { typed: EMPTY }))
    .post(form, (req, res) => make(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function make(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const typed = readWebhookForm(req.body);
  const checked = checkWebhook(typed, parts.mayBePrivate);
  if ('wrong' in checked) return show(context, req, res, { typed, wrong: checked.wrong }, 422);
  const errors = await reauthenticateForChange(parts, req, staffOf(res), typed.current);
  if (errors) return show(context, req, res, { typed, wrong: errors }, 422);
  const secret = newWebhookSecret();
  const made = await writeWebhook(context, req, res, checked.draft, secret);
  if (made === null) {
    const error = language.say('webhook.most', { n: MOST_WEBHOOKS });
    return show(context, req, res, { typed, error }, 422);
  }
  await showSecret(context, req, res, made, secret, 201);
}

async function writeWebhook(
  { parts: { wall, clock, entitlements, sealer } }: Context,
  req: Request,
  res: Response,
  draft: WebhookDraft,
  secret: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const by = await actorOf(wall, req, res);
  const now = clock.now();
  return wall.write(accountsViewer, async (db) => {
    const seal = (id: string) => sealer.seal(secret, sealedFor(id));
    const made = await makeWebhook(db, draft, seal, { now, entitled: entitlements.now() });
    if (made === null) return null;
    const target = { kind: 'webhook', id: made.id, name: made.name };
    const after = { url: made.url, events: made.events.join(' ') };
    await writeAudit(db, { ...by, at: now, action: 'webhook-made', target, after });
    return made;
  });
}

/** The secret, this once. */
export async function showSecret(
  { parts, language }: Context,
  req: Request,
  res: Response,
  { id, name }: { readonly id: string; readonly name: string },
  secret: string,
  status: number,
): Promise<void> {
  const at = `${WEBHOOKS}/${id}`;
  const page: WebhookSecretPage = {
    frame: adminFrame(language, req, res, 'webhooks', name),
    secret,
    back: `${language.prefix}${at}`,
  };
  await renderAdmin(parts.site, language, req, res, 'webhooks/secret', at, page, status);
}

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  { typed, wrong: errors = {}, error }: State,
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const path = `${WEBHOOKS}/new`;
  const typedFields = { name: typed.name, url: typed.url };
  const page: WebhookFormPage = {
    frame: adminFrame(language, req, res, 'webhooks', say('webhook.new')),
    text: say('webhook.new.text'),
    error: error ?? null,
    fields: formFields(language, { next: null, wrong: errors, typed: typedFields }, [
      { name: 'name', type: 'text', autocomplete: 'off', hint: say('webhook.name.hint') },
      { name: 'url', type: 'text', autocomplete: 'off', hint: say('webhook.url.hint') },
    ]),
    events: EVENTS.map((value) => ({
      value,
      label: say(`webhook.event.${value}`),
      checked: typed.events.includes(value),
    })),
    eventsError: errors['events'] === undefined ? null : say(errors['events']),
    ...(await proofOf({ parts, language }, req, res, path, errors)),
    submit: say('webhook.new.submit'),
    hurts: false,
    back: `${prefix}${WEBHOOKS}`,
  };
  await renderAdmin(parts.site, language, req, res, 'webhooks/form', path, page, status);
}

/** What a form asks for as proof of who sits there, and where it goes. */
export async function proofOf(
  { parts, language }: Context,
  req: Request,
  res: Response,
  path: string,
  errors: FieldErrors,
): Promise<Pick<WebhookFormPage, 'action' | 'proof' | 'prove'>> {
  const proof = await reauthenticationForm(parts, language, req, staffOf(res).id, path);
  const fields = proof.fields ?? (isRecentlyAuthenticated(req, parts.clock.now()) ? [] : null);
  return {
    action: fields === null ? null : `${language.prefix}${path}`,
    proof: formFields(language, { next: null, wrong: errors }, fields ?? []),
    prove: proof.passkey,
  };
}
