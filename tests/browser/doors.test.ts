import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { anyEmail, PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

jest.setTimeout(120_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ samples: true })]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const BRIEFING = '/briefings/microsoft-mistral-azure';

async function reading<T>(
  options: BrowserContextOptions,
  work: (page: Page, errors: string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/status of 4\d\d/.test(message.text()))
      errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    return await work(page, errors);
  } finally {
    await context.close();
  }
}

/** Path and fragment of where the reader is. */
const place = (page: Page) => page.url().slice(dossier.url.length);

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.locator('main form.form button').click();
}

test.each([true, false])(
  'a visitor joins at the gate, is back at the passage, goes out, and comes in again (JavaScript: %s)',
  async (javaScriptEnabled) => {
    const email = anyEmail();
    await reading({ javaScriptEnabled }, async (page, errors) => {
      await page.goto(`${dossier.url}${BRIEFING}`);
      expect(await page.locator('section#trend').count()).toBe(0);
      await page.locator('.gate.tier-green').getByRole('link', { name: 'Join the Strategy Circle' }).click();
      expect(new URL(page.url()).pathname).toBe('/join/strategy-circle');
      await fill(page, { Name: 'Ana Belén', 'E-mail address': email, Password: PASSWORD });

      expect(place(page)).toBe(`${BRIEFING}#trend`);
      expect(await page.locator('section#trend .prose').first().innerText()).not.toBe('');
      await until(async () => {
        const { y } = (await page.locator('section#trend').boundingBox())!;
        return y >= 0 && y < 900;
      });

      await page.getByRole('button', { name: 'Log out' }).click();
      expect(place(page)).toBe('/');
      await page.goto(`${dossier.url}${BRIEFING}`);
      expect(await page.locator('section#trend').count()).toBe(0);

      await page.locator('.gate.tier-gold').getByRole('link', { name: 'log in' }).click();
      await fill(page, { 'E-mail address': email, Password: 'not this one, surely' });
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
      expect(await page.getByLabel('Password').inputValue()).toBe('');
      await until(async () => (await page.locator('#password:focus').count()) === 1);
      expect(await page.locator('#form-error[role=alert]').innerText()).toMatch(/do not belong together/);

      await fill(page, { Password: PASSWORD });
      expect(place(page)).toBe(`${BRIEFING}#evidence`);
      await until(async () => (await page.locator('section#trend').count()) === 1);
      // Still before the Alliance's gate, and at the row of what was asked for.
      await until(async () => (await page.locator('.gate #evidence').count()) === 1);
      expect(errors).toEqual([]);
    });
  },
);

test('the other language keeps the way back', async () => {
  await reading({ javaScriptEnabled: false }, async (page) => {
    await page.goto(`${dossier.url}/es${BRIEFING}`);
    await page.locator('.top-who').getByRole('link', { name: 'Unirse' }).click();
    await page.getByRole('link', { name: 'Ya soy miembro: entrar' }).click();
    await page.locator('.top-who').getByRole('link', { name: 'English' }).click();
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.getByRole('link', { name: /Not a member yet/ }).click();
    await fill(page, { Name: 'Ana Belén', 'E-mail address': anyEmail(), Password: PASSWORD });
    expect(place(page)).toBe(`/es${BRIEFING}`);
  });
});

test('the keyboard alone fills the form in and sends it', async () => {
  await reading({}, async (page) => {
    await page.goto(`${dossier.url}/join/strategy-circle`);
    await page.getByLabel('Name', { exact: true }).focus();
    for (const text of ['Ana Belén', anyEmail(), PASSWORD]) {
      await page.keyboard.type(text);
      if (text !== PASSWORD) await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`${dossier.url}/`);
    expect(await page.getByRole('button', { name: 'Log out' }).isVisible()).toBe(true);
  });
});

test.each(['/join/strategy-circle', '/es/join/strategy-circle', '/login', '/es/login'])(
  '%s has nothing axe objects to: empty, wrong and refused, in either theme, at either end of the widths',
  async (path) => {
    await reading({}, async (page, errors) => {
      const check = async (what: string) =>
        expect({ what, faults: await faultsOn(page) }).toEqual({ what, faults: [] });
      await page.goto(`${dossier.url}${path}`);
      await check('empty');
      await page.locator('main form.form button').click();
      await check('wrong');
      if (path.endsWith('login')) {
        await page.locator('#email').fill('nobody@example.org');
        await page.locator('#password').fill('nothing of the sort');
        await page.locator('main form.form button').click();
        await check('refused');
      }
      expect(errors).toEqual([]);
    });
  },
);
