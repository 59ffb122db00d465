import type { WallTransaction } from '../../stores/postgres/wall';
import { hashOfRecoveryCode } from './recovery-codes';
import type { SecretSealer } from './secret';
import { stepOf } from './totp';

/** What a right code was. */
export type CodeUse = 'code' | 'recovery code';

/**
 * Takes a code of an account's second factor, or one of its recovery codes: right the first time, wrong (null) ever
 * after. A step of time is compared and noted in one statement, so that of many who come at once one is let in (RFC
 * 6238, 5.2; ASVS 6.5.1).
 */
export async function consumeCode(
  db: WallTransaction,
  secrets: SecretSealer,
  accountId: string,
  typed: string,
  now: Date,
): Promise<CodeUse | null> {
  const account = await db.account.findUnique({
    where: { id: accountId, state: 'active', totpConfirmedAt: { not: null } },
    select: { totpSecret: true },
  });
  if (!account?.totpSecret) return null;
  const secret = secrets.open(account.totpSecret, accountId);
  const step = secret === null ? null : stepOf(secret, typed.replace(/\s/g, ''), now);
  if (secret !== null && step !== null) {
    const { count } = await db.account.updateMany({
      where: {
        id: accountId,
        totpSecret: account.totpSecret,
        totpConfirmedAt: { not: null },
        OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }],
      },
      data: {
        totpLastStep: step,
        ...(account.totpSecret.startsWith(secrets.newest) ? {} : { totpSecret: secrets.seal(secret, accountId) }),
      },
    });
    return count === 1 ? 'code' : null;
  }
  const hash = hashOfRecoveryCode(typed);
  if (hash === null) return null;
  const { count } = await db.recoveryCode.updateMany({
    where: { accountId, hash, usedAt: null },
    data: { usedAt: now },
  });
  return count === 1 ? 'recovery code' : null;
}
