import { rule, severalOf } from './setting-rule';
import { address, mailbox, wholeNumber } from './setting-values';

/** How letters leave, and who tells what became of them. */
export const mailRules = {
  smtpUrl: rule('SMTP_URL', address('smtp:', 'smtps:'), {
    meaning:
      'The mail server that letters are handed to. Without it, in development, letters are kept and shown at ' +
      '/dev/mail. With a password in it, TLS is insisted on.',
    default: 'none; none in production',
    allowed: 'smtp://user:password@host:port, or smtps:// for TLS from the first byte',
    secret: true,
    requiredInProduction: true,
  }),
  mailFrom: rule('MAIL_FROM', mailbox, {
    meaning:
      'Who letters are from, and where answers go, unless the publisher has set it (/admin/settings/mail). ' +
      'Without a name, letters are from the publication by its own.',
    default: 'letters@localhost, which no server takes; none in production',
    allowed: 'an address, or a name and an address such as Dossier <letters@dossier.example>',
    saysWhy: true,
    requiredInProduction: true,
  }),
  mailPerSecond: rule('MAIL_PER_SECOND', wholeNumber(1, 1_000), {
    meaning:
      'Letters about briefings to many that are handed to the mail server in a second. Letters to one person do not ' +
      'wait for them.',
    default: '10',
    allowed: 'a whole number from 1 to 1000',
  }),
  mailPerDomain: rule('MAIL_PER_SECOND_TO_DOMAIN', wholeNumber(1, 1_000), {
    meaning: 'How many of them go to the addresses of one domain, such as gmail.com, in a second.',
    default: 'as MAIL_PER_SECOND',
    allowed: 'a whole number from 1 to 1000',
  }),
  mailWebhookSecrets: rule('MAIL_WEBHOOK_SECRET', severalOf(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/), {
    meaning:
      'Signs what a program of yours tells of bounces and complaints at /webhooks/mail (docs/mail.md). Without it ' +
      'nothing is taken there.',
    default: 'none',
    allowed: 'whsec_ and at least 24 bytes in base64; several are parted by commas',
    secret: true,
  }),
  mailgunKeys: rule('MAILGUN_SIGNING_KEY', severalOf(/^\S{16,200}$/), {
    meaning: "Mailgun's HTTP webhook signing key, for its reports at /webhooks/mailgun. Without it none is taken.",
    default: 'none',
    allowed: '16 to 200 signs without spaces; several are parted by commas',
    secret: true,
  }),
  postmarkLogins: rule('POSTMARK_WEBHOOK_LOGIN', severalOf(/^[^\s:,]{1,100}:[^\s,]{16,200}$/), {
    meaning:
      'The name and the password in the address that Postmark sends its reports to ' +
      '(https://name:password@…/webhooks/postmark). Without it none is taken.',
    default: 'none',
    allowed: 'a name, a colon and a password of at least 16 signs; several are parted by commas',
    secret: true,
  }),
};
