import type { Grant } from '../../access/account-access';
import type { Entitlement } from '../../billing/sync/evaluate-subscription';
import type { MemberRead } from '../members/member';

/**
 * When the grant of a subscription would end; undefined: there would be none. As the machine writes it
 * (src/billing/sync/grants.ts).
 */
export function grantUntil(
  { subscription: it, price, access: current }: Entitlement,
  known: { readonly until: Date | null } | undefined,
  now: Date,
): Date | null | undefined {
  if (!known && (!current.access || !price)) return undefined;
  const noted = known?.until ?? null;
  const over =
    current.until !== null && current.until <= now ? current.until : noted !== null && noted <= now ? noted : now;
  const until = current.access ? current.until : over;
  return until !== null && until < it.startedAt ? it.startedAt : until;
}

/** The grants of a member once the machine has written down what these subscriptions give. */
export function grantsAfter(
  { grants, facts }: Pick<MemberRead, 'grants' | 'facts'>,
  entitlements: readonly Entitlement[],
  now: Date,
): readonly Grant[] {
  let after = [...facts.grants];
  for (const one of entitlements) {
    const known = grants.find(
      ({ source, reference }) => source === 'SUBSCRIPTION' && reference === one.subscription.id,
    );
    const until = grantUntil(one, known, now);
    if (until === undefined) continue;
    const tier = one.price?.tier ?? known!.tierSlug;
    const grant: Grant = {
      id: known?.id ?? one.subscription.id,
      tier,
      source: 'SUBSCRIPTION',
      from: one.subscription.startedAt,
      until,
      revokedAt: known?.revokedAt ?? null,
    };
    after = [...after.filter(({ id }) => id !== grant.id), grant];
  }
  return after;
}
