import type { RequestHandler, Response } from 'express';
import { worksAtDesk, resolveAccess, type AccountRole, type AccessLevel } from '../access/account-access';
import { visitor, accountsViewer, type Viewer } from '../access/viewer';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import { audienceOf } from '../http/audience';
import type { PageReader } from '../http/cache/cached-pages';
import { ABSOLUTE_DAYS, clearSessionCookie } from '../http/sessions';
import type { Wall } from '../stores/postgres/wall';
import { sessionHash } from '../stores/session-store';
import type { AccountCache } from './account-cache';
import type { KnownSessions } from './known-sessions';

/** Who is asking, and how far they read: proved by this request, or nobody. */
export interface Reader {
  readonly viewer: Viewer;
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly lang: string;
    readonly role: AccountRole;
    /** The role it was given; another than `role` until it has a second factor. */ readonly appointed: AccountRole;
    readonly loginId: string | null;
    /** The newest version accepted of each page that has versions, by the page's id. */
    readonly accepted: ReadonlyMap<string, number>;
  } | null;
  readonly access: AccessLevel | null;
  /** Something that was to prove a membership did not answer: the reader may be a member, and is treated as none. */
  readonly unverified: boolean;
  /** Whose login this session was until it ended; null where nobody's has, or it is not known any more. */
  readonly was: { readonly id: string; /** Do they work here? */ readonly staff: boolean } | null;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Locals {
      reader: Reader;
      /** Who reads pages, where the session store did not answer and the member is known all the same. */
      pageReader?: PageReader;
    }
  }
}

export const ANONYMOUS: Reader = { viewer: visitor, account: null, access: null, unverified: false, was: null };
const UNVERIFIED: Reader = { ...ANONYMOUS, unverified: true };

/** The reader of a page that is kept: how far they read, and nothing of who they are. */
export function pageReaderOf(res: Pick<Response, 'locals'>): PageReader {
  if (res.locals.pageReader) return res.locals.pageReader;
  const { viewer, account } = res.locals.reader;
  return {
    viewer,
    audience: toldOf(res).audience,
    atDesk: account !== null && worksAtDesk(account.role),
  };
}

/** Whom an error is told to; it may have come before anybody was asked for. */
export function toldOf({ locals }: Pick<Response, 'locals'>): {
  readonly audience: PageReader['audience'];
  readonly role: AccountRole | undefined;
} {
  const reader: Reader = (locals as { readonly reader?: Reader }).reader ?? ANONYMOUS;
  return { audience: audienceOf(reader), role: reader.account?.role };
}

/** Milliseconds between two notes of when a login was last seen. */
const LAST_SEEN_INTERVAL = 300_000;
const MOST_SEEN = 50_000;

export interface ReaderParts {
  readonly accounts: AccountCache;
  readonly knownSessions: KnownSessions;
  readonly wall: Wall;
  /** What logins go by. */
  readonly clock: Clock;
  /** What grants go by: the clock of payments, which the sandbox moves. */
  readonly entitlements: Clock;
  readonly https: boolean;
  readonly log: Pick<Logger, 'warn'>;
}

/** Notes at a login's row when it was seen, now and then, and at once which session it goes by (null: as it says). */
function openLastSeen({ wall, log }: ReaderParts) {
  const notedAt = new Map<string, number>();
  return (loginId: string, now: Date, hash: string | null): void => {
    if (hash === null && now.getTime() - (notedAt.get(loginId) ?? 0) < LAST_SEEN_INTERVAL) return;
    if (notedAt.size >= MOST_SEEN) notedAt.clear();
    notedAt.set(loginId, now.getTime());
    const data = { lastSeenAt: now, ...(hash === null ? {} : { sessionHash: hash }) };
    wall
      .write(accountsViewer, (db) => db.login.updateMany({ where: { id: loginId, endedAt: null }, data }))
      .catch((error: unknown) => log.warn({ err: error }, 'could not note when a login was last seen'));
  };
}

/**
 * Says who is asking, from the session of this request: one read of the session, and no database while the
 * account is known. A session whose login has ended, whose account is gone or suspended, or which is older than
 * its absolute lifetime is ended here.
 */
export function loadReader(parts: ReaderParts): RequestHandler {
  const { accounts, knownSessions, clock, entitlements, https } = parts;
  const noteSeen = openLastSeen(parts);

  return async (req, res, next) => {
    res.locals.reader = res.locals.sessionUnavailable ? UNVERIFIED : ANONYMOUS;
    if (res.locals.sessionUnavailable && (req.method === 'GET' || req.method === 'HEAD')) {
      const known = await knownSessions.findWithoutStore(req);
      if (known) res.locals.pageReader = known;
    }
    const { accountId, loginId, startedAt } = req.session ?? {};
    if (!accountId || !loginId) return next();
    const now = clock.now();
    let known;
    let tiers;
    try {
      [known, tiers] = await Promise.all([accounts.load(accountId), accounts.loadTiers()]);
      if (!known?.logins.has(loginId)) {
        // A login may be younger than what is remembered of its account, by the time a notification takes.
        accounts.invalidate(accountId);
        known = await accounts.load(accountId);
      }
    } catch {
      res.locals.reader = UNVERIFIED;
      return next();
    }
    const expired = startedAt === undefined || now.getTime() - startedAt >= ABSOLUTE_DAYS * 86_400_000;
    if (!known || known.facts.state !== 'active' || !known.logins.has(loginId) || expired) {
      const staff = known?.facts.state === 'active' && known.facts.role !== 'reader';
      res.locals.reader = { ...ANONYMOUS, was: { id: accountId, staff } };
      const ended = () => {
        clearSessionCookie(res, https);
        next();
      };
      // Whoever was only reading goes on without one. A form may be the one that logs in, and needs a new one to do so.
      if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) req.session.destroy(ended);
      else req.session.regenerate(ended);
      return;
    }
    const decided = resolveAccess(known.facts, tiers, entitlements.now());
    res.locals.reader = {
      viewer: { role: 'reader', rank: decided.rank },
      account: {
        id: known.id,
        name: known.name,
        lang: known.lang,
        role: known.facts.role,
        appointed: known.appointed,
        loginId,
        accepted: known.accepted,
      },
      access: decided,
      unverified: false,
      was: null,
    };
    const hash = sessionHash(req.sessionID);
    knownSessions.remember(req, { id: req.sessionID, accountId, loginId, startedAt });
    noteSeen(loginId, now, known.logins.get(loginId) === hash ? null : hash);
    next();
  };
}
