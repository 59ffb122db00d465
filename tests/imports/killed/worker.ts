// A process that works on the imports of a Dossier until it is killed: the argument is JSON.
import { pino } from 'pino';
import { openPostSealer } from '../../../src/imports/posts/seal';
import { importTasks } from '../../../src/imports/tasks';
import { startJobs } from '../../../src/stores/postgres/jobs';
import { openPostgres } from '../../../src/stores/postgres/pool';
import { openWall } from '../../../src/stores/postgres/wall';

interface Orders {
  readonly databaseUrl: string;
  readonly secret: string;
}

const { databaseUrl, secret } = JSON.parse(process.argv[2] ?? '') as Orders;
const log = pino({ level: 'silent' });

startJobs({
  databaseUrl,
  log,
  crontab: '',
  tasks: importTasks({
    wall: openWall(openPostgres(databaseUrl, log, { max: 3, patience: 15_000 })),
    log,
    clock: { now: () => new Date() },
    sealer: openPostSealer([secret]),
    reserved: () => new Set(['briefings']),
    // Nobody in these files has a customer: Stripe is not asked.
    ...{ stripe: null as never, livemode: false },
    site: { languages: { all: [{ code: 'en' }], first: { zone: 'UTC' } } } as never,
  }),
});
