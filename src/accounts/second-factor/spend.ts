import type { Behind } from '../../stores/wall';
import { hashOfRecoveryCode } from './recovery-codes';
import { stepOf } from './totp';

/**
 * Takes a code of an account's second factor, or one of its recovery codes: right the first time, wrong ever after. A
 * step of time is compared and noted in one statement, so that of many who come at once one is let in (RFC 6238, 5.2;
 * ASVS 6.5.1).
 */
export async function spendCode(db: Behind, accountId: string, typed: string, now: Date): Promise<boolean> {
  const account = await db.account.findUnique({ where: { id: accountId, state: 'active', totpConfirmedAt: { not: null } }, select: { totpSecret: true } });
  if (!account?.totpSecret) return false;
  const step = stepOf(account.totpSecret, typed.replace(/\s/g, ''), now);
  if (step !== null) {
    const { count } = await db.account.updateMany({
      where: { id: accountId, totpSecret: account.totpSecret, totpConfirmedAt: { not: null }, OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] },
      data: { totpLastStep: step },
    });
    return count === 1;
  }
  const hash = hashOfRecoveryCode(typed);
  if (hash === null) return false;
  const { count } = await db.recoveryCode.updateMany({ where: { accountId, hash, usedAt: null }, data: { usedAt: now } });
  return count === 1;
}
