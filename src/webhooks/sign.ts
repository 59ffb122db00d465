import { createHmac, randomBytes } from 'node:crypto';

/** What secrets begin with (Standard Webhooks 1.0.0, "Signature scheme": https://www.standardwebhooks.com). */
const PREFIX = 'whsec_';

/** A secret to sign with: 32 bytes. */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

const signature = (secret: string, signed: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(signed)
    .digest('base64')}`;

/**
 * The headers that prove a body (Standard Webhooks 1.0.0): HMAC-SHA256 over id, moment and body, by each secret, so
 * that one can be replaced while the other is in use.
 * @param at the moment of sending, which whoever receives it holds against their clock
 */
export function signedHeaders(
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': secrets.map((secret) => signature(secret, `${id}.${seconds}.${body}`)).join(' '),
  };
}
