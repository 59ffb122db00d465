import { Secret, TOTP } from 'otpauth';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { issueSetupLink } from '../../src/setup/link';
import { cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { describeWithRedis, startRedis, type TestRedis } from '../support/stores/redis';
import { until } from '../support/until';

// Postgres or Redis goes away in each step of setting up: a page says so, nothing is lost, and it goes on.

const PUBLICATION = { name: 'Basel Biotech', first: 'en', zone: 'Europe/Zurich', currency: 'chf', 'on-en': 'yes' };
const ADA = { name: 'Ada Admin', email: 'ada@house.example', password: PASSWORD };

const codeOn = (page: Page) =>
  new TOTP({ secret: Secret.fromBase32(said(page, '.secret code')!.replace(/\s/g, '')) }).generate();

describeWithRedis('setting up with a store gone', () => {
  let redis: TestRedis;
  let dossier: Dossier;
  beforeEach(async () => {
    redis = await startRedis();
    dossier = await startDossier({ setup: true, redis: redis.client, hasty: true });
  });
  afterEach(async () => {
    redis.thaw();
    jest.restoreAllMocks();
    await dossier.stop();
    await redis.stop();
  });

  const at = (path: string, cookie?: string) =>
    visit(`${dossier.url}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });

  const away = {
    Postgres: async (work: () => Promise<void>) => {
      const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      const gone = jest.spyOn(dossier.stores.pool, 'connect').mockRejectedValue(refused as never);
      await work();
      gone.mockRestore();
    },
    Redis: async (work: () => Promise<void>) => {
      redis.freeze();
      await work();
      redis.thaw();
      const answers = async () => (await redis.client.ping().catch(() => '')) === 'PONG';
      await until(answers);
    },
  };

  /** What a browser is told meanwhile, when it looks and when it sends. */
  async function isToldSo(asked: () => Promise<Page>): Promise<void> {
    const page = await asked();
    expect([page.status, page.headers.get('retry-after') !== null, page.html.querySelectorAll('h1').length]).toEqual([
      503,
      true,
      1,
    ]);
    expect(page.text).not.toMatch(/ECONNREFUSED|at .*\.ts:\d|Error:/);
  }

  test.each(['Postgres', 'Redis'] as const)('%s: every step says so, and goes on where it was', async (store) => {
    const token = (await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date())))!;
    const post = (path: string, form: Record<string, string>, cookie?: string) =>
      send(dossier, path, form, cookie === undefined ? {} : { cookie });
    /** Looks and sends while the store is gone, then sends the same again. */
    const step = async (path: string, form: Record<string, string>, cookie?: string): Promise<Page> => {
      await away[store](async () => {
        if (cookie !== undefined) await isToldSo(() => at(path, cookie));
        await isToldSo(() => post(path, form, cookie));
      });
      return post(path, form, cookie);
    };
    const opened = await step('/setup', { token });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/setup/publication']);
    const cookie = cookiesOf(opened);
    expect((await step('/setup/publication', PUBLICATION, cookie)).headers.get('location')).toBe('/setup/admin');
    expect((await step('/setup/admin', ADA, cookie)).headers.get('location')).toBe('/setup/factor');
    const code = codeOn(await at('/setup/factor', cookie));
    const made = await step('/setup/factor', { code }, cookie);
    expect([made.status, made.html.querySelectorAll('.secret-list li').length]).toEqual([201, 10]);
    const admin = cookiesOf(made);
    expect((await step('/setup/content', { do: 'samples' }, admin)).headers.get('location')).toBe('/setup/services');
    expect(await dossier.wall.read(editorialViewer, (db) => db.briefing.count())).toBeGreaterThan(5);
    expect((await step('/setup/services', { do: 'payments' }, admin)).status).toBe(200);
    expect(said(await at('/'), '.mark')).toContain('Basel Biotech');
    expect(await dossier.wall.read(accountsViewer, (db) => db.account.count())).toBe(1);
  });

  test('steps out of order lead to the one that is missing; readers meet one page without a store, too', async () => {
    await away.Postgres(() => isToldSo(() => at('/pricing')));
    const token = (await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date())))!;
    const both = await Promise.all([1, 2].map(() => send(dossier, '/setup', { token })));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 404]);
    const [mine, other] = [303, 404].map((status) => cookiesOf(both.find((one) => one.status === status)!));
    for (const path of ['/setup/publication', '/setup/admin', '/setup/factor'])
      expect([path, (await at(path, other || undefined)).status]).toEqual([path, 404]);
    const early = await send(dossier, '/setup/factor', { code: '123456' }, { cookie: mine! });
    expect([early.status, early.headers.get('location')]).toEqual([303, '/setup/admin']);
    expect((await at('/setup/content', mine)).headers.get('location')).toMatch(/^\/login/);
  });

  test('an admin whose login could not be kept has been shown the recovery codes all the same', async () => {
    const token = (await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date())))!;
    const cookie = cookiesOf(await send(dossier, '/setup', { token }));
    await send(dossier, '/setup/admin', ADA, { cookie });
    const code = codeOn(await at('/setup/factor', cookie));
    // Redis goes away between the admin and their session.
    const store = dossier.sessionStore;
    jest.spyOn(store, 'destroy').mockImplementation((_id, done) => done?.(new Error('gone')));
    const made = await send(dossier, '/setup/factor', { code }, { cookie });
    expect([made.status, made.html.querySelectorAll('.secret-list li').length]).toEqual([201, 10]);
    expect(made.html.querySelector('.notice-do a')?.getAttribute('href')).toBe('/login?next=%2Fsetup%2Fcontent');
  });

  test('a link is not used up where the session could not be kept', async () => {
    const token = (await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date())))!;
    const gone = jest
      .spyOn(dossier.sessionStore, 'set')
      .mockImplementation((_id, _session, done) => done?.(new Error('gone')));
    expect((await send(dossier, '/setup', { token })).status).toBe(503);
    gone.mockRestore();
    expect((await send(dossier, '/setup', { token })).status).toBe(303);
  });
});
