import type { ImportParts } from '../jobs/parts';
import type { PostSealer } from './seal';

/** What works on posts. */
export interface PostParts extends Pick<ImportParts, 'wall' | 'clock'> {
  readonly sealer: PostSealer;
  /** First parts of addresses that routes answer: no page of one's own takes them. */
  readonly reserved: () => ReadonlySet<string>;
}
