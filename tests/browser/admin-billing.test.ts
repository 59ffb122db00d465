import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { raise } from '../../src/billing/sync/alarms';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { once, SCRIPTS } from '../support/long';
import { alarmsOf, aSubscriber, drained, sandboxOf } from '../support/billing/subscriber';
import { entriesOf, somebody, type Somebody } from '../admin/support';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ billing: true })]);
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

const anAlarm = (subject: string, kind: 'drift' | 'refund', accountId: string | null = null) =>
  dossier.wall.write(accountsViewer, (db) =>
    raise(
      db,
      {
        kind,
        subject,
        accountId,
        details:
          kind === 'refund' ? { amountCents: 4900, currency: 'eur', full: true } : { why: 'an event never came' },
      },
      dossier.clock.now(),
    ),
  );
const kill = (accountId: string) =>
  dossier.wall.write(
    accountsViewer,
    (db) =>
      db.$executeRaw`UPDATE inbox SET state = 'dead', attempts = 12, failure = 'StripeConnectionError' WHERE customer_ref = (SELECT stripe_id FROM customers WHERE account_id = ${accountId}::uuid) AND type = 'invoice.paid'`,
  );
const done = (page: Page) => page.getByRole('status').innerText();
const mean = async (page: Page, button: string, reason: string | null = 'they asked for it') => {
  if (reason !== null) await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: button, exact: true }).click();
};

describe.each(SCRIPTS)('with JavaScript: %s', (javaScriptEnabled) => {
  test('a subscription is ended, kept, refunded in part and in full, and ended now', async () => {
    const reader = await aSubscriber(dossier);
    await inContext({ javaScriptEnabled }, async (page) => {
      await page.goto(`${dossier.url}/admin/members/${reader.accountId}`);
      await page.getByRole('link', { name: 'Cancel, refund, sync with Stripe' }).click();
      await page.getByRole('link', { name: /^End when paid time is over/ }).click();
      await mean(page, 'Let it end');
      expect(await done(page)).toBe('The subscription will end when its paid time is over.');
      await page.getByRole('link', { name: /^Keep after all/ }).click();
      await mean(page, 'Keep it');
      expect(await done(page)).toBe('The subscription goes on.');
      await page.getByRole('link', { name: /^Refund/ }).click();
      await page.getByLabel('Amount').fill('9,50');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await page.locator('.points').innerText()).toContain('€9.50');
      await mean(page, 'Send the money back', '');
      expect(await page.locator('#reason-error').innerText()).toContain('Please write why');
      await mean(page, 'Send the money back');
      expect(await done(page)).toBe('The money is on its way back.');
      await page.getByRole('link', { name: /^Refund/ }).click();
      expect(await page.getByLabel('Amount').inputValue()).toBe('39.50');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await page.locator('.points').innerText()).toContain('the access it gave ends now');
      await page.getByRole('link', { name: 'Leave it as it is' }).click();
      await page.getByRole('link', { name: /^End now/ }).click();
      await mean(page, 'End it now');
      expect(await done(page)).toBe('The subscription has ended.');
      await page.getByRole('link', { name: 'Sync with Stripe' }).click();
      await mean(page, 'Sync', null);
      expect(await done(page)).toBe('Our records say what Stripe says.');
      await page.getByRole('link', { name: 'Send a letter again' }).click();
      await page.getByLabel('Letter').selectOption('We have sent money back to you');
      await page.getByRole('button', { name: 'Continue' }).click();
      await mean(page, 'Send it', null);
      expect(await done(page)).toBe('The letter is on its way.');
    });
    expect((await entriesOf(dossier, { id: reader.accountId })).map(({ action }) => action)).toEqual([
      'billing-cancel-end',
      'billing-keep',
      'billing-refund',
      'billing-cancel-now',
      'billing-sync',
      'billing-letter',
    ]);
  });

  test('an alarm is settled, an event replayed, a difference found and repaired', async () => {
    const reader = await aSubscriber(dossier);
    await anAlarm(reader.customer, 'drift', reader.accountId);
    await dossier.wall.write(accountsViewer, (db) =>
      db.subscription.update({ where: { stripeId: reader.subscription }, data: { status: 'past_due' } }),
    );
    await kill(reader.accountId);
    await inContext({ javaScriptEnabled }, async (page) => {
      await page.goto(`${dossier.url}/admin/members`);
      await page.getByRole('link', { name: 'Billing', exact: true }).click();
      await page.getByRole('link', { name: /^Dead|\d+ Dead/ }).click();
      await page.getByRole('link', { name: 'invoice.paid' }).first().click();
      await page.getByRole('button', { name: 'Replay' }).click();
      expect(await done(page)).toBe('The event is back in the queue.');
      await drained(dossier);
      await dossier.wall.write(accountsViewer, (db) =>
        db.subscription.update({ where: { stripeId: reader.subscription }, data: { status: 'past_due' } }),
      );
      await page.getByRole('link', { name: 'Drift' }).click();
      await page.getByRole('link', { name: `Compare now ${reader.customer}` }).click();
      expect(await page.locator('.both .differs').first().innerText()).toContain('active');
      await page.getByRole('button', { name: 'Repair' }).click();
      expect(await page.locator('.standing').innerText()).toBe('Our records say what Stripe says.');
      await page.getByRole('link', { name: 'Alarms' }).click();
      await page.locator('.row', { hasText: reader.customer }).getByRole('button', { name: 'Settle' }).click();
      expect(await done(page)).toContain('The alarm is settled.');
    });
    expect((await alarmsOf(dossier, 'drift')).filter(({ subject }) => subject === reader.customer)).toEqual([]);
  });
});

once('a refund is made with the keyboard alone', async () => {
  const reader = await aSubscriber(dossier);
  await inContext({}, async (page) => {
    const to = async (label: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate<string>(
          '(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? "").trim()',
        );
        if (here.startsWith(label)) return;
      }
      throw new Error(`the keyboard does not reach ${label}`);
    };
    await page.goto(`${dossier.url}/admin/members/${reader.accountId}/billing`);
    await to('Refund');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/refund?**');
    await to('Continue');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/refund?**amount=**');
    await to('Reason');
    await page.keyboard.type('typed, never clicked');
    await to('Send the money back');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?done=billing-refund');
  });
  expect(await entriesOf(dossier, { id: reader.accountId })).toMatchObject([
    { action: 'billing-refund', reason: 'typed, never clicked' },
  ]);
});

once('no fault is found, and nothing overflows, in either theme and at any width', async () => {
  const reader = await aSubscriber(dossier);
  const { acts } = sandboxOf(dossier);
  await anAlarm(reader.customer, 'drift', reader.accountId);
  await anAlarm('re_an-alarm', 'refund', reader.accountId);
  acts.cancelAtPeriodEnd(reader.subscription, true);
  await drained(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.subscription.update({ where: { stripeId: reader.subscription }, data: { status: 'past_due' } }),
  );
  await kill(reader.accountId);
  const { stripeId: invoice } = await dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findFirstOrThrow({ where: { subscriptionId: reader.subscription } }),
  );
  const { eventId } = await dossier.wall.read(accountsViewer, (db) =>
    db.inboxEvent.findFirstOrThrow({ where: { state: 'dead' } }),
  );
  const own = `/admin/members/${reader.accountId}/billing`;
  const pages: Readonly<Record<string, string>> = {
    overview: '/admin/billing',
    alarms: '/admin/billing/alarms?state=open',
    inbox: '/admin/billing/inbox',
    event: `/admin/billing/event?id=${eventId}`,
    'replay-dead': '/admin/billing/inbox/replay-dead',
    drift: '/admin/billing/drift',
    compare: `/admin/billing/compare?customer=${reader.customer}`,
    member: own,
    refund: `${own}/refund?invoice=${invoice}&amount=49`,
    choice: `${own}/refund?invoice=${invoice}`,
    'cancel-now': `${own}/cancel-now?subscription=${reader.subscription}`,
    spanish: '/es/admin/billing',
  };
  await inContext({}, async (page) => {
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${dossier.url}${path}`);
      expect([name, await faultsOn(page)]).toEqual([name, []]);
    }
  });
});
