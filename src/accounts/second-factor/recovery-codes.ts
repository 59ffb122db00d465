import { Secret } from 'otpauth';
import { hashOfToken } from '../link-tokens';

/** Codes that are made at a time. */
export const RECOVERY_CODES = 10;

/** Codes of 80 bits from the system's generator, each in four groups of base32: too many to be guessed, even from their hashes. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => new Secret({ size: 10 }).base32.match(/.{4}/g)!.join('-'));
}

/** The hash under which a code is kept, however it was typed; null for what never was one. */
export function hashOfRecoveryCode(typed: string): string | null {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  return /^[A-Z2-7]{16}$/.test(code) ? hashOfToken(code) : null;
}
