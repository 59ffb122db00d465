import type { Language } from '../lib/language';
import type { Mailbox } from '../lib/mailbox';
import type { SiteSettings } from '../site/settings/catalogue';

/** Who a letter is from, and where answers go. */
export interface Letterhead {
  readonly from: Mailbox;
  /** Null: to whom it is from. */
  readonly replyTo: string | null;
  /** The publisher's postal address, line by line. */
  readonly postalAddress: readonly string[];
}

/** Whom letters are from where nobody has said it: no server takes it, and nobody is impersonated. */
const NOBODY = 'letters@localhost';

/**
 * The head of a letter in a language: as set in the browser, else as the environment says, else by the publication's
 * name.
 * @param mailFrom `MAIL_FROM`; null: not set.
 */
export function letterheadFor(
  { current: { mail } }: Pick<SiteSettings, 'current'>,
  mailFrom: Mailbox | null,
  { siteName }: Pick<Language, 'siteName'>,
): Letterhead {
  return {
    from: {
      name: mail.senderName || mailFrom?.name || siteName,
      address: mail.senderAddress || mailFrom?.address || NOBODY,
    },
    replyTo: mail.replyTo || null,
    postalAddress: mail.postalAddress === '' ? [] : mail.postalAddress.split(/\r?\n/),
  };
}
