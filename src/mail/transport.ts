import { createTransport } from 'nodemailer';
import type { Letterhead } from './letterhead';

/** One letter, ready to go. */
export interface Message {
  /** Stays the same when it is tried again, so that a mailbox that got it twice can show it once (RFC 5322, 3.6.4). */
  readonly id: string;
  readonly head: Pick<Letterhead, 'from' | 'replyTo'>;
  readonly to: string;
  readonly lang: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands letters to a mail server. */
export interface Transport {
  /** @throws when the server did not take it. */
  send(message: Message): Promise<void>;
}

/** Milliseconds to wait for a connection, a greeting, and any other answer. */
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** One mailbox and nothing else: no name, no list, no comment, no quotes, no line (CVE-2025-13033 and its kin). */
const MAILBOX = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u;

/**
 * Opens the way to the server at `smtp://` (upgraded to TLS where the server offers it) or `smtps://`. A password in
 * the address is never sent without TLS.
 */
export function openTransport(smtpUrl: string): Transport {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && username !== '',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...PATIENCE,
  });
  return {
    send: async ({ id, head: { from, replyTo }, to, lang, subject, text, html }) => {
      if (!MAILBOX.test(to)) throw new NotAMailbox();
      await transport.sendMail({
        messageId: `<${id}@${from.address.split('@')[1] ?? 'localhost'}>`,
        from: { name: from.name, address: from.address },
        ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
        to: { name: '', address: to },
        subject,
        text,
        html,
        // Answering machines keep quiet (RFC 3834, 5).
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': lang },
      });
    },
  };
}

/** An address no letter may be sent to: it would mean more than one mailbox, or none. */
export class NotAMailbox extends Error {
  override name = 'NotAMailbox';
}
