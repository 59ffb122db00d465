import type { RequestHandler } from 'express';
import type { SiteContext } from '../../http/site-context';
import type { Clock } from '../../lib/clock';
import type { Language } from '../../lib/language';
import type { Logger } from '../../lib/log';
import type { Wall } from '../../stores/postgres/wall';
import type { AccountLimits } from '../account-limits';

/** What the sections of an account are made of. */
export interface AccountParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly clock: Clock;
  readonly limits: AccountLimits;
  /** Facts of this account have changed, and the change is committed: nothing that was remembered of it holds. */
  readonly accountChanged: (accountId: string) => void;
  /**
   * Ends elsewhere what must not outlive the account, before it is deleted.
   * @returns the same once more, for when the account is gone: something may have begun meanwhile.
   * @throws when that cannot be known to be done: then the account stays.
   */
  readonly beforeDeletion: (accountId: string) => Promise<() => Promise<void>>;
  /** Answers a form whose sender's login has ended with what was typed into it. */
  readonly keepForm: (language: Language) => RequestHandler;
  readonly log: Pick<Logger, 'error'>;
}
