import type { Request } from 'express';
import { resolveAccess } from '../access/account-access';
import { accountsViewer, visitor, type Viewer } from '../access/viewer';
import { hashOfApiToken, type ApiScope } from '../accounts/credentials/api-tokens';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import { networkPrefixOf } from '../lib/network';
import type { AccountCache } from '../membership/account-cache';
import type { Limit } from '../stores/limits';
import type { Wall } from '../stores/postgres/wall';
import { Problem } from './problems';

/** Who asks the API: whoever a token proves, or a visitor who showed none. */
export interface Caller {
  readonly viewer: Viewer;
  readonly byToken: boolean;
  /** Whose token it is; null for a visitor. */
  readonly accountId: string | null;
}

export interface CallerParts {
  readonly accounts: AccountCache;
  readonly wall: Wall;
  /** Counts wrong tokens, by address. */
  readonly wrongTokens: Limit;
  readonly clock: Clock;
  /** What grants go by: the clock of payments, which the sandbox moves. */
  readonly entitlements: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

const VISITOR: Caller = { viewer: visitor, byToken: false, accountId: null };

/** Milliseconds between two notes of when a token was last used. */
const USED = 300_000;
const MOST_USED = 50_000;

/** Hashes of tokens remembered to have held. */
const MOST_HELD = 50_000;

const NO_TOKEN = { headers: { 'WWW-Authenticate': 'Bearer realm="api", error="invalid_token"' } };

/** Notes when a token was last used, every few minutes; nobody waits for it. */
function noteUse({ wall, log }: Pick<CallerParts, 'wall' | 'log'>): (id: string, now: Date) => void {
  const used = new Map<string, number>();
  return (id, now) => {
    if (now.getTime() - (used.get(id) ?? 0) < USED) return;
    if (used.size >= MOST_USED) used.clear();
    used.set(id, now.getTime());
    const before = new Date(now.getTime() - USED);
    wall
      .write(accountsViewer, (db) =>
        db.apiToken.updateMany({
          where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
          data: { lastUsedAt: now },
        }),
      )
      .catch((error: unknown) => log.warn({ err: error }, 'could not note when a token was last used'));
  };
}

/**
 * Reads the token of a request. The header is the only place for one (RFC 6750, 2.3 warns of addresses), and a
 * session cookie proves nothing here: what a browser sends by itself must not read for whoever made it ask.
 * @returns a function that throws Problem 401 for a header that proves nobody, since a member taken for a visitor
 * would not notice, 403 for a token without the scope, and 429 to an address with too many wrong ones; it throws
 * whatever Postgres throws when it does not answer.
 */
export function readCaller({
  accounts,
  wall,
  wrongTokens,
  clock,
  entitlements,
  log,
}: CallerParts): (req: Pick<Request, 'headers' | 'ip'>, scope: ApiScope) => Promise<Caller> {
  const noteUsed = noteUse({ wall, log });

  /**
   * Tokens that held when they were last shown here: whoever else fails at the same address does not shut these out.
   */
  const held = new Set<string>();

  /** The account of a token that holds, or null. Counted before it is looked for, so that parallel ones count too. */
  const find = async (hash: string | null, ip: string) => {
    const before = hash !== null && held.has(hash);
    const wait = before ? null : await wrongTokens.take(ip, null);
    if (wait !== null)
      throw new Problem(429, 'Too many wrong tokens have come from this address. Wait before trying another.', {
        headers: { 'Retry-After': String(wait) },
      });
    if (hash === null) return null;
    const known = await accounts.loadByToken(hash).catch(async (error: unknown) => {
      // Not found wrong, only not found out.
      if (!before) await wrongTokens.giveBack(ip);
      throw error;
    });
    if (known?.account.facts.state !== 'active') {
      held.delete(hash);
      return null;
    }
    if (!before) {
      await wrongTokens.giveBack(ip);
      if (held.size >= MOST_HELD) held.clear();
      held.add(hash);
    }
    return known;
  };

  return async (req, scope) => {
    const { authorization } = req.headers;
    if (authorization === undefined) return VISITOR;
    const [, shown] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const known = await find(shown === undefined ? null : hashOfApiToken(shown), networkPrefixOf(req.ip));
    if (!known) throw new Problem(401, 'The token is not one that holds: it may be mistyped or revoked.', NO_TOKEN);
    const tiers = await accounts.loadTiers();
    if (!known.token.scopes.includes(scope)) {
      throw new Problem(403, `The token was made without the scope ${scope}.`, {
        headers: { 'WWW-Authenticate': `Bearer realm="api", error="insufficient_scope", scope="${scope}"` },
      });
    }
    noteUsed(known.token.id, clock.now());
    const { rank } = resolveAccess(known.account.facts, tiers, entitlements.now());
    return { viewer: { role: 'reader', rank }, byToken: true, accountId: known.account.id };
  };
}
