import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { somebody } from '../admin/support';
import { openBrowser } from '../support/browser/browser';
import { sendForm } from '../support/browser/send-form';
import { enter } from '../support/cast';
import { anyEmail, PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { tokenTo } from '../support/letters';

jest.setTimeout(180_000);

// Flows of people, in Chromium without scripts: none of their pages needs any.

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ samples: true, billing: true })]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function visiting(cookie: string | null, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  if (cookie !== null) {
    const [name, value] = cookie.split('=') as [string, string];
    await context.addCookies([{ name, value, url: dossier.url }]);
  }
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}
/** Where one of the publisher's own pages is written. */
const ONE_PAGE = /\/desk\/pages\/[0-9a-f-]{36}/;
const pathOf = (page: Page) => new URL(page.url()).pathname;
const cookieOf = async (name: 'editor' | 'circle') => (await enter(dossier, name)).headers['Cookie']!;

test('an invited editor comes by the letter through a password and a second factor to the desk', async () => {
  const email = anyEmail();
  await visiting((await somebody(dossier, 'admin')).cookie, async (page) => {
    await page.goto(`${dossier.url}/admin/staff`);
    await page.getByRole('link', { name: 'Invite somebody' }).click();
    await sendForm(page, { email, role: 'editor' });
    await page.getByText(email).first().waitFor();
  });
  const token = await tokenTo(dossier, email, 'invitation');
  await visiting(null, async (page) => {
    await page.goto(`${dossier.url}/invitation?token=${token}`);
    await sendForm(page, { name: 'Nia New', 'new-password': 'short' });
    await page.locator('.field-error').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Nia New');
    await sendForm(page, { 'new-password': PASSWORD });
    await page.waitForURL('**/account/second-factor');
    await sendForm(page, { current: PASSWORD });
    const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
    await sendForm(page, { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
    await page.locator('main a[href="/desk"]').click();
    await page.getByRole('heading', { level: 1, name: 'Briefings' }).waitFor();
  });
});

test('an author is made at the desk, stands under a page that they wrote, and has a page of their own', async () => {
  await visiting(await cookieOf('editor'), async (page) => {
    await page.goto(`${dossier.url}/desk/authors`);
    await sendForm(page, { name: 'Ada Analyst', slug: 'ada-analyst', 'line.en': 'Writes about ports.' });
    await page.waitForURL(/done=/);
    await page.goto(`${dossier.url}/desk/pages`);
    await sendForm(page, { title: 'How we work', slug: 'how-we-work' });
    await page.waitForURL(ONE_PAGE);
    await sendForm(
      page,
      { 'body.en': 'We read what is public.', 'authors.1': 'ada-analyst' },
      'Save and go on to publishing',
    );
    await sendForm(page, { when: '' });
    await page.waitForURL(/done=published/);
  });
  await visiting(null, async (page) => {
    await page.goto(`${dossier.url}/how-we-work`);
    await page.locator('main').getByRole('link', { name: 'Ada Analyst' }).first().click();
    await page.waitForURL('**/authors/ada-analyst');
    expect(await page.locator('h1').innerText()).toBe('Ada Analyst');
    expect(await page.locator('main').innerText()).toContain('Writes about ports.');
    expect(await page.locator('main').innerText()).toContain('How we work');
  });
});

test('a new version of the terms is asked for at the next visit, and is accepted once', async () => {
  const publish = async (page: Page, body: string, how: Record<string, string>) => {
    await sendForm(page, { 'body.en': body }, 'Save and go on to publishing');
    await sendForm(page, { when: '', ...how });
    await page.waitForURL(/done=published/);
  };
  const member = await cookieOf('circle');
  // Such a page binds the publisher: an admin gives it to readers.
  await visiting((await somebody(dossier, 'admin')).cookie, async (desk) => {
    await desk.goto(`${dossier.url}/desk/pages`);
    await desk.getByRole('link', { name: 'Terms (template)' }).first().click();
    await desk.waitForURL(ONE_PAGE);
    const at = desk.url();
    await publish(desk, 'What holds between us.', {});
    await visiting(member, async (page) => {
      await page.goto(`${dossier.url}/search?q=cloud`);
      expect(pathOf(page)).toBe('/search');
      await desk.goto(at);
      await publish(desk, 'What holds between us from now on.', { change: 'asked' });
      await page.goto(`${dossier.url}/search?q=cloud`);
      expect([pathOf(page), await page.locator('h1').innerText()]).toEqual([
        '/account/accept',
        'Something you have accepted is new',
      ]);
      await page.getByRole('button', { name: 'Accept and go on' }).click();
      await page.waitForURL('**/search?q=cloud');
      await page.goto(`${dossier.url}/briefings/microsoft-mistral-azure`);
      expect(pathOf(page)).toBe('/briefings/microsoft-mistral-azure');
    });
  });
});
