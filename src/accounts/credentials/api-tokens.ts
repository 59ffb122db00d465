import { hashOfToken, newToken } from './link-tokens';

/** What a token may be used for. A token has only the scopes it was made with. */
export const API_SCOPES = ['briefings:read'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** Says at a glance, and to programs that look for leaked secrets, what it is and whose. */
const PREFIX = 'dos_';

/** The prefix, then 32 bytes as base64url without padding. */
const FORM = /^dos_[A-Za-z0-9_-]{43}$/;

/** A new token, to be shown once, and what is kept of it. */
export function makeApiToken(): { readonly token: string; readonly hash: string } {
  const token = `${PREFIX}${newToken()}`;
  return { token, hash: hashOfToken(token) };
}

/** The hash under which a token would be kept (64 hexadecimal digits), or null when no token looks like this. */
export function hashOfApiToken(token: string): string | null {
  return FORM.test(token) ? hashOfToken(token) : null;
}
