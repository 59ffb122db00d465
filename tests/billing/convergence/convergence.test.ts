import { storm, type Weather } from './storm';

/** How many sequences; `npm run billing:storm` asks for more. The same seed gives the same storms. */
const LONG = process.env['STORM'] !== undefined;
const SEQUENCES = Number(process.env['STORM'] ?? 1_000);
const SEED = Number(process.env['STORM_SEED'] ?? 20_261_123);
const ROUNDS = LONG ? 6 : 3;
const AT_ONCE = 50;

test(
  'whatever Stripe sends, twice, in any order, all at once or not at all, whoever has paid reads and nobody else',
  async () => {
    const batches = Math.ceil(SEQUENCES / AT_ONCE);
    const weathers: Weather[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const weather = await storm({
        seed: SEED + batch,
        customers: Math.min(AT_ONCE, SEQUENCES - batch * AT_ONCE),
        rounds: ROUNDS,
        losing: batch % 4 === 3,
      });
      weathers.push(weather);
      if (LONG)
        process.stderr.write(
          `storm ${batch + 1} of ${batches} (seed ${SEED + batch}): ${weather.steps} steps, ${weather.events} events, ${weather.differences.length} differences\n`,
        );
    }
    expect(weathers.flatMap(({ differences }) => differences)).toEqual([]);
    expect(weathers.flatMap(({ effects }) => effects)).toEqual([]);
    expect(weathers.reduce((sum, { sequences }) => sum + sequences, 0)).toBe(SEQUENCES);
    // A storm in which hardly anything could happen shows nothing.
    expect(weathers.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(1.5 * SEQUENCES);
  },
  60_000 + SEQUENCES * 2_000,
);
