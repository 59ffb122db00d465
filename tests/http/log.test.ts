import { randomBytes } from 'node:crypto';
import { enter, tokenFor } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
});
afterAll(() => dossier.stop());

test('what goes wrong is logged without a secret of whoever asked', async () => {
  const { id, headers } = await enter(dossier, 'alliance');
  const cookie = headers['Cookie']!;
  const token = await tokenFor(dossier, id!);
  const feed = `dosf_${randomBytes(32).toString('hex')}`;
  const link = randomBytes(32).toString('base64url');
  const secrets = [
    cookie.split('=')[1]!,
    decodeURIComponent(cookie).split(/[=.:]/)[2]!,
    token,
    feed,
    link,
    'a password',
  ];
  const broken = jest.spyOn(dossier.wall, 'read').mockImplementation(() => Promise.reject(new Error('broken')));
  const ask = (path: string, init: RequestInit = {}) => fetch(`${dossier.url}${path}`, { redirect: 'manual', ...init });
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: dossier.url };
  try {
    const asked = [
      ask('/briefings/none', { headers: { Cookie: cookie } }),
      ask('/account', { headers: { Cookie: cookie } }),
      ask('/api/v1/briefings', { headers: { Authorization: `Bearer ${token}` } }),
      ask(`/feeds/${feed}/atom.xml`),
      ask(`/es/feeds/${feed}/feed.json`),
      ask(`/account/verify?token=${link}`),
      ask(`/reset/${link}`),
      ask(`/reset?token=${link}&x=%0a{"level":60}`),
      ask('/login', { method: 'POST', headers: form, body: 'email=somebody@example.org&password=a+password' }),
    ];
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(3);
  } finally {
    broken.mockRestore();
  }
  expect(dossier.logged.length).toBeGreaterThan(3);
  const all = JSON.stringify(dossier.logged);
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  expect(all).not.toContain('somebody@example.org');
});
