// What the tests of start and stop run as a process of its own: the real boot with a small application behind it.
// Its only argument is JSON: the environment it should see, and the options of the embedded Postgres.
import { Pool } from 'pg';
import { boot, type BootParts } from '../../../src/boot';

interface Stores {
  readonly pool: Pool;
  close(): Promise<void>;
}

const options = JSON.parse(process.argv[2] ?? '') as Pick<BootParts<Stores>, 'env' | 'embedded'>;

/** What there is once, where several processes answer: its id, and how often somebody asked for that (SIGUSR2). */
const once = { pid: process.pid, asked: 0 };

boot<Stores>({
  ...options,
  openStores: (databaseUrl) => {
    const pool = new Pool({ connectionString: databaseUrl });
    pool.on('error', () => undefined);
    return { pool, close: () => pool.end() };
  },
  loadSamples: () => Promise.resolve(Number(options.env['FAKE_SAMPLES'] ?? 0)),
  openShared: () =>
    Promise.resolve({
      says: ['There is something once.'],
      handed: () => once,
      onChange: (changed) => void process.on('SIGUSR2', () => changed({ ...once, asked: ++once.asked })),
      close: () => Promise.resolve(),
    }),
  createApp: ({ stores, config }, handed) => {
    if (handed && options.env['FAKE_FAILURE'] === config.role) throw new Error('cannot be started');
    let shared: unknown = handed?.shared;
    handed?.onChange((now) => (shared = now));
    return {
      handler: (request, response) => {
        const who = { pid: process.pid, role: config.role, first: handed?.first ?? null, shared };
        if (request.url === '/who') response.end(JSON.stringify(who));
        // In two parts, so that whoever is cut off notices.
        else if (request.url === '/who/slowly')
          setTimeout(() => response.end(`,${JSON.stringify(who).slice(1)}`), response.write('{"slow":true') ? 5 : 5);
        else if (request.url === '/role')
          void stores.pool
            .query<{ role: string }>('SELECT current_user AS role')
            .then(({ rows }) => response.end(rows[0]?.role));
        // Says that it has begun, and then waits for the database.
        else if (request.url === '/slow')
          void stores.pool
            .query('SELECT pg_sleep(0.5)', response.write('begun,') ? [] : [])
            .then(() => response.end('finished'));
        else if (request.url === '/never') response.write('begun');
        else if (request.url === '/crash')
          setImmediate(() => {
            throw new Error('nobody catches this');
          });
        else response.end('hello');
      },
      close: () => Promise.resolve(),
    };
  },
});
