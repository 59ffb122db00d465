import type { Browser, Page } from 'playwright-core';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { listeningPost, type ListeningPost } from '../support/listening-post';
import { once, SCRIPTS } from '../support/long';
import { openShop, type Shop } from '../support/billing/sandbox';

jest.setTimeout(180_000);

let browser: Browser;
let shop: Shop;
let back: ListeningPost;
beforeAll(async () => {
  [browser, shop, back] = await Promise.all([openBrowser(), openShop(), listeningPost()]);
  await shop.stripe.webhookEndpoints.create({ url: back.url, enabled_events: ['*'] });
});
afterAll(async () => {
  await Promise.all([browser?.close(), shop?.close()]);
  await back?.close();
});

/** Every page there is, each as somebody may find it. */
async function addresses(): Promise<string[]> {
  const { customer, subscription } = await shop.subscriber();
  const { acts, url, deliveries } = shop.sandbox;
  const open = await shop.checkout({
    customer: customer.id,
    allow_promotion_codes: true,
    subscription_data: { trial_period_days: 14 },
  });
  const expired = await shop.checkout();
  await shop.stripe.checkout.sessions.expire(expired.id);
  acts.failNextPayment(customer.id, 'declined');
  acts.renew(subscription.id);
  const invoices = (await shop.stripe.invoices.list({ customer: customer.id })).data;
  const configuration = await shop.stripe.billingPortal.configurations.create({
    features: {
      payment_method_update: { enabled: true },
      invoice_history: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        proration_behavior: 'always_invoice',
        products: [{ product: shop.product.id, prices: [shop.monthly.id, shop.yearly.id] }],
      },
    },
  });
  const portal = await shop.stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: configuration.id,
    return_url: back.url,
  });
  deliveries.hold();
  await shop.stripe.customers.update(customer.id, { name: 'Ada L.' });
  deliveries.release();
  await deliveries.idle();
  return [
    open.url!,
    `${open.url}?code=WRONG`,
    (await shop.checkout()).url!,
    expired.url!,
    ...invoices.map(({ hosted_invoice_url: one }) => one!),
    portal.url,
    ...[
      '',
      '/webhooks',
      '/objects',
      '/objects/events',
      `/objects/subscriptions/${subscription.id}`,
      `/subscriptions/${subscription.id}`,
      '/none',
    ].map((path) => `${url}/sandbox${path}`),
  ];
}

once('no page has anything axe objects to, in either theme, nor is any wider than its window', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404')) wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== shop.sandbox.url) wrong.push(request.url());
  });
  for (const url of await addresses()) {
    await page.goto(url);
    expect({ url, wrong, faults: await faultsOn(page) }).toEqual({ url, wrong: [], faults: [] });
  }
  await context.close();
});

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  const browsing = async (work: (page: Page) => Promise<void>): Promise<void> => {
    const context = await browser.newContext({ javaScriptEnabled });
    try {
      await work(await context.newPage());
    } finally {
      await context.close();
    }
  };

  once('a declined card, then one that asks the bank, then back in the shop', () =>
    browsing(async (page) => {
      const customer = await shop.stripe.customers.create({ email: 'ada@example.org' });
      const session = await shop.checkout({
        customer: customer.id,
        success_url: `${back.url}/welcome?session={CHECKOUT_SESSION_ID}`,
      });
      await page.goto(session.url!);
      await page.getByLabel('Is declined').check();
      await page.getByRole('button', { name: 'Pay €49' }).click();
      await page.getByRole('alert').filter({ hasText: 'did not go through' }).waitFor();
      await page.getByLabel('Asks for authentication').check();
      await page.getByRole('button', { name: 'Pay €49' }).click();
      await page.getByRole('button', { name: 'Authorise the payment' }).click();
      await page.waitForURL(`${back.url}/welcome?session=${session.id}`);
      expect(
        (await shop.stripe.subscriptions.list({ customer: customer.id })).data.map(({ status }) => status),
      ).toEqual(['active']);
    }),
  );

  if (SCRIPTS.includes(javaScriptEnabled))
    test('the dashboard moves the clock and says so', () =>
      browsing(async (page) => {
        await page.goto(`${shop.sandbox.url}/sandbox`);
        const { offset } = shop.sandbox.world;
        await page.getByRole('button', { name: '+7 days' }).click();
        await page.getByRole('status').filter({ hasText: 'here and in the publication' }).waitFor();
        // To the moment that was seven days away at the click; making up for those days takes some of its own.
        expect(Math.abs(shop.sandbox.world.offset - offset - 7 * 86_400)).toBeLessThan(60);
      }));
});
