import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Told of a test that has failed, while everything still stands as it was, with a folder to lay things into. */
type Witness = (folder: string) => void | Promise<void>;

interface Watched {
  /** Whoever has something to show when a test fails. */
  readonly failed: Set<Witness>;
  /** Whoever does something once a test is over. */
  readonly over: Set<() => void | Promise<void>>;
}

/** Kept by the environment of the test file (tests/support/runner/environment.js); outside of Jest there is none. */
const watched = (): Watched | undefined => (globalThis as unknown as { __watched?: Watched }).__watched;

/** When a test of this file fails, from now on. */
export function whenFailed(witness: Witness): void {
  watched()?.failed.add(witness);
}

/** After each test of this file, from now on, failed or not. */
export function whenOver(work: () => void | Promise<void>): void {
  watched()?.over.add(work);
}

/** Lays a file into the folder of a failed test. */
export function lay(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), content);
}
