import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LetterKinds } from '../lib/letter';
import { writeLetter } from '../stores/postgres/outbox';
import type { WallTransaction } from '../stores/postgres/wall';

/**
 * The letters the accounts send, each with the page its link opens. No letter repeats what somebody typed: a name
 * given at joining would carry a stranger's words to an address that never asked.
 */
export const ACCOUNT_LETTERS = {
  'verify-email': '/verify',
  'finish-joining': '/join/confirm',
  'already-joined': '/login',
  'reset-password': '/reset/choose',
  'password-changed': '/reset',
  'second-factor-changed': '/account/second-factor',
  'recovery-code-used': '/account/second-factor',
  'passkeys-changed': '/account/passkeys',
  'token-made': '/account/tokens',
  'feed-made': '/account/feed',
  'email-change': '/verify',
  'email-changed': null,
  'account-deleted': null,
} as const satisfies Record<string, string | null>;

/** Those that whoever gets them has just asked for. */
const ASKED: readonly string[] = ['verify-email', 'reset-password', 'email-change'] satisfies AccountLetter[];

/** Those that somebody gets first. */
const WELCOMES: readonly string[] = ['verify-email', 'finish-joining'] satisfies AccountLetter[];

export type AccountLetter = keyof typeof ACCOUNT_LETTERS;

const data = z.strictObject({
  token: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
});

/** The same letters as whoever puts them into words needs them. */
export const accountLetterKinds: LetterKinds = Object.fromEntries(
  Object.entries(ACCOUNT_LETTERS).map(([kind, page]) => [
    kind,
    {
      data,
      asked: ASKED.includes(kind),
      welcomes: WELCOMES.includes(kind),
      opens: ({ token }) => (page === null || token === undefined ? page : `${page}?token=${token}`),
    },
  ]),
);

/** To whom a letter goes, in which language. */
export interface Recipient {
  /** Null for an account that is gone, or not made yet. */
  readonly accountId: string | null;
  readonly email: string;
  readonly lang: string;
}

/** Writes an account's letter in the registrar's transaction that causes it; `token` completes its link. */
export async function writeAccountLetter(
  db: WallTransaction,
  kind: AccountLetter,
  { accountId, email, lang }: Recipient,
  token?: string,
): Promise<void> {
  await writeLetter(db, {
    key: `${kind} ${randomUUID()}`,
    kind,
    lang,
    recipient: email,
    accountId,
    data: token === undefined ? {} : { token },
  });
}

/** Tells the owner of an account, in the registrar's transaction, that somebody wanted its address for another one. */
export async function tellHolder(db: WallTransaction, email: string): Promise<void> {
  const owner = await db.account.findUnique({ where: { email, state: 'active' }, select: { id: true, lang: true } });
  if (owner) await writeAccountLetter(db, 'already-joined', { accountId: owner.id, email, lang: owner.lang });
}
