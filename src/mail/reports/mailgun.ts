import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { MailReport } from '../../accounts/mail-blocks';
import { parsedJson, reportedAddress, statusIn } from './fields';
import { isSameSecret } from './signature';

/**
 * Seconds for which a signature holds: what could not be delivered is sent again for some eight hours, as it was signed
 * (documentation.mailgun.com, "Webhooks" and "Securing Webhooks").
 */
const TOLERANCE = 12 * 3_600;

const signature = z.object({
  timestamp: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,12}$/)),
  token: z.string().min(20).max(100),
  signature: z.string().max(128),
});

const event = z.object({
  event: z.string(),
  severity: z.string().optional(),
  recipient: reportedAddress,
  timestamp: z.number().min(0).max(1e11),
  'delivery-status': z.object({ 'enhanced-code': z.unknown().optional() }).optional(),
});

/** A report of Mailgun's, and the token it came with: the token is what is signed, so it may come with one report. */
export interface MailgunReport {
  readonly token: string;
  /** Null: of a kind that blocks nothing. */
  readonly report: MailReport | null;
}

/**
 * Reads a webhook of Mailgun's: HMAC-SHA256 of timestamp and token in its body. Permanent failures and complaints are
 * reports (documentation.mailgun.com, "Webhook Payloads").
 * @param now milliseconds of the machine's clock
 * @returns `refused`: not signed by any of these keys, or too long ago; null: signed, and of no form we know.
 */
export function readMailgun(bytes: Buffer, keys: readonly string[], now: number): MailgunReport | 'refused' | null {
  const { data } = z.object({ signature, 'event-data': z.unknown() }).safeParse(parsedJson(bytes));
  if (!data) return 'refused';
  const { timestamp, token, signature: given } = data.signature;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE) return 'refused';
  const made = (key: string) => createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex');
  if (!keys.some((key) => isSameSecret(made(key), given))) return 'refused';
  const { data: said } = event.safeParse(data['event-data']);
  if (!said) return null;
  const hard = said.event === 'failed' && said.severity === 'permanent';
  const kind = said.event === 'complained' ? 'complaint' : hard ? 'bounce' : null;
  if (kind === null) return { token, report: null };
  const at = new Date(said.timestamp * 1_000);
  const status = statusIn(said['delivery-status']?.['enhanced-code']);
  return { token, report: { kind, email: said.recipient, at, status } };
}
