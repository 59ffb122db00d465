import { accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enter, type Member } from '../support/cast';
import { anAccount, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { openStopwatch, type Stopwatch } from '../support/lateness';
import { said, visit } from '../support/page';
import { isFailoverReply } from '../../src/stores/redis';
import {
  describeWithRedis,
  startFailover,
  startRedis,
  type FailoverRedis,
  type TestRedis,
} from '../support/stores/redis';
import { until } from '../support/until';

describeWithRedis('sessions in Redis', () => {
  let redis: TestRedis;
  let dossier: Dossier;
  /** Has been reading here, and one who comes for the first time. */
  let member: Member;
  let newcomer: Member;
  let email: string;
  let stopwatch: Stopwatch;

  beforeAll(async () => {
    stopwatch = await openStopwatch();
    redis = await startRedis();
    dossier = await startDossier({ redis: redis.client, hasty: true });
    await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
    member = await enter(dossier, 'alliance');
    ({ email } = await anAccount(dossier));
  });
  afterAll(async () => {
    redis.thaw();
    await stopwatch.stop();
    await dossier.stop();
    await redis.stop();
  });

  const at = (path: string, who?: Member) =>
    visit(`${dossier.url}${path}`, { headers: who?.headers ?? {}, signal: AbortSignal.timeout(20_000) });

  /** The best of a few: what a page waits for is in each of them, what else the machine does is not. */
  const quickest = async (path: string, who: Member): Promise<number> => {
    const took: number[] = [];
    for (let round = 0; round < 5; round++) took.push((await stopwatch.timed(() => at(path, who))).milliseconds);
    return Math.min(...took);
  };
  const readsAll = async () => (await at('/briefings/a-signal', member)).text.includes('GATED failure path text.');

  test('are stored, found again, live as long as they should, and lie under a hash', async () => {
    expect(await readsAll()).toBe(true);
    const keys = await redis.client.keys('dossier:session:*');
    expect(keys).toHaveLength(1);
    expect(await redis.client.ttl(keys[0]!)).toBeGreaterThan(29 * 86_400);
    const id = decodeURIComponent(member.headers['Cookie']!.split('=')[1]!).slice(2).split('.')[0]!;
    expect(keys[0]).not.toContain(id);
    expect((await dossier.stores.sessions.query('SELECT FROM sessions')).rowCount).toBe(0);
  });

  test('a visitor makes none', async () => {
    const before = await redis.client.dbsize();
    await at('/');
    expect(await redis.client.dbsize()).toBe(before);
  });

  const unproved = async () => {
    expect((await at('/briefings/a-signal')).status).toBe(200);
    for (const path of ['/', '/categories/cloud-service']) {
      const page = await at(path, newcomer);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.html.querySelector('.notice-bar')!.text).toContain('Logging in is not available');
    }
    for (let round = 0; round < 2; round++) {
      const page = await at('/briefings/a-signal', newcomer);
      expect([page.status, page.headers.get('retry-after'), page.headers.get('cache-control')]).toEqual([
        503,
        '10',
        'private, no-store',
      ]);
      expect(page.text).toContain('The open body.');
      expect(page.text).toContain('Logging in is not available');
      expect(page.text).not.toContain('GATED');
      expect(page.headers.get('set-cookie')).toBeNull();
    }
    expect(await quickest('/briefings/a-signal', newcomer)).toBeLessThanOrEqual(300);
    expect(await quickest('/', newcomer)).toBeLessThanOrEqual(300);
    for (const cookie of [undefined, newcomer.headers['Cookie']]) {
      const login = await send(
        dossier,
        '/login',
        { email, password: PASSWORD },
        cookie === undefined ? {} : { cookie },
      );
      expect([
        login.status,
        login.headers.get('retry-after'),
        login.headers.get('set-cookie'),
        said(login, 'h1') === null,
      ]).toEqual([503, '10', null, false]);
    }
  };

  /** Whoever has been reading goes on, also on a page that nobody has read yet, and does nothing else. */
  const readsOn = async (fresh: string) => {
    for (const path of ['/briefings/a-signal', fresh]) {
      const page = await at(path, member);
      expect([path, page.status, page.html.querySelector('.notice-bar')]).toEqual([path, 200, null]);
    }
    expect(await readsAll()).toBe(true);
    expect((await at('/account', member)).status).toBe(503);
  };

  test('frozen: public pages stand, whoever has been reading reads on, and everything is back by itself', async () => {
    newcomer = await enter(dossier, 'alliance');
    expect(await readsAll()).toBe(true);
    redis.freeze();
    await readsOn('/es/briefings/a-signal');
    await unproved();
    redis.thaw();
    await stopwatch.within(10_000, async () => (await at('/account', member)).status === 200);
    expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(303);
  });

  test('killed: the same, a login that ends is over at once, and whoever logs in again reads again', async () => {
    await redis.kill();
    await readsOn('/es/categories/cloud-service');
    await unproved();
    await dossier.wall.write(accountsViewer, (db) =>
      db.login.updateMany({ where: { accountId: member.id! }, data: { endedAt: new Date() } }),
    );
    await until(async () => (await at('/briefings/a-signal', member)).status === 503, 1_000);
    await redis.restart();
    await stopwatch.within(10_000, async () => (await at('/briefings/a-signal', member)).status === 200);
    expect(await readsAll()).toBe(false);
    member = await enter(dossier, 'alliance');
    expect(await readsAll()).toBe(true);
  });
});

describeWithRedis('a failover of Redis', () => {
  let redis: FailoverRedis;
  let dossier: Dossier;
  let email: string;

  beforeAll(async () => {
    redis = await startFailover();
    dossier = await startDossier({ redis: redis.client, hasty: true, trustProxy: 1 });
    ({ email } = await anAccount(dossier));
  });
  afterAll(async () => {
    await dossier.stop();
    await redis.stop();
  });

  const ready = async () => {
    const answer = await fetch(`${dossier.url}/readyz`);
    return [answer.status, ((await answer.json()) as { checks: { redis: string } }).checks.redis];
  };
  const login = async () => (await send(dossier, '/login', { email, password: PASSWORD })).status;

  test('is left by connecting anew: logins and limits go on at the new primary', async () => {
    expect([await ready(), await login()]).toEqual([[200, 'ready'], 303]);
    await redis.failOver();
    // The connection still leads to what is a replica now, and that is said. Whatever writes first is told so, and the
    // connection is opened anew: where that was something the login left to do, nothing answers just now.
    const [status, why] = await ready();
    expect([status, ['takes no writes', 'does not answer']]).toEqual([503, expect.arrayContaining([why])]);
    await until(async () => (await login()) === 303);
    expect(await ready()).toEqual([200, 'ready']);
    const fail = () => send(dossier, '/login', { email, password: 'certainly not the password' }, { ip: '10.9.9.9' });
    expect((await fail()).status).toBe(422);
    expect(await redis.primary().keys('dossier:limit:login-ip:*')).toContain('dossier:limit:login-ip:10.9.9.9');
  });

  test('that is not over says so, and reads go on meanwhile', async () => {
    const { headers } = await enter(dossier, 'circle');
    // Nobody is the primary: the address leads to a replica of a server that is gone.
    await redis.primary().replicaof('127.0.0.1', 1);
    await until(async () => (await ready())[1] === 'takes no writes');
    const reads = async () => (await visit(`${dossier.url}/account`, { headers })).status;
    await until(async () => (await reads()) === 200);
    expect(await login()).toBe(503);
    await redis.primary().replicaof('NO', 'ONE');
    await until(async () => (await login()) === 303);
  });

  test('is every reply of a server that is not, or not yet, the primary', () => {
    for (const message of [
      "READONLY You can't write against a read only replica.",
      "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against a read only replica.",
      'LOADING Redis is loading the dataset in memory',
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    ])
      expect([message, isFailoverReply(message)]).toEqual([message, true]);
    for (const message of [
      "OOM command not allowed when used memory > 'maxmemory'.",
      'WRONGPASS invalid username-password pair or user is disabled.',
      'ERR value is not an integer or out of range',
    ])
      expect([message, isFailoverReply(message)]).toEqual([message, false]);
  });
});
