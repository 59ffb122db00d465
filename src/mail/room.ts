import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import type { LetterTemplates } from './compose';
import { devMailRoutes } from './dev-mail';
import { openTransport } from './transport';
import { sendLetter, startMail, type Mail } from './worker';

export interface MailRoomOptions {
  readonly kinds: LetterTemplates['kinds'];
  /** Null: letters stay in their table, and are shown in development. */
  readonly smtpUrl: string | null;
  readonly mailFrom: LetterTemplates['mailFrom'];
  readonly production: boolean;
  readonly pollInterval?: number | undefined;
}

/** Letters: sent where there is a mail server, else shown at `/dev/mail` outside production. */
export interface MailRoom {
  /** Sends letters until it is closed; null where there is no mail server. */
  start(): Mail | null;
  routes(language: Language): Router;
  /**
   * Sends a letter that shows whether letters arrive, at once. Null: they are sent nowhere.
   * @throws where it is not taken.
   */
  readonly sendTest: ((to: string, lang: string) => Promise<void>) | null;
}

export function openMailRoom(common: CommonParts, options: MailRoomOptions): MailRoom {
  const { site, wall, databaseUrl, refresh, log } = common;
  const { kinds, smtpUrl, mailFrom, production, pollInterval } = options;
  const { languages, publicUrl, settings } = site;
  const templates: LetterTemplates = { kinds, languages, publicUrl, settings, mailFrom };
  return {
    start: () =>
      smtpUrl === null
        ? null
        : startMail({
            ...{ databaseUrl, wall, templates, refresh, log, pollInterval },
            transport: openTransport(smtpUrl),
          }),
    sendTest:
      smtpUrl === null
        ? null
        : (to, lang) =>
            sendLetter(
              { id: randomUUID(), kind: 'setup-test', lang, recipient: to, data: {} },
              openTransport(smtpUrl),
              templates,
            ),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      if (smtpUrl === null && !production) router.use(devMailRoutes({ site, wall, templates }, language));
      return router;
    },
  };
}
