import type { AccountFacts, AccountRole, GrantSource } from '../access/account-access';

/** An account's row as far as the rule needs it. */
export interface AccountRowFacts {
  readonly role: AccountRole;
  readonly state: 'active' | 'suspended';
  readonly totpConfirmedAt: Date | null;
  readonly passkeys: readonly unknown[];
  readonly grants: readonly {
    readonly id: string;
    readonly tierSlug: string;
    readonly source: GrantSource;
    readonly from: Date;
    readonly until: Date | null;
    readonly revokedAt: Date | null;
  }[];
}

/**
 * What the rule is asked with. A role is in force with a second factor alone: a code from an app, or a passkey (ASVS
 * 6.3.3).
 */
export function factsOf({ role, state, totpConfirmedAt, passkeys, grants }: AccountRowFacts): AccountFacts {
  return {
    role: totpConfirmedAt !== null || passkeys.length > 0 ? role : 'reader',
    state,
    grants: grants.map(({ id, tierSlug, source, from, until, revokedAt }) => ({
      id,
      tier: tierSlug,
      source,
      from,
      until,
      revokedAt,
    })),
  };
}
