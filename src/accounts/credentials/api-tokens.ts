import { randomBytes } from 'node:crypto';
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

/** 256 bits as hexadecimal digits: capitals in the path of an address are not told from small letters. */
const FEED_FORM = /^dosf_[0-9a-f]{64}$/;

/** A new address of a private feed, to be shown once, and what is kept of it. */
export function makeFeedToken(): { readonly token: string; readonly hash: string } {
  const token = `dosf_${randomBytes(32).toString('hex')}`;
  return { token, hash: hashOfToken(token) };
}

/** The hash under which the token of a private feed would be kept, or null when none looks like this. */
export function hashOfFeedToken(token: string): string | null {
  return FEED_FORM.test(token) ? hashOfToken(token) : null;
}

/** 256 bits as hexadecimal digits, for the same reason. */
const GIFT_FORM = /^dosg_[0-9a-f]{64}$/;

/** A new gift link's token, to be shown once, and what is kept of it. */
export function makeGiftToken(): { readonly token: string; readonly hash: string } {
  const token = `dosg_${randomBytes(32).toString('hex')}`;
  return { token, hash: hashOfToken(token) };
}

/** The hash under which the token of a gift link would be kept, or null when none looks like this. */
export function hashOfGiftToken(token: string): string | null {
  return GIFT_FORM.test(token) ? hashOfToken(token) : null;
}

/** The hash under which a token would be kept (64 hexadecimal digits), or null when no token looks like this. */
export function hashOfApiToken(token: string): string | null {
  return FORM.test(token) ? hashOfToken(token) : null;
}
