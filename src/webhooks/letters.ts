import { z } from 'zod';
import type { LetterKinds } from '../lib/letter';
import { writeLetter } from '../stores/postgres/outbox';
import type { WallTransaction } from '../stores/postgres/wall';

/** The letters about webhooks, to admins. Once one is sent its data is gone. */
export const webhookLetterKinds = {
  'webhook-paused': {
    data: z.strictObject({
      webhook: z.uuid().optional(),
      name: z.string().max(80).optional(),
      reason: z.enum(['failing', 'gone']).optional(),
    }),
    opens: ({ webhook }) => `/admin/webhooks${webhook === undefined ? '' : `/${webhook}`}`,
    words: ({ name = '…', reason = 'failing' }, language) => ({
      name,
      why: language.say(`letter.webhook-paused.${reason}`),
    }),
  },
} as const satisfies LetterKinds;

/**
 * Tells every admin that this webhook has just been paused by itself, in the transaction that pauses it: one letter
 * each for one pause, which its version counts.
 */
export async function tellOfPause(db: WallTransaction, id: string): Promise<void> {
  const { name, reason, version } = await db.webhook.findUniqueOrThrow({
    where: { id },
    select: { name: true, reason: true, version: true },
  });
  const admins = await db.account.findMany({
    where: { role: 'admin', state: 'active' },
    select: { id: true, email: true, lang: true },
  });
  for (const { id: accountId, email, lang } of admins)
    await writeLetter(db, {
      ...{ key: `webhook-paused ${id} ${version} ${accountId}`, kind: 'webhook-paused' },
      ...{ lang, recipient: email, accountId, data: { webhook: id, name, ...(reason === null ? {} : { reason }) } },
    });
}
