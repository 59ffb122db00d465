// A process that works on the queue of a Dossier and kills itself at a step it is told: the argument is JSON.
import { pino } from 'pino';
import { realPayments } from '../../../src/billing/stripe/payments';
import { openStripe } from '../../../src/billing/stripe/client';
import { billingTasks } from '../../../src/billing/sync/tasks';
import { startJobs } from '../../../src/stores/postgres/jobs';
import { openLocks } from '../../../src/stores/postgres/lock';
import { openPostgres } from '../../../src/stores/postgres/pool';
import { openWall } from '../../../src/stores/postgres/wall';

interface Orders {
  readonly databaseUrl: string;
  readonly key: string;
  readonly port: number;
  /** Seconds the sandbox is ahead. */
  readonly offset: number;
  /** Where to die, and at which passing. */
  readonly step: string;
  readonly passing: number;
}

const { databaseUrl, key, port, offset, step, passing } = JSON.parse(process.argv[2] ?? '') as Orders;
const log = pino({ level: 'silent' });
const postgres = openPostgres(databaseUrl, log, { max: 3, patience: 15_000 });
let passed = 0;

startJobs({
  databaseUrl,
  log,
  crontab: '',
  tasks: billingTasks({
    ...realPayments(key, []),
    stripe: openStripe({ key, at: { host: '127.0.0.1', port } }),
    clock: { now: () => new Date(Date.now() + offset * 1000) },
    wall: openWall(postgres),
    pool: postgres.pool,
    log,
    locks: openLocks(databaseUrl, log),
    graceDays: 7,
    accountChanged: () => undefined,
    between: (at) => {
      if (at === step && ++passed === passing) process.kill(process.pid, 'SIGKILL');
    },
  }),
});
