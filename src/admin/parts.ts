import type { UpcomingCharges } from '../billing/stripe/upcoming';
import type { SiteContext } from '../http/site-context';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import type { Wall } from '../stores/postgres/wall';

/** What the admin sections are made of. */
export interface AdminParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly clock: Clock;
  /** What logins and invitations go by; `clock` is that of payments, which the sandbox moves. */
  readonly loginClock: Clock;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Facts of this account have changed, and the change is committed: nothing that was remembered of it holds. */
  readonly accountChanged: (accountId: string) => void;
  /** What these subscriptions are charged next, by their ids, as far as Stripe says. */
  readonly upcoming: (subscriptions: readonly string[]) => Promise<UpcomingCharges>;
  /**
   * What must be done elsewhere before an account may go; it throws where that cannot be done, and then nothing goes.
   */
  readonly beforeDeletion: (accountId: string) => Promise<() => Promise<void>>;
}
