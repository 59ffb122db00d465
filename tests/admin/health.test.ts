import { healthLines, type HealthFacts } from '../../src/admin/health/facts';

const GOOD: HealthFacts = {
  backlog: {
    version: '18.0',
    jobs: { waiting: 2, due: 0, oldestSeconds: 0, givenUp: 0 },
    letters: { waiting: 0, failing: 0 },
    events: { received: 0, oldestSeconds: 0, givenUp: 0 },
  },
  took: 3,
  migrationsReady: true,
  redis: 'ready',
  bucket: 'ready',
  heardAgo: 200,
  mailServer: true,
  payments: true,
  versions: { software: '1.0.0', node: '24.0.0' },
};

const { jobs, letters, events } = GOOD.backlog;

test('where everything is as it should be, the backup alone is worth a look', () => {
  expect(healthLines(GOOD).filter(({ state }) => state !== 'good')).toEqual([
    { name: 'backup', state: 'look', message: 'backup.unknown', todo: 'backup.unknown.do', values: {} },
  ]);
});

test.each<[string, Partial<HealthFacts>, string]>([
  ['a slow database', { took: 900 }, 'look postgres.slow'],
  ['migrations that are missing', { migrationsReady: false }, 'wrong migrations.missing'],
  ['a Redis that is away', { redis: 'wrong' }, 'wrong redis.wrong'],
  ['a bucket that is away', { bucket: 'wrong' }, 'wrong pictures.wrong'],
  ['changes that are not heard', { heardAgo: 1_500 }, 'look changes.unheard'],
  ['changes that never were', { heardAgo: null }, 'look changes.unheard'],
  [
    'a job that nobody takes',
    { backlog: { ...GOOD.backlog, jobs: { ...jobs, oldestSeconds: 600 } } },
    'wrong queue.late',
  ],
  ['a job given up', { backlog: { ...GOOD.backlog, jobs: { ...jobs, givenUp: 1 } } }, 'look queue.given-up'],
  ['no mail server', { mailServer: false }, 'look mail.none'],
  ['a letter that fails', { backlog: { ...GOOD.backlog, letters: { ...letters, failing: 1 } } }, 'look mail.failing'],
  [
    'an event that waits',
    { backlog: { ...GOOD.backlog, events: { ...events, oldestSeconds: 600 } } },
    'look stripe.late',
  ],
  ['an event given up', { backlog: { ...GOOD.backlog, events: { ...events, givenUp: 1 } } }, 'wrong stripe.given-up'],
])('%s is said, with what to do', (_name, facts, said) => {
  const lines = healthLines({ ...GOOD, ...facts }).filter(({ state, name }) => state !== 'good' && name !== 'backup');
  expect(lines.map((line) => `${line.state} ${line.message}`)).toEqual([said]);
  expect(lines.every(({ todo }) => todo !== null)).toBe(true);
});
