import type { RequestHandler, Response } from 'express';
import session, { type Store } from 'express-session';
import { IDLE_DAYS } from '../stores/session-store';

declare module 'express-session' {
  interface SessionData {
    /** Whose session this is, and which of that account's logins. */
    accountId: string;
    loginId: string;
    /** When it began, in UTC milliseconds: the absolute lifetime counts from here. */
    startedAt: number;
    /** When the password (or passkey) was last shown, in UTC milliseconds. */
    provedAt: number;
    /** Set between the first factor and the second. */
    pending?: {
      readonly accountId: string;
      readonly next: string;
      readonly at: number;
      /** Stands for the password that was shown. */ readonly mark?: string | undefined;
    };
    /** When a passkey was last shown, in UTC milliseconds. */
    passkeyAt?: number;
    /** The secret of a second factor that is being set up, until its first code is shown. */
    settingUp?: { readonly secret: string; readonly at: number };
    /** The challenge of a passkey ceremony under way, good for that one ceremony. */
    challenge?: { readonly value: string; readonly of: 'registration' | 'login'; readonly at: number };
  }
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Locals {
      /** There is a session cookie, and the store did not say whose. */
      sessionUnavailable?: boolean;
    }
  }
}

/** Days after which a session ends however much it is used (ASVS 7.3.2). */
export const ABSOLUTE_DAYS = 90;

export interface SessionRules {
  readonly store: Store;
  /** Signs the cookie; the first signs, all verify. */
  readonly secrets: readonly string[];
  /** Cookies only over https, with the name browsers protect (RFC 6265bis, 4.1.3.2). */
  readonly https: boolean;
}

/** The name of the session cookie. */
export const cookieName = (https: boolean): string => (https ? '__Host-dossier' : 'dossier');

/**
 * Reads the session of a request that carries a cookie, and begins one only for whoever logs in. A store that
 * does not answer never stops a page: the request goes on as nobody's, and knows it.
 */
export function sessions({ store, secrets, https }: SessionRules): RequestHandler {
  const handle = session({
    store,
    secret: [...secrets],
    name: cookieName(https),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: IDLE_DAYS * 86_400_000 },
    // Behind a proxy that ends TLS the connection is plain; the configuration says what readers use.
    proxy: https,
  });
  return (req, res, next) => {
    // The proxy in front may not say it, and then no cookie would be sent: readers come by https, says the
    // configuration.
    if (https) req.headers['x-forwarded-proto'] = 'https';
    handle(req, res, (error?: unknown) => {
      if (error) res.locals.sessionUnavailable = true;
      next();
    });
  };
}

const CARRIED = {
  https: new RegExp(`(?:^|;\\s*)${cookieName(true)}=`),
  http: new RegExp(`(?:^|;\\s*)${cookieName(false)}=`),
};

/** Was the session cookie sent at all? */
export function carriesSession(cookieHeader: string | undefined, https: boolean): boolean {
  return cookieHeader !== undefined && (https ? CARRIED.https : CARRIED.http).test(cookieHeader);
}

const COOKIE = {
  https: new RegExp(`(?:^|;[ \\t]*)${cookieName(true)}=([^;]*)`),
  http: new RegExp(`(?:^|;[ \\t]*)${cookieName(false)}=([^;]*)`),
};

/** The session cookie as it was sent, signature and all; null without one. */
export function sessionCookieOf(cookieHeader: string | undefined, https: boolean): string | null {
  if (cookieHeader === undefined) return null;
  return (https ? COOKIE.https : COOKIE.http).exec(cookieHeader)?.[1]?.trim() ?? null;
}

/** Ends the browser's part of a session. */
export function clearSessionCookie(res: Response, https: boolean): void {
  res.clearCookie(cookieName(https), { path: '/', httpOnly: true, sameSite: 'lax', secure: https });
}
