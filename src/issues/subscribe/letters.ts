import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LetterKinds } from '../../lib/letter';
import { writeLetter } from '../../stores/postgres/outbox';
import type { WallTransaction } from '../../stores/postgres/wall';
import { LISTS, type List } from '../lists';

const KIND = 'confirm-subscription';

/** The letter that asks whether an address wants letters. Nothing that somebody typed stands in it. */
export const subscriptionLetterKinds = {
  [KIND]: {
    // Empty once it was sent.
    data: z.strictObject({
      token: z
        .string()
        .regex(/^[\w-]{43}$/)
        .optional(),
      list: z.enum(LISTS).optional(),
    }),
    asked: true,
    opens: ({ token }) => `/subscribe/confirm${token === undefined ? '' : `?token=${token}`}`,
    words: ({ list }, { say }) => ({ list: say(`account.letters.list.${list ?? 'each'}`) }),
  },
} as const satisfies LetterKinds;

/** Writes it, in the registrar's transaction that keeps what was asked for. */
export const writeConfirmation = (
  db: WallTransaction,
  { email, lang, list }: { readonly email: string; readonly lang: string; readonly list: List },
  token: string,
): Promise<void> =>
  writeLetter(db, {
    ...{ key: `${KIND} ${randomUUID()}`, kind: KIND, lang, recipient: email, accountId: null },
    data: { token, list },
  });
