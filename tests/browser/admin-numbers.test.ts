import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { somebody, type Somebody } from '../admin/support';
import { faultsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { once, SCRIPTS } from '../support/long';
import { aSubscriber, DAY, drained, sandboxOf } from '../support/billing/subscriber';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ billing: true })]);
  await dossier.take('a-signal', { 'en.md': original() });
  const { acts } = sandboxOf(dossier);
  const [left, failing] = [await aSubscriber(dossier), await aSubscriber(dossier, { interval: 'year' })];
  await aSubscriber(dossier, { trialDays: 7 });
  acts.advance(5 * DAY);
  acts.cancelNow(left.subscription);
  acts.failNextPayment(failing.customer, 'declined', 1);
  await drained(dossier);
  for (let time = 0; time < 3; time++)
    await fetch(`${dossier.url}/briefings/a-signal`, { headers: { 'User-Agent': 'Mozilla/5.0 Firefox/140.0' } });
  dossier.app.counters.count([
    'gate strategy-circle a-signal begun',
    'gate strategy-circle a-signal done',
    'read a-signal 10',
    'read a-signal 20',
  ]);
  await dossier.app.counters.flush();
  admin = await somebody(dossier, 'admin', { name: 'Ada Admin' });
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function inContext<T>(options: BrowserContextOptions, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const [name, value] = admin.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

test.each(SCRIPTS)(
  'a range is chosen, a table opened, a file taken along; with JavaScript: %s',
  async (javaScriptEnabled) => {
    await inContext({ javaScriptEnabled }, async (page) => {
      await page.goto(`${dossier.url}/admin/members`);
      await page.getByRole('link', { name: 'Numbers', exact: true }).click();
      await page.getByRole('link', { name: '30 days' }).click();
      await page.waitForURL('**/admin/numbers?range=30-days');
      const revenue = page.locator('section', {
        has: page.getByRole('heading', { name: 'Monthly recurring revenue' }),
      });
      expect(await revenue.getByRole('img').getAttribute('aria-label')).toBe(
        'Monthly recurring revenue, 30 days. The same numbers stand in the table below.',
      );
      const value = await revenue.locator('.legend b').innerText();
      expect(await revenue.getByRole('table').isVisible()).toBe(false);
      await revenue.getByText('As a table').click();
      expect(await revenue.getByRole('cell').last().innerText()).toBe(value);
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        revenue.getByRole('link', { name: /^Download CSV/ }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^revenue-30-days-\d{4}-\d\d-\d\d-UTC\.csv$/);
      const text = readFileSync(await file.path(), 'utf8');
      expect(Number(text.trimEnd().split('\r\n').at(-1)!.split(',')[1])).toBe(Number(value.replace(/[^\d.]/g, '')));
    });
  },
);

once('a table is opened with the keyboard alone', async () => {
  await inContext({}, async (page) => {
    await page.goto(`${dossier.url}/admin/numbers?range=30-days`);
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>('document.activeElement.tagName')) === 'SUMMARY') break;
    }
    await page.keyboard.press('Enter');
    expect(await page.getByRole('table').first().isVisible()).toBe(true);
  });
});

once(
  'no fault is found, nothing overflows and the policy refuses nothing, in either theme, at any width, with every table open',
  async () => {
    await inContext({}, async (page) => {
      const refused: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') refused.push(message.text());
      });
      for (const path of [
        '/admin/numbers?range=30-days',
        '/es/admin/numbers?range=30-days',
        '/admin/numbers?range=all',
        '/admin/numbers',
      ]) {
        await page.goto(`${dossier.url}${path}`);
        expect(await page.locator('.figure :is(svg.plot, ul.bars)').count()).toBeGreaterThan(6);
        // The Spanish words are the longer ones: between the ends, too.
        const found = path.startsWith('/es') ? await faultsOn(page, { narrow: 768 }) : [];
        // A table that is closed hides nothing that is not looked at when it is open.
        await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
        found.push(...(await faultsOn(page)));
        expect([path, refused, found]).toEqual([path, [], []]);
      }
    });
  },
);
