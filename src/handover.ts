import type { Config } from './config';

/** What a process is started with by the one before it; it travels as JSON. */
export interface Handover {
  readonly name: string;
  /** Its own: with its role, and without what it does not need. */
  readonly config: Config;
  /** As the application's role. Holds a password. */
  readonly databaseUrl: string;
  readonly shared: unknown;
  readonly first: boolean;
}

/** What the first process says to those it has started. */
export type ToChild =
  | { readonly say: 'start'; readonly handover: Handover }
  /** The port is free for them. */
  | { readonly say: 'listen' }
  | { readonly say: 'changed'; readonly shared: unknown }
  | { readonly say: 'end' };

/** What they say: that they hear, that only the port is missing, that they do their work. */
export type FromChild = 'here' | 'prepared' | 'ready';

/** What stands behind the arguments of such a process. */
export const CHILD = '--child';
