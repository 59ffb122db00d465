import { Secret } from 'otpauth';
import { hashOfToken } from '../credentials/link-tokens';

/** Codes that are made at a time. */
export const RECOVERY_CODES = 10;

/** Bytes of a code: 120 bits, too many to be guessed even from plain hashes (ASVS 6.5.2 wants 112). */
const BYTES = 15;

/** Characters of a code; those made with 80 bits before have sixteen, and hold until they are replaced. */
const FORM = /^(?:[A-Z2-7]{24}|[A-Z2-7]{16})$/;

/** Codes from the system's generator, each in six groups of base32. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => new Secret({ size: BYTES }).base32.match(/.{4}/g)!.join('-'));
}

/** The hash under which a code is kept, however it was typed; null for what never was one. */
export function hashOfRecoveryCode(typed: string): string | null {
  const code = typed.replace(/[\s\p{Pd}_.]/gu, '').toUpperCase();
  return FORM.test(code) ? hashOfToken(code) : null;
}
