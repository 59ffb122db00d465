import type { IncomingMessage } from 'node:http';
import { resolveAccess, worksAtDesk } from '../access/account-access';
import type { Clock } from '../lib/clock';
import { cacheAudienceOf, type PageReader } from '../http/cache/cached-pages';
import { within } from '../lib/wait';
import type { CacheAudience } from '../http/cache/page-cache';
import { ABSOLUTE_DAYS, sessionCookieOf } from '../http/sessions';
import { sessionHash } from '../stores/session-store';
import type { AccountCache, CachedAccount, RememberedAccount } from './account-cache';

/** What the session store said of a session when it was last asked. */
export interface ProvedSession {
  readonly id: string;
  readonly accountId: string;
  readonly loginId: string;
  /** When it began, in UTC milliseconds. */
  readonly startedAt: number;
}

interface Known extends Omit<ProvedSession, 'id'> {
  readonly hash: string;
  /** Milliseconds of this process's clock until which its store need not be asked again. */
  askAt: number;
}

/** Milliseconds until a session is asked for again, so that it lives on where it is kept and in the browser. */
const ASK_AGAIN = 300_000;
/** The same, while its store does not answer. */
const ASK_LATER = 30_000;

/** Milliseconds for Postgres to say what it knows of an account, where another store was waited for already. */
const PATIENCE = 500;

/** Sessions that are known at most; the one first known goes first. */
const MOST = 20_000;

export interface KnownSessionParts {
  readonly accounts: AccountCache;
  /** What logins go by. */
  readonly clock: Clock;
  /** What grants go by. */
  readonly entitlements: Clock;
  readonly https: boolean;
  /** Is the account to be asked for something before it goes on reading? Then no kept page is its answer. */
  readonly mustAccept: (account: CachedAccount) => boolean;
}

/**
 * Sessions that this process has seen proved, by the cookie that proved them. Whoever shows the same cookie again is
 * that member as long as the login's row in Postgres, which is heard of, is open and names this very session: no store
 * is asked. It serves to read pages, and for nothing else: a session holds more than who it is.
 */
export class KnownSessions {
  private readonly known = new Map<string, Known>();

  constructor(private readonly parts: KnownSessionParts) {}

  /** Remembers a session that its store has just proved, if the request's cookie names it. */
  remember({ headers }: Pick<IncomingMessage, 'headers'>, { id, ...session }: ProvedSession): void {
    const cookie = sessionCookieOf(headers.cookie, this.parts.https);
    // Its signature was checked when the store was asked for this id.
    if (cookie === null || !names(cookie, id)) return;
    this.known.delete(cookie);
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value!);
    this.known.set(cookie, { ...session, hash: sessionHash(id), askAt: performance.now() + ASK_AGAIN });
  }

  /** Whom a request's cookie proves by what is known; null where its session must be asked for. */
  audienceOf(req: Pick<IncomingMessage, 'headers'>): CacheAudience | null {
    const known = this.sessionOf(req);
    if (!known || performance.now() >= known.askAt) return null;
    const found = this.parts.accounts.peek(known.accountId);
    if (!found || this.parts.mustAccept(found.account)) return null;
    const reader = this.readerOf(known, found);
    return reader && cacheAudienceOf(reader);
  }

  /**
   * The reader, where the session was asked for and its store did not answer; what is not remembered of the account is
   * asked of Postgres. Null where changes are not heard, or Postgres does not answer either.
   */
  async findWithoutStore(req: Pick<IncomingMessage, 'headers'>): Promise<PageReader | null> {
    const known = this.sessionOf(req);
    const { accounts } = this.parts;
    // Where changes are not heard of Postgres may be silent too, and whoever asks has waited for one store already.
    if (!known || !accounts.heard()) return null;
    const asked = Promise.all([accounts.load(known.accountId), accounts.loadTiers()]).catch(() => null);
    const [account, tiers] = (await within(PATIENCE, asked)) ?? [null];
    const reader = account && tiers ? this.readerOf(known, { account, tiers }) : null;
    if (reader) known.askAt = performance.now() + ASK_LATER;
    return reader;
  }

  private sessionOf({ headers }: Pick<IncomingMessage, 'headers'>): Known | null {
    const cookie = sessionCookieOf(headers.cookie, this.parts.https);
    return cookie === null ? null : (this.known.get(cookie) ?? null);
  }

  private readerOf({ loginId, startedAt, hash }: Known, { account, tiers }: RememberedAccount): PageReader | null {
    const { clock, entitlements } = this.parts;
    const { facts, logins } = account;
    if (facts.state !== 'active' || logins.get(loginId) !== hash) return null;
    if (clock.now().getTime() - startedAt >= ABSOLUTE_DAYS * 86_400_000) return null;
    const { rank } = resolveAccess(facts, tiers, entitlements.now());
    return { viewer: { role: 'reader', rank }, audience: 'member', atDesk: worksAtDesk(facts.role) };
  }
}

/** Is this the cookie of that session (`s:<id>.<signature>`; express-session, `setcookie`)? */
function names(cookie: string, id: string): boolean {
  try {
    return decodeURIComponent(cookie).startsWith(`s:${id}.`);
  } catch {
    return false;
  }
}
