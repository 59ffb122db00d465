import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Measures what has a limit, without what a busy machine adds to it. */
export interface Stopwatch {
  /** How long something took, in milliseconds. */
  timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly milliseconds: number }>;
  /** Asks again and again until it holds. @throws when it takes longer than that. */
  within(milliseconds: number, holds: () => boolean | Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

const now = () => Number(process.hrtime.bigint());

/**
 * A stopwatch that subtracts what a process beside this one found the machine late by. The product runs in this one:
 * what itself stands still for is part of what it takes.
 */
export async function openStopwatch(): Promise<Stopwatch> {
  const beside = fork(path.join(__dirname, 'lateness-of-machine.js'), { execArgv: [] });
  await once(beside, 'message');
  const answers = new Map<number, (late: number) => void>();
  beside.on('message', ([id, late]: [number, number]) => answers.get(id)?.(late));
  let asked = 0;
  /** Milliseconds since that moment, without those of the machine. */
  const since = async (begun: number): Promise<number> => {
    const [id, moment] = [asked++, now()];
    const late = await new Promise<number>((resolve) => {
      answers.set(id, resolve);
      beside.send([id, begun, moment]);
    });
    answers.delete(id);
    return (moment - begun) / 1e6 - late;
  };
  return {
    timed: async (work) => {
      const begun = now();
      const result = await work();
      return { result, milliseconds: await since(begun) };
    },
    within: async (milliseconds, holds) => {
      const begun = now();
      for (;;) {
        const held = await holds();
        const took = await since(begun);
        if (took > milliseconds) throw new Error(`not true within ${milliseconds} ms: ${holds.toString()}`);
        if (held) return;
        await pause(20);
      }
    },
    stop: async () => {
      const gone = once(beside, 'exit');
      beside.disconnect();
      await gone;
    },
  };
}
