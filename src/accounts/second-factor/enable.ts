import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { revokeOtherCredentials, lockAsOwner } from '../credentials/revoke-credentials';
import { hashOfRecoveryCode, makeRecoveryCodes } from './recovery-codes';
import type { SecretSealer } from './secret';
import { consumeCode } from './consume-code';

/** Whose second factor, and the login that stays. */
export interface FactorOwner {
  readonly id: string;
  readonly loginId: string;
}

/**
 * Turns the second factor on with a secret whose code was shown; that code is spent. Every other way in ends, and the
 * owner is told (ASVS 7.4.3, 6.3.7). The recovery codes, in words for the only time; null when it was on already.
 */
export async function enableTotp(
  db: WallTransaction,
  secrets: SecretSealer,
  owner: FactorOwner,
  secret: string,
  step: bigint,
  now: Date,
): Promise<readonly string[] | null> {
  await lockAsOwner(db, owner);
  const { id, loginId } = owner;
  const { count } = await db.account.updateMany({
    where: { id, state: 'active', totpConfirmedAt: null },
    data: { totpSecret: secrets.seal(secret, id), totpConfirmedAt: now, totpLastStep: step },
  });
  if (count === 0) return null;
  await revokeOtherCredentials(db, id, loginId, now);
  await notifyFactorChanged(db, id);
  return replaceCodes(db, id);
}

/** Turns the second factor off for whoever shows a code of it. False when the code was wrong: then nothing happens. */
export async function disableTotp(
  db: WallTransaction,
  secrets: SecretSealer,
  owner: FactorOwner,
  code: string,
  now: Date,
): Promise<boolean> {
  await lockAsOwner(db, owner);
  const { id, loginId } = owner;
  if (!(await consumeCode(db, secrets, id, code, now))) return false;
  await db.account.update({
    where: { id },
    data: { totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
    select: { id: true },
  });
  await db.recoveryCode.deleteMany({ where: { accountId: id } });
  await revokeOtherCredentials(db, id, loginId, now);
  await notifyFactorChanged(db, id);
  return true;
}

/**
 * New recovery codes for whoever shows a code; the old ones are worth nothing any more. Null when the code was wrong.
 */
export async function renewCodes(
  db: WallTransaction,
  secrets: SecretSealer,
  owner: FactorOwner,
  code: string,
  now: Date,
): Promise<readonly string[] | null> {
  await lockAsOwner(db, owner);
  const { id } = owner;
  if (!(await consumeCode(db, secrets, id, code, now))) return null;
  await notifyFactorChanged(db, id);
  return replaceCodes(db, id);
}

async function replaceCodes(db: WallTransaction, accountId: string): Promise<readonly string[]> {
  const codes = makeRecoveryCodes();
  await db.recoveryCode.deleteMany({ where: { accountId } });
  await db.recoveryCode.createMany({ data: codes.map((code) => ({ accountId, hash: hashOfRecoveryCode(code)! })) });
  return codes;
}

async function notifyFactorChanged(db: WallTransaction, id: string): Promise<void> {
  const { email, lang } = await db.account.findUniqueOrThrow({ where: { id }, select: { email: true, lang: true } });
  await writeAccountLetter(db, 'second-factor-changed', { accountId: id, email, lang });
}
