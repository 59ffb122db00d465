// npm run billing:storm [-- sequences [seed]]: the convergence test, for longer than the checks have time for.
import { spawnSync } from 'node:child_process';

const [sequences = '10000', seed] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(sequences) || (seed !== undefined && !/^\d{1,9}$/.test(seed))) {
  console.error('npm run billing:storm -- <how many sequences> <seed>, both whole numbers');
  process.exit(1);
}
for (const [program, ...args] of [
  ['scripts/generate.mjs'],
  ['node_modules/jest/bin/jest.js', 'tests/billing/convergence'],
]) {
  const { status } = spawnSync(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, STORM: sequences, ...(seed === undefined ? {} : { STORM_SEED: seed }) },
  });
  if (status !== 0) process.exit(status ?? 1);
}
