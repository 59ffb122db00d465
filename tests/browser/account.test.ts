import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { hashOfToken } from '../../src/accounts/credentials/link-tokens';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { logIn } from '../support/cast';
import { anAccount } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { once, SCRIPTS } from '../support/long';
import { lettersTo } from '../support/letters';
import { until } from '../support/until';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const NEW = 'seven lanterns on the quay';

async function inContext<T>(
  options: BrowserContextOptions,
  cookie: string | null,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  if (cookie !== null) {
    const [name, value] = cookie.split('=') as [string, string];
    await context.addCookies([{ name, value, url: dossier.url }]);
  }
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  once('a forgotten password becomes a new one, through the letter', async () => {
    const { email } = await anAccount(dossier);
    await inContext({ javaScriptEnabled }, null, async (page) => {
      await page.goto(`${dossier.url}/login`);
      await page.getByRole('link', { name: 'I have forgotten my password' }).click();
      await page.getByLabel('E-mail address').fill(email);
      await page.getByRole('button', { name: 'Send the link' }).click();
      expect(new URL(page.url()).pathname).toBe('/reset/sent');
      await until(async () => (await lettersTo(dossier, email)).length === 1);
      await page.goto(`${dossier.url}/dev/mail`);
      await page.getByRole('link', { name: 'Choose a new password' }).first().click();
      await page.locator('.letter-link').click();
      await page.getByLabel('New password').fill('short');
      await page.getByRole('button', { name: 'Save the password' }).click();
      expect(await page.locator('#new-password-error').innerText()).toContain('too short');
      await page.getByLabel('New password').fill(NEW);
      await page.getByRole('button', { name: 'Save the password' }).click();
      expect(new URL(page.url()).pathname).toBe('/reset/done');
      await page.locator('main').getByRole('link', { name: 'Log in' }).click();
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(NEW);
      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      await page.getByRole('link', { name: 'Account', exact: true }).click();
      expect(await page.locator('h1').innerText()).toBe('A reader');
    });
  });

  if (SCRIPTS.includes(javaScriptEnabled))
    test('a session elsewhere is ended with one button, and is out on its next page', async () => {
      const { id } = await anAccount(dossier);
      const [here, elsewhere] = [await logIn(dossier, id), await logIn(dossier, id)];
      await inContext({ javaScriptEnabled }, elsewhere, async (other) => {
        await other.goto(`${dossier.url}/account`);
        expect(new URL(other.url()).pathname).toBe('/account');
        await inContext({ javaScriptEnabled }, here, async (page) => {
          await page.goto(`${dossier.url}/account`);
          await page.getByRole('link', { name: 'Security' }).click();
          await page.getByRole('button', { name: /^End the session/ }).click();
          expect(await page.getByRole('status').innerText()).toBe('The session was ended.');
          expect(await page.locator('[aria-labelledby=sessions] .row').count()).toBe(1);
        });
        await other.reload();
        expect(new URL(other.url()).pathname).toBe('/login');
      });
    });
});

once(
  'no page of an account, nor one behind a letter, has anything axe objects to, or is wider than its window',
  async () => {
    const { id } = await anAccount(dossier);
    const tokens = { reset: 'r'.repeat(43), verify: 'v'.repeat(43) };
    await dossier.wall.write(accountsViewer, async (db) => {
      const expiresAt = new Date(Date.now() + 3_600_000);
      await db.linkToken.createMany({
        data: [
          { hash: hashOfToken(tokens.reset), accountId: id, purpose: 'reset_password', expiresAt },
          {
            hash: hashOfToken(tokens.verify),
            accountId: id,
            purpose: 'change_email',
            email: 'a-new-address@elsewhere.example',
            expiresAt,
          },
        ],
      });
      await db.apiToken.create({ data: { accountId: id, name: 'a reader', hash: id, scopes: ['briefings:read'] } });
    });
    await logIn(dossier, id);
    const cookie = await logIn(dossier, id);
    const paths = [
      '/account?done=letter-sent',
      '/es/account/profile',
      '/account/security',
      '/es/account/tokens',
      '/account/data',
      '/reset',
      '/es/reset/sent',
      `/reset/choose?token=${tokens.reset}`,
      `/es/verify?token=${tokens.verify}`,
      `/es/verify/claim?token=${tokens.verify}`,
      '/verify/claimed',
      '/verify?token=x',
      '/goodbye',
    ];
    await inContext({}, cookie, async (page) => {
      const check = async (what: string) =>
        expect({ what, faults: await faultsOn(page) }).toEqual({ what, faults: [] });
      for (const path of paths) {
        await page.goto(`${dossier.url}${path}`);
        await check(path);
      }
      await page.goto(`${dossier.url}/account/security`);
      await page.getByRole('button', { name: 'Change the password' }).click();
      await check('a form with faults');
      await page.goto(`${dossier.url}/account/tokens`);
      await page.getByLabel('Name of the token').fill('another');
      await page.getByRole('button', { name: 'Make the token' }).click();
      await check('a token just made');
    });
  },
);
