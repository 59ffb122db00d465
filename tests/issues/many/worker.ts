// A process that sends letters until it is killed: the argument is JSON.
import { pino } from 'pino';
import { createApp } from '../../../src/app';
import { noPayments } from '../../../src/billing/stripe/payments';
import { systemClock } from '../../../src/lib/clock';
import { openPostgres } from '../../../src/stores/postgres/pool';
import { openWall } from '../../../src/stores/postgres/wall';

interface Orders {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly publicUrl: string;
  readonly secret: string;
}

const { databaseUrl, smtpUrl, publicUrl, secret } = JSON.parse(process.argv[2] ?? '') as Orders;
const log = pino({ level: 'silent' });
const stores = openPostgres(databaseUrl, log, { max: 8, patience: 15_000 });

createApp({
  config: {
    ...{ publicUrl, smtpUrl, mode: 'test', trustProxy: 0, mailPerSecond: 1_000, mailPerDomain: 1_000 },
    ...{ mailFrom: { name: '', address: 'letters@publisher.example' }, sessionSecrets: [secret] },
    mailReports: { webhook: [], mailgun: [], postmark: [] },
    ...{ graceDays: 7, automaticTax: false, metricsToken: null, privateWebhooks: false },
  },
  wall: openWall(stores),
  pool: stores.pool,
  payments: { ...noPayments(), clock: systemClock },
  ...{ role: 'worker', works: 'on what comes in', claimSeconds: 5, pollInterval: 500 },
  // It answers nobody.
  ...{ sessionStore: null as never, redis: null, bucket: null, clock: systemClock, databaseUrl, log },
  readiness: {},
});
