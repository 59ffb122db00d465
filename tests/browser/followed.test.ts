import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { somebody } from '../admin/support';
import { openBrowser } from '../support/browser/browser';
import { enter } from '../support/cast';
import { PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let program: Server;
let told: string[];

beforeAll(async () => {
  program = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      told.push((JSON.parse(body) as { type: string }).type);
      res.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
  [browser, dossier] = await Promise.all([
    openBrowser(),
    startDossier({ samples: true, billing: true, privateWebhooks: true }),
  ]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dossier?.stop()]);
  program?.close();
});
beforeEach(() => {
  told = [];
});

async function withCookie(cookie: string, work: (page: Page) => Promise<void>): Promise<void> {
  // Without scripts: none of these pages has any that it needs.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const [name, value] = cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Goes to what has that name by the Tab key alone, and presses Enter there. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 120; steps++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) > 0 && (await focused.innerText()).trim() === name) return page.keyboard.press('Enter');
  }
  throw new Error(`${name} is not reached by the keyboard`);
}

test('a member follows a category by the keyboard, hears of it otherwise, and follows it no more', async () => {
  const member = await enter(dossier, 'circle');
  await withCookie(member.headers['Cookie']!, async (page) => {
    await page.goto(`${dossier.url}/categories/cloud-service`);
    await tabTo(page, 'Follow this category');
    await page.waitForURL(/\/account\/follow\?/);
    await page.getByLabel('At once').focus();
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Follow');
    await page.waitForURL(/\/account\/letters/);
    const followed = page.locator('[aria-labelledby=follows]');
    expect(await followed.innerText()).toContain('Cloud Service');
    const list = followed.getByRole('combobox');
    expect(await list.inputValue()).toBe('daily');
    await list.selectOption('weekly');
    await followed.getByRole('button', { name: /^Save/ }).click();
    expect(await followed.getByRole('combobox').inputValue()).toBe('weekly');
    await followed.getByRole('button', { name: /^Remove/ }).click();
    expect(await followed.innerText()).toContain('You follow nothing yet.');
  });
});

test('an admin makes a webhook, mends what was wrong, sees its secret once, and takes it away', async () => {
  const admin = await somebody(dossier, 'admin');
  const passwordHash = await hashPassword(PASSWORD);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: admin.id }, data: { passwordHash }, select: { id: true } }),
  );
  await withCookie(admin.cookie, async (page) => {
    await page.goto(`${dossier.url}/admin/webhooks`);
    await page.getByRole('link', { name: 'New webhook' }).click();
    await page.getByLabel('Name').fill('Our archive');
    await page.getByLabel('Address').fill('ftp://archive.example');
    await page.getByLabel('Member joined').check();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make it' }).click();
    // What was typed stands there still, but for the password.
    expect(await page.locator('.field-error').allInnerTexts()).toEqual([expect.stringContaining('https://')]);
    expect(await page.getByLabel('Name').inputValue()).toBe('Our archive');
    expect(await page.getByLabel('Member joined').isChecked()).toBe(true);
    await page.getByLabel('Address').fill(`http://127.0.0.1:${(program.address() as AddressInfo).port}/hook`);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make it' }).click();
    const secret = await page.locator('.secret').innerText();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('link', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(secret);
    await enter(dossier, 'circle');
    await until(() => told.includes('member.joined'));
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.locator('main').innerText()).toMatch(/\bpaused\b/);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    expect(await page.locator('main').innerText()).toContain('No program is told anything yet.');
  });
  expect(new Set(told)).toEqual(new Set(['member.joined']));
});
