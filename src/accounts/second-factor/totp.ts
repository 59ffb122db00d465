import { Secret, TOTP } from 'otpauth';

/** What authenticator programs take for granted: SHA-1, six digits, thirty seconds (RFC 6238, 4 and 5.2). */
const RULES = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** Steps a clock may be ahead or behind (RFC 6238, 5.2). */
const WINDOW = 1;

/** A secret of 160 bits in base32 (RFC 4226, 4: as long as the hash). */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The step of time this code belongs to, or null when it is the code of none that is near. */
export function stepOf(secret: string, code: string, now: Date): bigint | null {
  if (!/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ ...RULES, secret: Secret.fromBase32(secret) });
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : BigInt(totp.counter({ timestamp }) + delta);
}

/** The address an authenticator program reads from the picture: whose code it is, where, and the secret. */
export function totpAddress(secret: string, site: string, email: string): string {
  return new TOTP({ ...RULES, issuer: site, label: email, secret: Secret.fromBase32(secret) }).toString();
}
