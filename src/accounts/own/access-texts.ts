import type { AccessLevel, Grant, GrantVerdict } from '../../access/account-access';
import type { Language } from '../../lib/language';
import type { GrantView } from './page-types';

/** A tier as a page names it. */
export type TierName = (slug: string) => string;

/** How far somebody reads and why, in one sentence. */
export function describeAccess({ reason: because, tier }: AccessLevel, language: Language, nameOf: TierName): string {
  const { say } = language;
  if (because === null) return say('account.standing.none');
  if ('role' in because) return say('account.standing.role', { role: say(`account.role.${because.role}`) });
  const { source, until } = because.grant;
  const values = { tier: nameOf(tier ?? because.grant.tier), source: say(`account.because.${source}`) };
  // Its dates move with every renewal, and are said where it is paid.
  if (source === 'SUBSCRIPTION') return say('account.standing.subscription', values);
  return until === null
    ? say('account.standing.open', values)
    : say('account.standing.until', { ...values, until: language.day(until) });
}

/** Every grant with its verdict, in the words support uses too. */
export function describeGrants({ grants: chain }: AccessLevel, language: Language, nameOf: TierName): GrantView[] {
  return chain.map(({ grant, verdict }) => ({
    tier: { slug: grant.tier, name: nameOf(grant.tier) },
    source: language.say(`account.source.${grant.source}`),
    period:
      grant.source === 'SUBSCRIPTION' && (verdict === 'counts' || verdict === 'outranked')
        ? language.say('account.period.running', { from: language.day(grant.from) })
        : describePeriod(grant, language),
    verdict: language.say(`account.verdict.${verdictKey(grant, verdict)}`),
    counts: verdict === 'counts',
  }));
}

/**
 * What a subscription grants may be over while the subscription goes on: it opens nothing, and has not ended by that.
 */
function verdictKey({ source }: Grant, verdict: GrantVerdict): string {
  return source === 'SUBSCRIPTION' && verdict === 'ended' ? 'closed' : verdict.replaceAll(' ', '-');
}

function describePeriod({ from, until, revokedAt }: Grant, language: Language): string {
  const { say } = language;
  const since = { from: language.day(from) };
  if (revokedAt !== null) return say('account.period.revoked', { ...since, until: language.day(revokedAt) });
  return until === null
    ? say('account.period.open', since)
    : say('account.period.until', { ...since, until: language.day(until) });
}
