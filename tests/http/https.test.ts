import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

const PUBLIC = 'https://dossier.example';
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ publicUrl: PUBLIC });
});
afterAll(() => dossier.stop());

test('where readers come by https, every cookie is one that browsers protect, though the proxy speaks plainly', async () => {
  const { email } = await anAccount(dossier);
  const page = await send(dossier, '/login', { email, password: PASSWORD }, { headers: { Origin: PUBLIC } });
  expect(page.status).toBe(303);
  const cookies = page.headers.getSetCookie();
  expect(cookies.some((cookie) => cookie.startsWith('__Host-dossier='))).toBe(true);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-/);
    for (const part of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']) expect(cookie).toContain(part);
    expect(cookie).not.toMatch(/Domain=/i);
  }
  expect((await visit(`${dossier.url}/account`, { headers: { Cookie: cookiesOf(page) } })).status).toBe(200);
});

test('a cookie of the plain name is nobody there', async () => {
  expect((await visit(`${dossier.url}/account`, { headers: { Cookie: 'dossier=s%3Ax.y' } })).status).toBe(303);
});

test('browsers are told to stay with https, and our own origin is the public one', async () => {
  expect((await visit(`${dossier.url}/`)).headers.get('strict-transport-security')).toBe(
    'max-age=63072000; includeSubDomains',
  );
  expect((await visit(`${dossier.url}/login`, { method: 'POST', headers: { Origin: dossier.url } })).status).toBe(403);
});
