import { z } from 'zod';
import { parseBody, type FieldErrors } from '../accounts/forms';
import { isPrintable, typedLine } from '../lib/line';
import { isEvent } from './events';
import type { WebhookDraft } from './store';

const several = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]);
const schema = z.strictObject({
  name: z.string().default(''),
  url: z.string().default(''),
  events: several,
  current: z.string().default(''),
});

export type TypedWebhook = z.output<typeof schema>;

/** @throws Failure 400 for what is no form of ours. */
export const readWebhookForm = (body: unknown): TypedWebhook => parseBody(schema, body);

/** Of a form with nothing else in it. @throws Failure 400 for what is no form of ours. */
export const readProof = (body: unknown) => parseBody(z.strictObject({ current: z.string().default('') }), body);

/** Is a webhook that is resumed told what has waited? @throws Failure 400 for what is no form of ours. */
export const readResumed = (body: unknown) =>
  parseBody(z.strictObject({ current: z.string().default(''), waited: z.enum(['tell', 'skip']).default('tell') }), body)
    .waited;

/** What was typed as it is kept, or what is wrong with it: keys of sentences, by field. */
export function checkWebhook(
  typed: TypedWebhook,
  mayBePrivate: boolean,
): { readonly draft: WebhookDraft } | { readonly wrong: FieldErrors } {
  const name = typedLine(typed.name);
  const events = [...new Set(typed.events)].filter(isEvent);
  const url = addressOf(typed.url.trim(), mayBePrivate);
  const errors: FieldErrors = {
    ...(name === '' || name.length > 80 || !isPrintable(name) ? { name: 'webhook.wrong.name' } : {}),
    ...(url === null ? { url: mayBePrivate ? 'webhook.wrong.url.private' : 'webhook.wrong.url' } : {}),
    ...(events.length === 0 ? { events: 'webhook.wrong.events' } : {}),
  };
  return url === null || Object.keys(errors).length > 0 ? { wrong: errors } : { draft: { name, url, events } };
}

function addressOf(typed: string, mayBePrivate: boolean): string | null {
  if (typed.length > 500 || !URL.canParse(typed)) return null;
  const { protocol, username, password, hash, href } = new URL(typed);
  const allowed = protocol === 'https:' || (mayBePrivate && protocol === 'http:');
  return allowed && username === '' && password === '' && hash === '' ? href : null;
}
