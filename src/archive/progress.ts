import type { ArchiveProgress } from './make';

/** Milliseconds between two lines. */
const EVERY = 2_000;

/**
 * Says on the standard error how far something is: in one line of a terminal, and elsewhere now and then in a new one.
 */
export function sayProgress(done: string): { say: (now: ArchiveProgress) => void; end: () => void } {
  const { stderr } = process;
  let [last, written] = [performance.now(), false];
  return {
    say: ({ at, done: n, of }) => {
      const now = performance.now();
      if (now - last < (stderr.isTTY ? EVERY / 20 : EVERY)) return;
      last = now;
      const percent = of === 0 ? 100 : Math.floor((100 * n) / of);
      const line = `${percent} % ${done} (${at.replaceAll('_', ' ')})`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
      written = true;
    },
    end: () => {
      if (written && stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}
