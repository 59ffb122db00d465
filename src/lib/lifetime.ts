import { waitFor, within } from './wait';

/** From the start of the process to its end, whichever way it comes. */
export interface Lifetime {
  /** Aborted when the process has to end: what is being opened then closes itself and throws. */
  readonly ending: AbortSignal;
  /**
   * Remembers how to close what was just opened. The latest is closed first. `close` gets the milliseconds left for
   * all that remains; `force` is called when the operator does not want to wait for `close` any longer.
   */
  opened(what: string, close: (left: number) => Promise<void> | void, force?: () => void): void;
  /** The promise's value. @throws as soon as the process has to end. */
  orEnd<T>(promise: Promise<T>): Promise<T>;
  /** Ends the process with 0. */
  end(): void;
  /** Ends the process with 1, because of that. */
  fail(reason: unknown): void;
}

interface Opened {
  readonly what: string;
  readonly close: (left: number) => Promise<void> | void;
  readonly force: (() => void) | undefined;
}

/** Milliseconds from the signal to the end of the process. */
const PATIENCE = 4_500;

/** Milliseconds in which a second signal is the same Ctrl-C: the terminal sends it to us, and npm hands its own on. */
const ECHO = 750;

/**
 * Runs `start`, and whatever it opened goes on until SIGINT, SIGTERM or SIGHUP: then all of it is closed and the
 * process ends with `afterSignal`. It ends with 1 when `start` throws, after an error nobody caught, and when a
 * second signal cuts the closing short.
 * @param report is told of every failure, once.
 */
export function runProcess(
  start: (life: Lifetime) => Promise<void>,
  report: (reason: unknown) => void,
  afterSignal = 0,
): void {
  const abort = new AbortController();
  const open: Opened[] = [];
  let endingSince: number | undefined;
  let code = 0;

  const end = (as: number): void => {
    code = as;
    endingSince = performance.now();
    abort.abort(new Error('the process ends'));
    const last = endingSince + PATIENCE;
    const left = () => Math.max(0, last - performance.now());
    void within(PATIENCE - 500, started)
      .then(() => closeAll(open, left, report))
      .then(() => process.exit(code));
  };
  const fail = (reason: unknown): void => {
    if (endingSince !== undefined) return;
    report(reason);
    end(1);
  };
  const onSignal = (): void => {
    if (endingSince === undefined) return end(afterSignal);
    if (performance.now() - endingSince < ECHO) return;
    code = 1;
    for (const { force } of open) force?.();
    void waitFor(() => open.length === 0, 1_500).then(() => process.exit(code));
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // A terminal or pipe that has gone must not keep us from closing the rest.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  const started = start({
    ending: abort.signal,
    opened: (what, close, force) => void open.push({ what, close, force }),
    orEnd: (promise) => Promise.race([promise, rejectedBy(abort.signal)]),
    end: () => endingSince ?? end(0),
    fail,
  }).catch(fail);
}

async function closeAll(open: Opened[], left: () => number, report: (reason: unknown) => void): Promise<void> {
  for (let latest = open.at(-1); latest; latest = open.at(-1)) {
    try {
      await latest.close(left());
    } catch (reason) {
      report(new Error(`${latest.what} could not be closed`, { cause: reason }));
    }
    open.pop();
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
