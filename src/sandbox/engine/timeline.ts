import type { World } from '../world';
import { duesOf, type Due } from './due';

/** What keeps the world going by itself. */
export interface Timeline {
  /** Does all that has fallen due, each at its moment and as a commit of its own. */
  catchUp(): void;
  /** Moves the clock on to a moment, doing all that falls due on the way. */
  goTo(moment: number): void;
  /** As `goTo`, in slices: whatever else there is to do has its turn between them. */
  travel(moment: number): Promise<void>;
  /** Nothing falls due any more; whoever travels stays where they are. */
  stop(): void;
}

const turnOfOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Milliseconds of a slice of `travel`. */
const SLICE = 15;

/** The timeline of a world. What an object does by itself is looked up again only after it changed. */
export function timelineOf(world: World): Timeline {
  const dues = new Map<string, readonly Due[]>();
  let commits = 0;
  const enqueue = (kind: string, id: string): void => {
    const found = duesOf(world, kind, id);
    if (found.length > 0) dues.set(`${kind} ${id}`, found);
    else dues.delete(`${kind} ${id}`);
  };
  for (const kind of ['checkoutSessions', 'subscriptions', 'invoices'] as const)
    for (const id of world.collections[kind].keys()) enqueue(kind, id);
  world.onChange((changes) => {
    commits++;
    for (const { kind, id } of changes) enqueue(kind, id);
  });
  const next = (): Due | null => {
    let first: Due | null = null;
    for (const some of dues.values())
      for (const due of some)
        if (!first || due.at < first.at || (due.at === first.at && due.rank < first.rank)) first = due;
    return first;
  };
  let stopped = false;
  /** Does the next thing that falls due until then. False: there is none. */
  const step = (until: number): boolean => {
    const due = stopped ? null : next();
    if (!due || due.at > until) return false;
    const before = commits;
    world.commit(() => {
      world.moveClockTo(due.at);
      world.at(due.at, due.run);
    });
    // Whatever ran and changed nothing must not run for ever.
    if (commits === before) throw new Error('something fell due and changed nothing');
    return true;
  };
  const catchUp = (until: number): void => {
    while (step(until));
  };
  const arrive = (moment: number): void => {
    if (!stopped) world.commit(() => world.moveClockTo(moment));
  };
  return {
    catchUp: () => catchUp(world.now()),
    goTo(moment) {
      catchUp(moment);
      arrive(moment);
    },
    async travel(moment) {
      for (let more = true; more; await turnOfOthers()) {
        const end = performance.now() + SLICE;
        while (more && performance.now() < end) more = step(moment);
      }
      arrive(moment);
    },
    stop() {
      stopped = true;
    },
  };
}
