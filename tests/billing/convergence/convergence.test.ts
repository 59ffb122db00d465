import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LONG } from '../../support/long';
import { storm, type Weather } from './storm';

/**
 * How many sequences: 150 in `npm test`, 2,000 in `npm run test:long`, and as many as it is asked for in
 * `npm run billing:storm`. The same seed gives the same storms.
 */
const ASKED = process.env['STORM'];
const SEQUENCES = Number(ASKED ?? (LONG ? 2_000 : 150));
const SEED = Number(process.env['STORM_SEED'] ?? 20_261_123);
const ROUNDS = ASKED === undefined ? 3 : 6;
const AT_ONCE = 50;

/** Bytes on the heap once everything that nobody refers to is gone. */
function kept(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test(
  'whatever Stripe sends, twice, in any order, all at once or not at all, whoever has paid reads and nobody else',
  async () => {
    const batches = Math.ceil(SEQUENCES / AT_ONCE);
    const weathers: Weather[] = [];
    const heap: number[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const weather = await storm({
        seed: SEED + batch,
        customers: Math.min(AT_ONCE, SEQUENCES - batch * AT_ONCE),
        rounds: ROUNDS,
        losing: batch % 3 === 2,
      });
      weathers.push(weather);
      heap.push(kept());
      if (ASKED !== undefined)
        process.stderr.write(
          `storm ${batch + 1} of ${batches} (seed ${SEED + batch}): ${weather.steps} steps, ${weather.events} events, ${weather.differences.length} differences\n`,
        );
    }
    expect(weathers.flatMap(({ differences }) => differences)).toEqual([]);
    expect(weathers.flatMap(({ effects }) => effects)).toEqual([]);
    expect(weathers.reduce((sum, { sequences }) => sum + sequences, 0)).toBe(SEQUENCES);
    // A storm in which hardly anything could happen shows nothing.
    expect(weathers.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(1.5 * SEQUENCES);
    // A Dossier that has been closed is let go of, with all it held: each of these had a sandbox of 20 MB.
    expect((heap.at(-1)! - heap[0]!) / batches).toBeLessThan(5_000_000);
  },
  60_000 + SEQUENCES * 2_000,
);
