import type { Clock } from '../../lib/clock';
import type { Transport } from '../../mail/transport';
import type { Wall } from '../../stores/postgres/wall';
import type { ComposeParts } from '../compose';

/** What the sections of issues are made of. */
export interface IssueParts extends ComposeParts {
  readonly wall: Wall;
  /** Null: letters are sent nowhere. */
  readonly transport: Transport | null;
  readonly sessionSecrets: readonly string[];
  readonly clock: Clock;
  /** What grants go by. */
  readonly entitlements: Clock;
}
