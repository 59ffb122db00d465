import { formatMoment } from '../accounts/own/format';
import type { MailBlock } from '../accounts/mail-blocks';
import type { Language } from '../lib/language';

/** Why no letter to many goes to an address: what came back or was complained of, when, and what a server said. */
export const sayMailBlock = (language: Language, { kind, status, happenedAt }: MailBlock): string =>
  language.say(`admin.mail-block.${kind}`, {
    moment: formatMoment(language, happenedAt),
    status: status ?? language.say('admin.mail-block.no-status'),
  });
