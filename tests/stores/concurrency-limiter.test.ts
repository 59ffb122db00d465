import { withTimeout } from '../../src/lib/wait';
import { openConcurrencyLimiter } from '../../src/stores/postgres/concurrency-limiter';
import { isUnavailable } from '../../src/stores/unavailable';
import { ask } from '../support/api';
import { original } from '../support/briefing';
import { enter, tokenFor } from '../support/cast';
import { startDossier } from '../support/dossier';
import { until } from '../support/until';

/** Work that ends when it is told to. */
function works() {
  const begun: { end: () => void; fail: (why: Error) => void }[] = [];
  return {
    begun,
    work: () =>
      new Promise<void>((resolve, reject) => {
        begun.push({ end: resolve, fail: reject });
      }),
  };
}
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const silence = () => new Error('Query read timeout');
const LONG = 10_000;

test('so many go at a time, the others in the order they came, and a failure of the work hands its turn on', async () => {
  const [turns, { begun, work }] = [openConcurrencyLimiter(2, LONG), works()];
  const done: number[] = [];
  const all = [0, 1, 2, 3, 4].map((n) =>
    turns.run(work).then(
      () => done.push(n),
      () => done.push(-n),
    ),
  );
  await settled();
  expect(begun).toHaveLength(2);
  begun[1]!.fail(new Error('a wrong question'));
  await settled();
  expect([begun.length, done]).toEqual([3, [-1]]);
  for (const n of [0, 2, 3, 4]) {
    begun[n]!.end();
    await settled();
  }
  await Promise.all(all);
  expect(done).toEqual([-1, 0, 2, 3, 4]);
  await Promise.all([turns.run(() => Promise.resolve()), turns.run(() => Promise.resolve())]);
});

test('when nobody is answered any more, all who wait are told at once, and the next may try again', async () => {
  const [turns, { begun, work }] = [openConcurrencyLimiter(1, LONG), works()];
  const first = turns.run(work);
  const waiting = Promise.allSettled(Array.from({ length: 5 }, () => turns.run(work)));
  await settled();
  begun[0]!.fail(silence());
  await expect(first).rejects.toThrow('timeout');
  const refused = await waiting;
  expect(refused.every((one) => one.status === 'rejected' && isUnavailable(one.reason))).toBe(true);
  expect(begun).toHaveLength(1);
  await turns.run(() => Promise.resolve());
});

test('while others are answered, one that was not is alone with it', async () => {
  const [turns, { begun, work }] = [openConcurrencyLimiter(2, LONG), works()];
  const [slow, quick, third] = [turns.run(work), turns.run(work), turns.run(work)];
  await settled();
  begun[1]!.end();
  await quick;
  const fourth = turns.run(work);
  begun[0]!.fail(silence());
  await expect(slow).rejects.toThrow('timeout');
  await settled();
  expect(begun).toHaveLength(4);
  begun[2]!.end();
  begun[3]!.end();
  await Promise.all([third, fourth]);
});

test('nobody waits longer than the longest', async () => {
  const [turns, { begun, work }] = [openConcurrencyLimiter(1, 20), works()];
  const first = turns.run(work);
  const error: unknown = await turns.run(work).catch((why: unknown) => why);
  expect([isUnavailable(error), begun.length]).toEqual([true, 1]);
  begun[0]!.end();
  await first;
  await turns.run(() => Promise.resolve());
});

test('many more at once than there are connections are all answered', async () => {
  const dossier = await startDossier();
  try {
    await dossier.take('a-signal', { 'en.md': original() });
    const token = await tokenFor(dossier, (await enter(dossier, 'alliance')).id!);
    const all = await Promise.all(
      Array.from({ length: 60 }, () =>
        ask(`${dossier.url}/api/v1/briefings/a-signal`, { headers: { Authorization: `Bearer ${token}` } }),
      ),
    );
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
  } finally {
    await dossier.stop();
  }
}, 60_000);

test('in turn, each begins when the one before has ended or failed, or has gone on for long enough', async () => {
  const [{ begun, work }, turn] = [works(), withTimeout(LONG)];
  const all = [0, 1, 2].map(() => turn(work));
  await settled();
  expect(begun).toHaveLength(1);
  begun[0]!.fail(new Error('a failure of its own'));
  await expect(all[0]).rejects.toThrow('a failure of its own');
  await settled();
  expect(begun).toHaveLength(2);
  begun[1]!.end();
  await all[1];
  await settled();
  begun[2]!.end();
  await all[2];

  const [slow, hasty] = [works(), withTimeout(10)];
  const both = [hasty(slow.work), hasty(slow.work)];
  await until(() => slow.begun.length === 2);
  for (const { end } of slow.begun) end();
  await Promise.all(both);
});
