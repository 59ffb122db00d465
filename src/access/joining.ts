/** Who may join by themselves, as the publisher has set it. */
export interface JoiningRule {
  readonly mode: 'open' | 'invitation' | 'closed';
  /** In lower case; what lies below a domain is refused with it. */
  readonly refusedDomains: readonly string[];
  readonly invited: readonly string[];
  readonly refused: readonly string[];
}

/**
 * `open`: at once. `letter`: by the link of a letter to the address. `silent`: no letter is sent, and whoever asked
 * sees no difference to one that is. `refused`: not with this address. `closed`: nobody.
 */
export type JoiningAnswer = 'open' | 'letter' | 'silent' | 'refused' | 'closed';

/** Whether somebody may join with an address. By invitation, no answer tells a stranger who is invited. */
export function decideJoining({ mode, refusedDomains, invited, refused }: JoiningRule, email: string): JoiningAnswer {
  const address = email.toLowerCase();
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const among = (list: readonly string[]) => list.some((one) => one.toLowerCase() === address);
  if (mode === 'closed') return 'closed';
  const shut = among(refused) || refusedDomains.some((one) => domain === one || domain.endsWith(`.${one}`));
  if (mode === 'invitation') return among(invited) && !shut ? 'letter' : 'silent';
  return shut ? 'refused' : 'open';
}
