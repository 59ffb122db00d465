/** A folder as it lies on disk or in an upload: file names and their bytes. */
export interface BriefingFolder {
  /** Shown in faults. */
  readonly path: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}
