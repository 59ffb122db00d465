import type { ChildProcess } from 'node:child_process';
import { waitFor } from './lib/wait';

/** What is told of the processes that are looked after. */
export interface SupervisorOptions {
  /** What each is called. */
  readonly names: readonly string[];
  /** Starts one. `ready` is called once, when it does its work. */
  start(name: string, ready: () => void): ChildProcess;
  /** Asks one to end. */
  end(child: ChildProcess): void;
  /** One has ended that nobody ended, and another takes its place in so many milliseconds. */
  replacing(name: string, how: string, milliseconds: number): void;
  /** One has never come up, however often it was started: `how` its last one ended. */
  neverUp(name: string, how: string): void;
}

/** Processes that are there until they are ended here. */
export interface Supervisor {
  /** Resolves when each has done its work once. */
  readonly ready: Promise<void>;
  /** Sends this to all that live. */
  tell(message: object): void;
  /** Asks them to end, and nobody takes their place; after so many milliseconds they are killed. */
  stop(milliseconds: number): Promise<void>;
  /** Hurries a `stop` that is under way. */
  force(): void;
}

interface Place {
  readonly name: string;
  child: ChildProcess | null;
  /** When the one that is there became ready; null: not yet. */
  readySince: number | null;
  wasReady: boolean;
  /** How many have ended in a row soon after they were started. */
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/** One that never came up is given up after so many. */
const TRIES = 4;

/** Milliseconds after which one that was ready has not ended at once. */
const STABLE = 5_000;

/** Milliseconds until one that ended at once is replaced: the first time, and at most. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;

/**
 * Starts processes and looks after them: whichever ends is replaced, at once when it had worked for a while or ended in
 * order, after longer and longer pauses when it ends as soon as it is started.
 */
export function supervise(options: SupervisorOptions): Supervisor {
  let stopping = false;
  let allReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (allReady = resolve));
  const places = options.names.map((name): Place => ({
    name,
    child: null,
    readySince: null,
    wasReady: false,
    failures: 0,
    timer: undefined,
  }));

  const fill = (place: Place): void => {
    place.readySince = null;
    const child = options.start(place.name, () => {
      if (place.child !== child) return;
      place.readySince = performance.now();
      place.wasReady = true;
      if (places.every(({ wasReady }) => wasReady)) allReady();
    });
    place.child = child;
    child.once('exit', (code, signal) => ended(place, child, signal ?? `code ${code ?? 'unknown'}`, code === 0));
    // One that could not even be started may say nothing else.
    child.once('error', (error) => child.pid === undefined && ended(place, child, error.message, false));
  };
  const ended = (place: Place, child: ChildProcess, how: string, inOrder: boolean): void => {
    if (place.child !== child) return;
    place.child = null;
    if (stopping) return;
    const since = place.readySince;
    const worked = since !== null && (inOrder || performance.now() - since >= STABLE);
    place.failures = worked ? 0 : place.failures + 1;
    if (!place.wasReady && place.failures >= TRIES) return options.neverUp(place.name, how);
    const pause = worked ? 0 : Math.min(FIRST_PAUSE * 2 ** (place.failures - 1), LONGEST_PAUSE);
    options.replacing(place.name, how, pause);
    place.timer = setTimeout(() => fill(place), pause);
  };
  const living = () => places.flatMap(({ child }) => child ?? []);
  const killAll = () => {
    for (const child of living()) child.kill('SIGKILL');
  };

  for (const place of places) fill(place);
  return {
    ready,
    // One that is about to end hears nothing more, and that is no fault.
    tell: (message) => living().forEach((child) => void child.send(message, () => undefined)),
    stop: async (milliseconds) => {
      stopping = true;
      for (const { timer } of places) clearTimeout(timer);
      for (const child of living()) options.end(child);
      await waitFor(() => living().length === 0, milliseconds);
      killAll();
      await waitFor(() => living().length === 0, 500);
    },
    force: killAll,
  };
}
