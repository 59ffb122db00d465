import type PostalMime from 'postal-mime';
import { lazily } from '../../lib/packages/lazily';
import { reportedAddress, statusIn } from './fields';

const postalMime = lazily<typeof PostalMime>('postal-mime');

/** Bytes of a letter that comes back with what it was. */
export const LARGEST_MESSAGE = 2 * 1_048_576;

/** A letter that came in, as far as it is understood. */
export interface InboundMessage {
  readonly subject: string;
  /** Whom a letter did not reach for good, when, and what their server said; none: it is no such report. */
  readonly failed: readonly { readonly email: string; readonly at: Date | null; readonly status: string | null }[];
  /** The id of the letter it is about: the first part of its `Message-ID`. */
  readonly letterId: string | null;
}

const UUID = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i;

/**
 * Reads a letter that came in: a report of delivery (RFC 3464 in RFC 6522) with what comes back of the letter it is
 * about, or any other. Whatever it holds is bounded and kept nowhere.
 * @throws where it is no letter that can be read.
 */
export async function readMessage(bytes: Buffer): Promise<InboundMessage> {
  const bounds = { forceRfc822Attachments: true, maxNestingDepth: 20, maxHeadersSize: 512 * 1_024 };
  const email = await postalMime().parse(bytes, bounds);
  const type = email.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  const subject = email.subject ?? '';
  const isReport = /^\s*multipart\/report\b/i.test(type) && /report-type\s*=\s*"?delivery-status\b/i.test(type);
  if (!isReport) return { subject, failed: [], letterId: null };
  const partOf = (...types: readonly string[]) => {
    const found = email.attachments.find(({ mimeType }) => types.includes(mimeType.toLowerCase()));
    return found === undefined ? '' : textOf(found.content);
  };
  const head = partOf('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers');
  const letter = UUID.exec(fieldsOf(head.split(/\r?\n\r?\n/)[0]!).get('message-id') ?? '');
  return {
    subject,
    failed: failuresIn(partOf('message/delivery-status', 'message/global-delivery-status')),
    letterId: letter?.[1]?.toLowerCase() ?? null,
  };
}

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content as Uint8Array).toString('utf8');

/** The recipients of a report whom nothing reaches: what is delayed, relayed or delivered is none of them. */
function failuresIn(report: string): InboundMessage['failed'] {
  // The first group is about the message, each one behind it about a recipient (RFC 3464, 2.1).
  const groups = report.trim().split(/\r?\n(?:[ \t]*\r?\n)+/);
  return groups.slice(1, 101).flatMap((group) => {
    const fields = fieldsOf(group);
    const status = statusIn(fields.get('status'));
    const hard = fields.get('action')?.toLowerCase() === 'failed' && status !== null && isHard(status);
    // To whom it was sent comes first: a server behind it may have sent it on.
    const email = addressIn(fields.get('original-recipient')) ?? addressIn(fields.get('final-recipient'));
    if (!hard || email === null) return [];
    return [{ email, at: momentIn(fields.get('last-attempt-date')), status }];
  });
}

/**
 * Is it the address or the mailbox that will never take a letter (RFC 3463, 3.2 and 3.3)? A mailbox that is full, a
 * letter too large, or one that a filter did not like, says nothing of the next.
 */
const isHard = (status: string): boolean => /^5\.1\.(?:0|1|2|3|6|10)$|^5\.2\.(?:0|1)$|^5\.0\.0$/.test(status);

function fieldsOf(group: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of group.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    // Of one that is there twice the first counts.
    if (name !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value!.trim());
  }
  return fields;
}

/** The address in `rfc822; somebody@example.org`. */
function addressIn(field: string | undefined): string | null {
  const [, text] = /^(?:rfc822|utf-8)\s*;\s*<?([^<>]*)>?$/i.exec(field ?? '') ?? [];
  return reportedAddress.safeParse(text).data ?? null;
}

function momentIn(field: string | undefined): Date | null {
  const time = Date.parse((field ?? '').replace(/\s*\([^)]*\)\s*$/, ''));
  return Number.isNaN(time) ? null : new Date(time);
}
