import { RateLimiterMemory } from 'rate-limiter-flexible';
import { original } from '../support/briefing';
import { enter, tokenFor, type Member } from '../support/cast';
import { anyIp } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let member: Member;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
  await dossier.take('a-signal', { 'en.md': original() });
  member = await enter(dossier, 'circle');
});
afterAll(() => dossier.stop());

const ask = (path: string, headers: Readonly<Record<string, string>>) => visit(`${dossier.url}${path}`, { headers });

test('whoever searches without end is told when to come back, on the page and by the API, and others are not', async () => {
  const from = { 'X-Forwarded-For': anyIp() };
  const api = '/api/v1/search?q=signal';
  // Each search counts for half of what there is.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on each limiter below
  const { consume } = RateLimiterMemory.prototype;
  jest.spyOn(RateLimiterMemory.prototype, 'consume').mockImplementation(function (this: RateLimiterMemory, key) {
    return consume.call(this, key, this.keyPrefix.endsWith(':search') ? 2_500 : 1);
  });
  expect([(await ask(api, from)).status, (await ask('/search?q=signal', from)).status]).toEqual([200, 200]);
  const refused = await ask(api, from);
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0, JSON.parse(refused.text)]).toEqual([
    429,
    true,
    expect.objectContaining({ detail: 'Too many searches. Wait before the next one.' }),
  ]);
  const page = await ask('/search?q=signal', from);
  expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([429, true]);
  // It keeps what was typed.
  expect(page.html.querySelector('main input[name=q]')!.getAttribute('value')).toBe('signal');
  expect(page.text).toContain('Too many attempts');
  expect(page.text).not.toContain('A signal in English');
  // The form alone costs nothing; a member, a token and another address are counted apart.
  const token = await tokenFor(dossier, member.id!);
  expect([
    (await ask('/search', from)).status,
    (await ask('/search?q=signal', { ...from, ...member.headers })).status,
    (await ask('/api/v1/search?q=signal', { ...from, Authorization: `Bearer ${token}` })).status,
    (await ask('/search?q=signal', { 'X-Forwarded-For': anyIp() })).status,
  ]).toEqual([200, 200, 200, 200]);
});
