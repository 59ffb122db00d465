import type { Language } from '../lib/language';
import type { Mailbox } from '../lib/mailbox';
import { logoIn } from '../http/layout/pictures';
import type { SiteSettings } from '../site/settings/catalogue';

/** Who a letter is from, and where answers go. */
export interface Letterhead {
  readonly from: Mailbox;
  /** Null: to whom it is from. */
  readonly replyTo: string | null;
  /** The publisher's postal address, line by line. */
  readonly postalAddress: readonly string[];
  /** What stands above the letter; null: nothing. */
  readonly logo: LetterLogo | null;
}

/** The publication's logo: absolute addresses, and pixels as they are shown. */
export interface LetterLogo {
  readonly src: string;
  readonly dark: string | null;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** Whom letters are from where nobody has said it: no server takes it, and nobody is impersonated. */
const NOBODY = 'letters@localhost';

/**
 * The head of a letter in a language: as set in the browser, else as the environment says, else by the publication's
 * name.
 * @param sent `mailFrom`: `MAIL_FROM`; null: not set. `publicUrl`: the origin of what letters show.
 */
export function letterheadFor(
  { current: { mail, pictures } }: Pick<SiteSettings, 'current'>,
  { mailFrom, publicUrl }: { readonly mailFrom: Mailbox | null; readonly publicUrl: string },
  { siteName }: Pick<Language, 'siteName'>,
): Letterhead {
  return {
    from: {
      name: mail.senderName || mailFrom?.name || siteName,
      address: mail.senderAddress || mailFrom?.address || NOBODY,
    },
    replyTo: mail.replyTo || null,
    postalAddress: mail.postalAddress === '' ? [] : mail.postalAddress.split(/\r?\n/),
    logo: letterLogo(pictures, publicUrl, siteName),
  };
}

/** Pixels a logo is shown in at most: programs for mail know no style that says it. */
const MOST_SHOWN = { width: 240, height: 44 };

function letterLogo(pictures: Parameters<typeof logoIn>[0], publicUrl: string, name: string): LetterLogo | null {
  const logo = logoIn(pictures);
  if (!logo) return null;
  const absolute = (address: string) => new URL(address, publicUrl).href;
  const scale = Math.min(1, MOST_SHOWN.width / logo.width, MOST_SHOWN.height / logo.height);
  return {
    ...{ src: absolute(logo.src), dark: logo.dark && absolute(logo.dark), name },
    ...{ width: Math.round(logo.width * scale), height: Math.round(logo.height * scale) },
  };
}
