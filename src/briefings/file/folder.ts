import type { Picture } from '../content';

/** A folder as it lies on disk or in an upload: file names and their bytes. */
export interface BriefingFolder {
  /** Shown in faults. */
  readonly path: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /**
   * Pictures of it by the names of their files that were recognised when they were kept: their bytes are not looked at
   * again.
   */
  readonly pictures?: ReadonlyMap<string, Picture>;
}
