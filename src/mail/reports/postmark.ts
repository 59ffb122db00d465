import { z } from 'zod';
import type { MailReport } from '../../accounts/mail-blocks';
import { parsedJson, reportedAddress, reportedMoment, statusIn } from './fields';
import { isSameSecret } from './signature';

const event = z.object({
  RecordType: z.string(),
  Type: z.string().optional(),
  Email: reportedAddress,
  BouncedAt: reportedMoment,
  Details: z.string().nullish(),
});

/** The types of its bounces after which an address takes nothing (postmarkapp.com, "Bounce API", its bounce types). */
const HARD = ['HardBounce', 'BadEmailAddress'];
const COMPLAINTS = ['SpamComplaint', 'SpamNotification'];

/**
 * Does the `Authorization` of a request show one of these pairs of a name and a password (RFC 7617)? It is all by which
 * Postmark says who it is: it signs nothing (postmarkapp.com, "Webhooks overview").
 * @param pairs each `name:password`
 */
export function isFromPostmark(authorization: string | undefined, pairs: readonly string[]): boolean {
  const [, given] = /^Basic ([\w+/=-]{1,400})$/i.exec(authorization ?? '') ?? [];
  if (given === undefined) return false;
  const shown = Buffer.from(given, 'base64').toString('utf8');
  return pairs.some((pair) => isSameSecret(pair, shown));
}

/** A report of Postmark's: an event of its webhooks for bounces and spam complaints. `nothing`: of another kind. */
export function readPostmark(bytes: Buffer): MailReport | 'nothing' | null {
  const parsed = parsedJson(bytes);
  const record = z.object({ RecordType: z.string() }).safeParse(parsed);
  if (!record.success) return null;
  if (!['Bounce', 'SpamComplaint'].includes(record.data.RecordType)) return 'nothing';
  const { data } = event.safeParse(parsed);
  if (!data) return null;
  const complains = data.RecordType === 'SpamComplaint' || COMPLAINTS.includes(data.Type ?? '');
  if (!complains && !HARD.includes(data.Type ?? '')) return 'nothing';
  const status = statusIn(/\b5\.\d{1,3}\.\d{1,3}\b/.exec(data.Details ?? '')?.[0]);
  return { kind: complains ? 'complaint' : 'bounce', email: data.Email, at: data.BouncedAt, status };
}
