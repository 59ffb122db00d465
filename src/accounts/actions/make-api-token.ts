import type { WallTransaction } from '../../stores/postgres/wall';
import type { ApiScope } from '../credentials/api-tokens';
import { writeAccountLetter } from '../letters';
import { lockAsOwner } from '../credentials/revoke-credentials';

/** Tokens an account may have at a time. */
export const MOST_TOKENS = 20;

/**
 * Keeps a token's hash under a name, and tells the owner. False when the account has as many as it may: then nothing
 * happens.
 */
export async function makeTokenRow(
  db: WallTransaction,
  owner: { readonly id: string; readonly loginId: string },
  token: { readonly name: string; readonly hash: string; readonly scopes: readonly ApiScope[] },
  now: Date,
): Promise<boolean> {
  // Two at once come one after the other, so that both are counted.
  await lockAsOwner(db, owner);
  const accountId = owner.id;
  if ((await db.apiToken.count({ where: { accountId, revokedAt: null } })) >= MOST_TOKENS) return false;
  await db.apiToken.create({
    data: { accountId, name: token.name, hash: token.hash, scopes: [...token.scopes], createdAt: now },
  });
  const { email, lang } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { email: true, lang: true },
  });
  await writeAccountLetter(db, 'token-made', { accountId, email, lang });
  return true;
}
