import type http from 'node:http';
import type { Config } from './config';
import type { Logger } from './lib/log';
import type { EmbeddedOptions } from './stores/postgres/embedded/start';

/** The application, between its stores and its port. */
export interface App {
  readonly handler: http.RequestListener;
  /** Lines for whoever starts it in development, printed with the address. */
  readonly says?: readonly string[];
  close(): Promise<void>;
}

/** What there is once, beside several processes that answer readers: in the process that started them. */
export interface Shared {
  /** Lines for whoever starts it, as of an `App`. */
  readonly says: readonly string[];
  /** What each of the others is handed when it starts; it travels as JSON. */
  handed(): unknown;
  /** Calls back with the same when it has changed. */
  onChange(changed: (handed: unknown) => void): void;
  close(): Promise<void>;
}

/** What a process is handed by the one that started it. */
export interface Handed {
  /** What this process is called among those beside it. */
  readonly name: string;
  /** As `Shared.handed` has it. */
  readonly shared: unknown;
  /** Calls back when it has changed. */
  onChange(changed: (shared: unknown) => void): void;
  /** Does it see to what one process has to see to? */
  readonly first: boolean;
}

/** What an application is made from. */
export interface AppParts<Stores> {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly stores: Stores;
  readonly log: Logger;
}

/** What `boot` starts, with what it has made ready. */
export interface BootParts<Stores extends { close(): Promise<void> }> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The address is the application role's, which the wall holds; the migrations are applied. */
  openStores(databaseUrl: string, log: Logger, config: Config): Stores;
  /**
   * Loads the sample briefings if there are no briefings, and answers how many it loaded. Asked of an embedded database
   * outside production alone.
   */
  loadSamples(stores: Stores): Promise<number>;
  /**
   * Lines for whoever starts it in development, printed with the address. `samples`: how many briefings were loaded
   * just now.
   */
  introduce?(stores: Stores, config: Config, samples: number): Promise<readonly string[]>;
  /** What there is once where several processes answer readers. */
  openShared(parts: AppParts<Stores>): Promise<Shared>;
  /** `handed`: by the process that started this one; null where there is one process alone. */
  createApp(parts: AppParts<Stores>, handed: Handed | null): App | Promise<App>;
  /** For tests. */
  readonly embedded?: EmbeddedOptions;
}

/** Milliseconds that requests in flight get to finish, and then the application and the stores, each. */
export const LAST_REQUESTS = 2_000;
export const LAST_WORK = 500;
