import type { Tier } from './matrix';
import { HIGHEST_RANK } from './viewer';

/** What an account may do beyond reading. */
export const ACCOUNT_ROLES = ['reader', 'support', 'editor', 'admin'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** Does somebody of this role, in force, write and publish? */
export const worksAtDesk = (role: AccountRole): role is 'editor' | 'admin' => role === 'editor' || role === 'admin';

export const GRANT_SOURCES = ['JOINED', 'SUBSCRIPTION', 'COMP', 'TRIAL', 'SEAT', 'GIFT'] as const;
export type GrantSource = (typeof GRANT_SOURCES)[number];

/** A dated right to one tier. All times are UTC moments. */
export interface Grant {
  readonly id: string;
  readonly tier: string;
  readonly source: GrantSource;
  readonly from: Date;
  /** The first moment it no longer holds; null: without end. */
  readonly until: Date | null;
  readonly revokedAt: Date | null;
}

/** Everything the rule must know of an account to say how far it reads. */
export interface AccountFacts {
  readonly role: AccountRole;
  readonly state: 'active' | 'suspended';
  readonly grants: readonly Grant[];
}

/** Why a grant counts, or why it does not. */
export type GrantVerdict = 'counts' | 'outranked' | 'not yet' | 'ended' | 'revoked' | 'no such tier' | 'suspended';

export interface AccessLevel {
  readonly rank: number;
  /** The tier of that rank; null when no grant and no role gives one. */
  readonly tier: string | null;
  /** What gives it. */
  readonly reason: { readonly grant: Grant } | { readonly role: AccountRole } | null;
  /** The first moment at which the rank may be another one; null: none in sight. */
  readonly changesAt: Date | null;
  /** Every grant with its verdict, strongest first: the same words for the member and for support. */
  readonly grants: readonly { readonly grant: Grant; readonly verdict: GrantVerdict }[];
}

/** Those who write and check the briefings read all of them. */
const UNRESTRICTED_ROLES: readonly AccountRole[] = ['editor', 'admin'];

/**
 * How far an account reads at a moment, and why: the one function that decides and explains. Access is computed
 * from the grants and the clock each time; nothing increments it. Lists ask the same of Postgres
 * (src/membership/access-sql.ts), and a test holds that both agree.
 */
export function resolveAccess(facts: AccountFacts, tiers: readonly Tier[], now: Date): AccessLevel {
  const rankOf = (slug: string) => tiers.find((tier) => tier.slug === slug)?.rank;
  const evaluated = facts.grants
    .map((grant) => ({
      grant,
      rank: rankOf(grant.tier) ?? -1,
      verdict: verdictOf(grant, facts, rankOf(grant.tier), now),
    }))
    .sort(
      (a, b) =>
        Number(b.verdict === 'counts') - Number(a.verdict === 'counts') ||
        b.rank - a.rank ||
        lasts(b.grant) - lasts(a.grant) ||
        (a.grant.id < b.grant.id ? -1 : 1),
    );
  const [strongest] = evaluated;
  const byRole = facts.state === 'active' && UNRESTRICTED_ROLES.includes(facts.role);
  const granted = strongest?.verdict === 'counts' ? strongest : null;
  return {
    rank: byRole ? HIGHEST_RANK : (granted?.rank ?? 0),
    tier: granted?.grant.tier ?? null,
    reason: byRole ? { role: facts.role } : granted && { grant: granted.grant },
    changesAt: nextChange(facts.grants, now),
    grants: evaluated.map(({ grant, rank, verdict }) => ({
      grant,
      verdict: verdict === 'counts' && granted && rank < granted.rank ? 'outranked' : verdict,
    })),
  };
}

function verdictOf(grant: Grant, facts: AccountFacts, rank: number | undefined, now: Date): GrantVerdict {
  if (facts.state === 'suspended') return 'suspended';
  if (grant.revokedAt !== null && grant.revokedAt <= now) return 'revoked';
  if (grant.from > now) return 'not yet';
  if (grant.until !== null && grant.until <= now) return 'ended';
  return rank === undefined ? 'no such tier' : 'counts';
}

/** When a grant ends, or ended: on its day, or when it was revoked before that. Null: it has no end. */
export function grantEnd({ until, revokedAt }: Pick<Grant, 'until' | 'revokedAt'>): Date | null {
  if (until === null || revokedAt === null) return until ?? revokedAt;
  return revokedAt < until ? revokedAt : until;
}

/** When what gives the present rank ends by its own day; null where a role gives it, or nothing, or it has no end. */
export const accessEnd = ({ reason }: Pick<AccessLevel, 'reason'>): Date | null =>
  reason !== null && 'grant' in reason ? reason.grant.until : null;

function lasts({ until }: Grant): number {
  return until?.getTime() ?? Number.POSITIVE_INFINITY;
}

function nextChange(grants: readonly Grant[], now: Date): Date | null {
  const moments = grants
    .flatMap(({ from, until, revokedAt }) => [from, until, revokedAt])
    .filter((moment): moment is Date => moment !== null && moment > now);
  return moments.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
