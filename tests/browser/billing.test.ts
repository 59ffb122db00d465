import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { original, SPANISH } from '../support/briefing';
import { aBuyer, DAY, sandboxOf, subscribe } from '../support/billing/buyer';
import { PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ billing: { graceDays: 4 } })]);
  await dossier.take('a-signal', { 'en.md': original({}), 'es.md': SPANISH });
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function inContext<T>(
  options: BrowserContextOptions,
  cookie: string | null,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    javaScriptEnabled: false,
    ...options,
  });
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

const pathOf = (page: Page) => new URL(page.url()).pathname;
const failurePaths = (page: Page) => page.getByText('GATED failure path text.').count();

/** On the hosted page: takes a test card and pays with it. */
async function payWith(page: Page, card: string): Promise<void> {
  await page.locator(`input[name=card][value=${card}]`).check();
  await page.locator('main form button').last().click();
}

/** Opens the section again and again until it says this; what Stripe tells takes a moment. */
async function sectionSays(page: Page, chip: string): Promise<void> {
  await until(async () => {
    await page.goto(`${dossier.url}/account/billing`);
    return (await page.locator('.paid .chip').first().innerText()) === chip;
  }, 20_000);
}

test('from the gate to the failure paths: join, pay with a good card, and be back where one was', async () => {
  const { email } = await aBuyer(dossier);
  await inContext({}, null, async (page) => {
    await page.goto(`${dossier.url}/briefings/a-signal`);
    expect(await failurePaths(page)).toBe(0);
    await page.locator('.gate.tier-gold .button').click();
    expect(pathOf(page)).toBe('/join/leadership-alliance');
    await page.getByRole('link', { name: 'I am a member: log in' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    expect(pathOf(page)).toBe('/join/leadership-alliance');
    await page.getByLabel('€49 a month').check();
    await page.getByRole('button', { name: 'Continue to payment' }).click();
    expect(new URL(page.url()).origin).toBe(sandboxOf(dossier).url);
    await payWith(page, 'good');
    expect(pathOf(page)).toBe('/briefings/a-signal');
    expect(await failurePaths(page)).toBe(1);
  });
});

test('a declined card opens nothing, another one does; gone back, one is before the choice again', async () => {
  const buyer = await aBuyer(dossier);
  await inContext({}, buyer.cookie, async (page) => {
    await page.goto(`${dossier.url}/join/leadership-alliance?next=/briefings/a-signal`);
    await page.getByRole('button', { name: 'Continue to payment' }).click();
    await page.locator('main a').last().click();
    expect([pathOf(page), await page.locator('.form-warning').innerText()]).toEqual([
      '/join/leadership-alliance',
      'Nothing was paid and nothing has changed. The membership is still here when you want it.',
    ]);
    await page.getByRole('button', { name: 'Continue to payment' }).click();
    await payWith(page, 'declined');
    expect(new URL(page.url()).origin).toBe(sandboxOf(dossier).url);
    await payWith(page, 'good');
    expect([pathOf(page), await failurePaths(page)]).toEqual(['/briefings/a-signal', 1]);
  });
});

test('a bank that asks its customer is answered on its own page', async () => {
  const buyer = await aBuyer(dossier);
  await inContext({}, buyer.cookie, async (page) => {
    await page.goto(`${dossier.url}/es/join/leadership-alliance`);
    await page.getByRole('button', { name: 'Continuar al pago' }).click();
    await payWith(page, 'authenticate');
    await page.locator('button[name=authenticated][value=yes]').click();
    expect([pathOf(page), await page.locator('h1').innerText()]).toEqual([
      '/es/join/leadership-alliance/done',
      'Le damos la bienvenida a Alianza de Liderazgo',
    ]);
  });
});

test('a payment that fails at the renewal: grace, closed, paid, open', async () => {
  const buyer = await aBuyer(dossier);
  const { customer } = await subscribe(dossier, buyer);
  await inContext({}, buyer.cookie, async (page) => {
    sandboxOf(dossier).acts.replaceCard(customer, 'attach-then-fail');
    sandboxOf(dossier).acts.advance(31 * DAY + 7_200);
    await sectionSays(page, 'Payment failed');
    await page.goto(`${dossier.url}/briefings/a-signal`);
    expect(await failurePaths(page)).toBe(1);
    sandboxOf(dossier).acts.advance(5 * DAY);
    await sectionSays(page, 'Unpaid');
    await page.goto(`${dossier.url}/briefings/a-signal`);
    expect(await failurePaths(page)).toBe(0);
    await page.goto(`${dossier.url}/account/billing`);
    await page.getByRole('link', { name: 'Pay €49' }).click();
    expect(new URL(page.url()).origin).toBe(sandboxOf(dossier).url);
    await payWith(page, 'good');
    await sectionSays(page, 'Active');
    await page.goto(`${dossier.url}/briefings/a-signal`);
    expect(await failurePaths(page)).toBe(1);
  });
});

test('ended and kept; to the year and back', async () => {
  const buyer = await aBuyer(dossier);
  await subscribe(dossier, buyer);
  await inContext({}, buyer.cookie, async (page) => {
    await page.goto(`${dossier.url}/account`);
    await page.getByRole('link', { name: 'Billing', exact: true }).click();
    await page.getByRole('link', { name: 'End the subscription' }).click();
    await page.getByRole('button', { name: /^End it on/ }).click();
    expect(await page.locator('.paid .chip').innerText()).toBe('Ends');
    await page.getByRole('button', { name: 'Keep the subscription' }).click();
    expect([await page.getByRole('status').innerText(), await page.locator('.paid .chip').innerText()]).toEqual([
      'Your subscription goes on as before.',
      'Active',
    ]);
    await page.getByRole('link', { name: 'Change to yearly payment' }).click();
    await page.getByRole('button', { name: /^Change and pay €/ }).click();
    expect(await page.locator('.paid-price').innerText()).toBe('€490 a year');
    await page.getByRole('link', { name: 'Change to monthly payment' }).click();
    await page.getByRole('button', { name: 'Change the plan' }).click();
    expect(await page.locator('.paid-price').innerText()).toBe('€49 a month');
    await page.getByRole('button', { name: 'Payment method and invoices at Stripe' }).click();
    expect(new URL(page.url()).origin).toBe(sandboxOf(dossier).url);
    await page.locator(`a[href="${dossier.url}/account/billing/back"]`).click();
    expect(await page.getByRole('status').innerText()).toBe('This is how it stands at Stripe now.');
  });
});

test('no page of it has anything axe objects to, or is wider than its window', async () => {
  const [paying, failing, fresh] = [await aBuyer(dossier), await aBuyer(dossier), await aBuyer(dossier)];
  const { subscription } = await subscribe(dossier, paying);
  const { customer } = await subscribe(dossier, failing);
  const { acts } = sandboxOf(dossier);
  acts.replaceCard(customer, 'attach-then-fail');
  acts.advance(31 * DAY + 7_200);
  await inContext({}, failing.cookie, (page) => sectionSays(page, 'Payment failed'));
  const sections = [
    { cookie: null, paths: ['/pricing', '/es/pricing?per=year', '/es/join/leadership-alliance'] },
    { cookie: fresh.cookie, paths: ['/join/leadership-alliance?back=1', '/es/account/billing'] },
    {
      cookie: paying.cookie,
      paths: [
        '/account/billing?done=looked',
        `/account/billing/plan?subscription=${subscription}&to=year`,
        `/es/account/billing/cancel?subscription=${subscription}`,
      ],
    },
    { cookie: failing.cookie, paths: ['/account/billing'] },
  ];
  for (const { cookie, paths } of sections) {
    // axe is a script, and needs them on.
    await inContext({ javaScriptEnabled: true }, cookie, async (page) => {
      for (const path of paths) {
        const answer = await page.goto(`${dossier.url}${path}`);
        expect({ path, status: answer!.status(), faults: await faultsOn(page) }).toEqual({
          path,
          status: 200,
          faults: [],
        });
      }
    });
  }
});
