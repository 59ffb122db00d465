import { z } from 'zod';
import { hashOfToken, newToken } from '../accounts/credentials/link-tokens';
import type { LetterKinds } from '../lib/letter';
import type { WallTransaction } from '../stores/postgres/wall';

/** Tells somebody who was brought in that they have an account, with a link to choose its password. */
const BROUGHT_IN = 'brought-in';

export const importLetterKinds = {
  [BROUGHT_IN]: {
    data: z.strictObject({ token: z.string().regex(/^[\w-]{43}$/) }),
    opens: ({ token }) => `/reset/choose?token=${String(token)}`,
    welcomes: true,
  },
} as const satisfies LetterKinds;

/** Milliseconds that its link lives: whoever comes later asks for another one where passwords are chosen anew. */
const LIFE = 14 * 86_400_000;

/** Writes the letter to each of these accounts, in the registrar's transaction that makes them. */
export async function writeWelcomes(
  db: WallTransaction,
  accounts: readonly { readonly id: string; readonly email: string; readonly lang: string }[],
  now: Date,
): Promise<void> {
  const sent = accounts.map((account) => ({ ...account, token: newToken() }));
  const expiresAt = new Date(now.getTime() + LIFE);
  await db.linkToken.createMany({
    data: sent.map(({ id, token }) => ({
      ...{ hash: hashOfToken(token), accountId: id, purpose: 'reset_password' as const, expiresAt },
    })),
  });
  await db.letter.createMany({
    data: sent.map(({ id, email, lang, token }) => ({
      ...{ key: `${BROUGHT_IN} ${id}`, kind: BROUGHT_IN, lang, recipient: email, accountId: id, data: { token } },
    })),
    skipDuplicates: true,
  });
}
