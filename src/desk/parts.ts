import type { SiteContext } from '../http/site-context';
import type { Clock } from '../lib/clock';
import type { Bucket } from '../stores/bucket';
import type { Wall } from '../stores/postgres/wall';

/** What the desk's sections are made of. */
export interface DeskParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  /** The same, for what readers see: as soon as it is written, no page kept in this process stands any more. */
  readonly invalidatingWall: Wall;
  /** Where the bytes of pictures may lie. */
  readonly bucket: Bucket | null;
  readonly clock: Clock;
}
