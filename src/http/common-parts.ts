import type Redis from 'ioredis';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import type { Bucket } from '../stores/bucket';
import type { Counters } from '../stores/counters';
import type { Wall } from '../stores/postgres/wall';
import type { LanguageCatalogue } from '../site/languages/catalogue';
import type { CachedPages } from './cache/cached-pages';
import type { Vitals } from './server/metrics';
import type { SiteContext } from './site-context';

/** What a process has once and every room may use. Each room makes its own parts from these. */
export interface CommonParts {
  readonly site: SiteContext;
  /** The languages of the publication, those that are off among them, and their phrases. */
  readonly languages: LanguageCatalogue;
  readonly wall: Wall;
  /** The same, for what readers see: when a write returns, this process has dropped its cached pages. */
  readonly invalidatingWall: Wall;
  readonly cachedPages: CachedPages;
  /** How what this process keeps in memory stands. */
  readonly vitals: Vitals;
  /** Counts what is read, in memory, on its way to the database. */
  readonly counters: Counters;
  /** The machine's. */
  readonly clock: Clock;
  /** What is paid for, and what that opens, goes by this one (docs/decisions/0023). */
  readonly entitlements: Clock;
  /** Where attempts are counted for all processes together; null: each counts for itself. */
  readonly redis: Redis | null;
  /** Where the bytes of pictures may lie; null: in Postgres. */
  readonly bucket: Bucket | null;
  readonly databaseUrl: string;
  /** Sign sessions and seal second factors; the first is the one in use. */
  readonly sessionSecrets: readonly string[];
  /** Are pages served over https, so that cookies may be bound to it? */
  readonly https: boolean;
  /** Facts of this account have changed, and the change is committed: what is cached of it is dropped. */
  readonly accountChanged: (accountId: string) => void;
  /** Reads settings, tiers and phrases again where they may have changed, for whoever answers no request. */
  readonly refresh: () => Promise<void>;
  readonly log: Logger;
}
