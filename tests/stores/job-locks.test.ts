import { Pool } from 'pg';
import { keepLocks } from '../../src/stores/postgres/job-locks';
import { startJobs, type Jobs } from '../../src/stores/postgres/jobs';
import { createDatabase, type Cluster } from '../support/stores/cluster';
import { until } from '../support/until';

const TIMES = { renewal: 50, stale: 600, contact: 200 };
const quiet = { warn: () => undefined, error: () => undefined };

let database: Cluster & { drop(): Promise<void> };
let pool: Pool;
const running: Jobs[] = [];
beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.app, max: 2 });
});
afterEach(() => Promise.all(running.splice(0).map((one) => one.close())));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const add = (task: string, queue: string | null = null) =>
  pool.query('SELECT graphile_worker.add_job($1, queue_name => $2)', [task, queue]);
const start = (tasks: Parameters<typeof startJobs>[0]['tasks']) => {
  const jobs = startJobs({
    databaseUrl: database.app,
    tasks,
    crontab: '',
    log: quiet,
    concurrency: 2,
    lockTimes: TIMES,
  });
  running.push(jobs);
  return jobs;
};
/** As a worker leaves it that died while it worked on it. */
const leftBehind = async (task: string, queue: string | null = null) => {
  await add(task, queue);
  await pool.query(`UPDATE graphile_worker._private_jobs SET locked_by = 'pool-dead', locked_at = now(), attempts = 1`);
  await pool.query(`UPDATE graphile_worker._private_job_queues SET locked_by = 'pool-dead', locked_at = now()`);
};

test.each([null, 'one after the other'])('a job whose worker died is done by another (queue: %j)', async (queue) => {
  const done: number[] = [];
  await leftBehind('left', queue);
  start({ left: (_payload, { attempt }) => Promise.resolve(void done.push(attempt)) });
  await until(() => done.length > 0);
  expect(done).toEqual([2]);
});

test("a job that takes longer than a lock lasts is nobody else's while its worker lives", async () => {
  let begun = 0;
  const renewed = async () =>
    (
      await pool.query('SELECT FROM graphile_worker.jobs WHERE locked_at > created_at + make_interval(secs => $1)', [
        (TIMES.stale * 3) / 1_000,
      ])
    ).rowCount! > 0;
  const tasks = { long: () => (begun++, until(renewed)) };
  await add('long');
  start(tasks);
  start(tasks);
  await until(async () => begun > 0 && (await pool.query('SELECT FROM graphile_worker.jobs')).rowCount === 0);
  expect(begun).toBe(1);
});

test.each<[string, number, boolean]>([
  ['has just come back to Postgres judges nobody yet', 60_000, false],
  ['has been there for a while opens what nobody renews', 0, true],
])('whoever %s', async (_who, contact, judges) => {
  const asked: string[] = [];
  const spied = { query: (text: string) => Promise.resolve(void asked.push(text)) } as unknown as Pool;
  const locks = keepLocks(spied, new Set(['pool-own']), { renewal: 5, stale: 600, contact });
  await until(() => asked.filter((one) => one.includes('_private_jobs SET locked_at = now()')).length > 5);
  await locks.close();
  expect(asked.some((one) => one.includes('SET locked_at = NULL'))).toBe(judges);
});
