import type * as Nodemailer from 'nodemailer';
import type { Transporter } from 'nodemailer';
import { lazily } from '../lib/packages/lazily';
import type { Letterhead } from './letterhead';

const nodemailer = lazily<typeof Nodemailer>('nodemailer');

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
  /** Lines of its head besides, by their names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Hands letters to a mail server. */
export interface Transport {
  /** @throws when the server did not take it. */
  send(message: Message): Promise<void>;
  /** Ends the connections that are kept for the next letter. */
  close(): void;
}

/** Milliseconds to wait for a connection, a greeting, and any other answer. */
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** One mailbox and nothing else: no name, no list, no comment, no quotes, no line (CVE-2025-13033 and its kin). */
const MAILBOX = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u;

/**
 * Opens the way to the server at `smtp://` (upgraded to TLS where the server offers it) or `smtps://`. A password in
 * the address is never sent without TLS.
 * @param poolSize connections to keep for the next letters; none where few are sent.
 */
export function openTransport(smtpUrl: string, poolSize = 0): Transport {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && username !== '',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...PATIENCE,
  };
  let opened: Pick<Transporter, 'sendMail' | 'close'> | undefined;
  const open = (): Pick<Transporter, 'sendMail' | 'close'> =>
    poolSize > 0
      ? nodemailer().createTransport({ ...options, pool: true, maxConnections: poolSize, maxMessages: 100 })
      : nodemailer().createTransport(options);
  return {
    close: () => opened?.close(),
    send: async ({ id, head: { from, replyTo }, to, lang, subject, text, html, headers }) => {
      if (!MAILBOX.test(to)) throw new NotAMailbox();
      opened ??= open();
      await opened.sendMail({
        messageId: `<${id}@${from.address.split('@')[1] ?? 'localhost'}>`,
        from: { name: from.name, address: from.address },
        ...(replyTo === null || !MAILBOX.test(replyTo) ? {} : { replyTo: { name: '', address: replyTo } }),
        to: { name: '', address: to },
        subject,
        text,
        html,
        // Answering machines keep quiet (RFC 3834, 5).
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': lang, ...headers },
      });
    },
  };
}

/** An address no letter may be sent to: it would mean more than one mailbox, or none. */
export class NotAMailbox extends Error {
  override name = 'NotAMailbox';
}
