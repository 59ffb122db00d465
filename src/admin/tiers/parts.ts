import type { SyncParts } from '../../billing/parts';
import type { Wall } from '../../stores/postgres/wall';
import type { AdminParts } from '../parts';

/** What the sections of the matrix and of the tiers are made of. */
export interface TierParts extends AdminParts {
  /** Writes what readers see: this process has forgotten its pages when the write returns. */
  readonly invalidatingWall: Wall;
  readonly sync: SyncParts;
}
