import { accountsViewer, visitor, type Viewer } from '../../src/access/viewer';
import { openPostgres } from '../../src/stores/postgres/pool';
import { openWall, type WallTransaction } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/stores/cluster';

/**
 * Who ask at once, and for how many milliseconds each time; the ways take turns, so that a busy moment meets all alike.
 */
const AT_ONCE = 4;
const STRETCH = 700;
const ROUNDS = 7;

test('transactions of the wall a second, beside the same ones without it', async () => {
  const database = await createDatabase();
  const stores = openPostgres(database.app, { error: () => undefined }, { max: AT_ONCE + 2, patience: 15_000 });
  try {
    await stores.warm();
    const wall = openWall(stores);
    const ask = (db: Pick<WallTransaction, 'tier'>) => db.tier.findMany({ include: { texts: true } });
    const reads = (viewer: Viewer) => () => wall.read(viewer, ask);
    const ways: Record<string, () => Promise<unknown>> = {
      'without the wall': () => stores.prisma.$transaction(ask, { isolationLevel: 'RepeatableRead' }),
      'as a visitor': reads(visitor),
      'as a member': reads({ role: 'reader', rank: 20 }),
      'as the keeper of accounts, writing': () => wall.write(accountsViewer, ask),
    };
    const rates = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, way] of Object.entries(ways)) {
        let done = 0;
        const begun = performance.now();
        const one = async () => {
          while (performance.now() - begun < STRETCH) {
            await way();
            done++;
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, one));
        // The first round teaches the connections their statements.
        if (round > 0) rates.get(name)!.push((done / (performance.now() - begun)) * 1_000);
      }
    }
    const middle = (name: string) => rates.get(name)!.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
    const bare = middle('without the wall');
    const lines = [...rates.keys()].map(
      (name) =>
        `${name.padEnd(36)} ${middle(name).toFixed(0).padStart(6)} a second   ×${(middle(name) / bare).toFixed(2)}`,
    );
    process.stdout.write(`\n${lines.join('\n')}\n`);
    expect(middle('as a member')).toBeGreaterThan(0);
  } finally {
    await stores.close();
    await database.drop();
  }
});
