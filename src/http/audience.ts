/** For whom a page is made: a member, a visitor, or somebody of whom that could not be proved. */
export type Audience = 'member' | 'unverified' | 'visitor';

/** The audience that a reader is. */
export const audienceOf = ({
  account,
  unverified,
}: {
  readonly account: unknown;
  readonly unverified: boolean;
}): Audience => (account ? 'member' : unverified ? 'unverified' : 'visitor');
