import { makeApiToken } from '../../src/accounts/credentials/api-tokens';
import { ask, problemIn, type Asked } from '../support/api';
import { original } from '../support/briefing';
import { enter, tokenFor } from '../support/cast';
import { anyIp } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
let known: string;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
  await dossier.take('a-signal', { 'en.md': original() });
  known = await tokenFor(dossier, (await enter(dossier, 'circle')).id!);
});
afterAll(() => dossier.stop());

const MOST = 1_000;
const from = (ip: string, authorization?: string): Promise<Asked> =>
  ask(`${dossier.url}/api/v1/briefings/a-signal`, {
    headers: { 'X-Forwarded-For': ip, ...(authorization === undefined ? {} : { Authorization: authorization }) },
  });
const statuses = async (asked: readonly Promise<Asked>[]) => (await Promise.all(asked)).map(({ status }) => status);

/** As many wrong tokens as may come from one address, all at once but for a few. */
async function exhaust(ip: string): Promise<void> {
  for (let sent = 0; sent < MOST; sent += 100)
    expect(new Set(await statuses(Array.from({ length: 100 }, () => from(ip, 'Bearer nonsense'))))).toEqual(
      new Set([401]),
    );
}

test('after a thousand wrong ones, and of those alone, an address is asked to wait', async () => {
  const ip = anyIp();
  const unscoped = await tokenFor(dossier, (await enter(dossier, 'circle')).id!, []);
  const held = await tokenFor(dossier, (await enter(dossier, 'alliance')).id!);
  // What holds is never counted, however parallel; nor is a token that only lacks the scope.
  for (let round = 0; round < 5; round++)
    expect(await statuses(Array.from({ length: 20 }, (_, n) => from(ip, `Bearer ${n % 2 ? held : unscoped}`)))).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? 200 : 403)),
    );
  expect((await from(ip, `Bearer ${known}`)).status).toBe(200);
  await exhaust(ip);

  const spy = jest.spyOn(dossier.wall, 'read');
  const refused = await from(ip, `Bearer ${makeApiToken().token}`);
  // Postgres is not asked for any more of them.
  expect(spy).not.toHaveBeenCalled();
  spy.mockRestore();
  expect([refused.status, refused.headers.get('content-type'), refused.headers.get('cache-control')]).toEqual([
    429,
    'application/problem+json',
    'no-store',
  ]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(problemIn(refused)).toMatchObject({
    status: 429,
    title: 'Too Many Requests',
    detail: expect.stringContaining('wrong tokens') as string,
  });

  // A program whose token held before is not shut out by others, whoever shows none is not concerned, nor is anybody
  // elsewhere.
  expect(
    await statuses([
      from(ip, `Bearer ${known}`),
      from(ip, `Bearer ${unscoped}`),
      from(ip),
      from(anyIp(), 'Bearer nonsense'),
    ]),
  ).toEqual([200, 403, 200, 401]);
}, 120_000);
