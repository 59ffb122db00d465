import type Stripe from 'stripe';
import { DAY, openShop, refusalOf, subscriptionOf, type Shop } from './shop';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.sandbox.close());

const now = () => shop.sandbox.world.now();
const to = ({ items }: Stripe.Subscription, price: Stripe.Price) => [{ id: items.data[0]!.id, price: price.id }];
const latest = async (id: string) =>
  (await shop.stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).latest_invoice as Stripe.Invoice;
const lines = (invoice: Stripe.Invoice) =>
  invoice.lines.data.map(({ amount, parent }) => [amount, parent?.subscription_item_details?.proration]);

describe('a change of price', () => {
  test('from month to year credits what is left of the month and begins a year, as the preview said', async () => {
    const { subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.advance(10 * DAY);
    // 20 of 30 days are left: 2900 × 20 / 30 = 1933.33.
    const preview = await shop.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: {
        items: to(subscription, shop.yearly),
        proration_behavior: 'always_invoice',
        proration_date: now(),
      },
    });
    expect([lines(preview), preview.amount_due]).toEqual([
      [
        [-1_933, true],
        [29_000, false],
      ],
      27_067,
    ]);
    const changed = await shop.stripe.subscriptions.update(subscription.id, {
      items: to(subscription, shop.yearly),
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    });
    const invoice = await latest(subscription.id);
    expect([lines(invoice), invoice.amount_paid, invoice.billing_reason]).toEqual([
      [
        [-1_933, true],
        [29_000, false],
      ],
      27_067,
      'subscription_update',
    ]);
    const [item] = changed.items.data;
    expect([
      item!.id,
      item!.price.id,
      item!.current_period_start,
      item!.current_period_end,
      changed.billing_cycle_anchor,
    ]).toEqual([
      subscription.items.data[0]!.id,
      shop.yearly.id,
      now(),
      Date.parse('2027-11-25T12:00:00Z') / 1000,
      now(),
    ]);
    expect(invoice.lines.data[0]!.parent?.subscription_item_details?.proration_details?.credited_items).toMatchObject({
      invoice: subscription.latest_invoice,
    });
  });

  test('of another length counts the credit from the moment that was shown, and the new period from now', async () => {
    const { subscription } = await subscriptionOf(shop);
    const shown = now();
    shop.sandbox.acts.advance(600);
    const changed = await shop.stripe.subscriptions.update(subscription.id, {
      items: to(subscription, shop.yearly),
      proration_behavior: 'always_invoice',
      proration_date: shown,
    });
    expect([lines(await latest(subscription.id)), changed.billing_cycle_anchor]).toEqual([
      [
        [-2_900, true],
        [29_000, false],
      ],
      shown + 600,
    ]);
    expect(
      await refusalOf(
        shop.stripe.subscriptions.update(subscription.id, {
          items: to(subscription, shop.monthly),
          proration_date: shown,
        }),
      ),
    ).toMatchObject({ param: 'proration_date' });
  });

  test('from year to month leaves a credit, which later invoices use up', async () => {
    const { customer, subscription } = await subscriptionOf(shop, {
      line_items: [{ price: shop.yearly.id, quantity: 1 }],
    });
    shop.sandbox.acts.advance(73 * DAY);
    await shop.stripe.subscriptions.update(subscription.id, {
      items: to(subscription, shop.monthly),
      proration_behavior: 'always_invoice',
    });
    // 292 of 365 days are left: 23200 back, 2900 for the month.
    const invoice = await latest(subscription.id);
    expect([lines(invoice), invoice.total, invoice.amount_due, invoice.status]).toEqual([
      [
        [-23_200, true],
        [2_900, false],
      ],
      -20_300,
      0,
      'paid',
    ]);
    expect(((await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-20_300);
    shop.sandbox.acts.renew(subscription.id);
    expect([
      (await latest(subscription.id)).amount_due,
      ((await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance,
    ]).toEqual([0, -17_400]);
  });

  test('within the same length of period is charged for to the second, now or with the next invoice', async () => {
    const dearer = await shop.stripe.prices.create({
      product: shop.product.id,
      currency: 'usd',
      unit_amount: 4_999,
      recurring: { interval: 'month' },
    });
    const [{ subscription: one }, { subscription: other }] = [await subscriptionOf(shop), await subscriptionOf(shop)];
    shop.sandbox.acts.advance(1_000_001);
    const left = (30 * DAY - 1_000_001) / (30 * DAY);
    const expected = [
      [-Math.round(2_900 * left), true],
      [Math.round(4_999 * left), true],
    ];
    await shop.stripe.subscriptions.update(one.id, { items: to(one, dearer), proration_behavior: 'always_invoice' });
    expect(lines(await latest(one.id))).toEqual(expected);
    const kept = await shop.stripe.subscriptions.update(other.id, { items: to(other, dearer) });
    expect([kept.latest_invoice, kept.items.data[0]!.current_period_end]).toEqual([
      other.latest_invoice,
      other.items.data[0]!.current_period_end,
    ]);
    shop.sandbox.acts.renew(other.id);
    const next = await latest(other.id);
    expect(next.lines.data.map(({ amount }) => amount)).toEqual([...expected.map(([amount]) => amount), 4_999]);
    expect(next.amount_paid).toBe(next.lines.data.reduce((sum, { amount }) => sum + amount, 0));
  });

  test('during a trial costs nothing and leaves its end', async () => {
    const { subscription } = await subscriptionOf(shop, { subscription_data: { trial_period_days: 14 } });
    const changed = await shop.stripe.subscriptions.update(subscription.id, {
      items: to(subscription, shop.yearly),
      proration_behavior: 'always_invoice',
    });
    expect([changed.status, changed.latest_invoice, changed.items.data[0]!.price.id, changed.trial_end]).toEqual([
      'trialing',
      subscription.latest_invoice,
      shop.yearly.id,
      subscription.trial_end,
    ]);
  });

  test('that cannot be paid for changes nothing, where it was asked so', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined');
    const refusal = await refusalOf(
      shop.stripe.subscriptions.update(subscription.id, {
        items: to(subscription, shop.yearly),
        payment_behavior: 'error_if_incomplete',
      }),
    );
    expect([refusal.statusCode, refusal.type, refusal.code, refusal.decline_code]).toEqual([
      402,
      'StripeCardError',
      'card_declined',
      'generic_decline',
    ]);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.price.id).toBe(shop.monthly.id);
  });

  test('may wait until it is paid for, or be dropped', async () => {
    const [{ customer, subscription }, second] = [await subscriptionOf(shop), await subscriptionOf(shop)];
    const change = (one: Stripe.Subscription) =>
      shop.stripe.subscriptions.update(one.id, {
        items: to(one, shop.yearly),
        payment_behavior: 'pending_if_incomplete',
        proration_behavior: 'always_invoice',
      });
    shop.sandbox.acts.failNextPayment(customer.id, 'authenticate');
    const waiting = await change(subscription);
    expect([
      waiting.status,
      waiting.items.data[0]!.price.id,
      waiting.pending_update?.subscription_items?.[0]?.price.id,
    ]).toEqual(['active', shop.monthly.id, shop.yearly.id]);
    shop.sandbox.acts.payInvoice(waiting.latest_invoice as string, { authenticated: true });
    const paid = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect([paid.pending_update, paid.items.data[0]!.price.id]).toEqual([null, shop.yearly.id]);
    shop.sandbox.acts.failNextPayment(second.customer.id, 'declined');
    await change(second.subscription);
    shop.sandbox.acts.advance(DAY);
    const dropped = await shop.stripe.subscriptions.retrieve(second.subscription.id, { expand: ['latest_invoice'] });
    expect([
      dropped.status,
      dropped.pending_update,
      dropped.items.data[0]!.price.id,
      (dropped.latest_invoice as Stripe.Invoice).status,
    ]).toEqual(['active', null, shop.monthly.id, 'void']);
  });

  test('leaves a subscription past due that pays first and is declined', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined');
    expect(shop.sandbox.acts.changePrice(subscription.id, shop.yearly.id, 'always_invoice')).toMatchObject({
      outcome: 'declined',
    });
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
  });
});

describe('money back', () => {
  const chargeOf = async (customer: Stripe.Customer) =>
    (await shop.stripe.charges.list({ customer: customer.id })).data[0]!;

  test('goes in parts until nothing is left', async () => {
    const { customer } = await subscriptionOf(shop);
    const charge = await chargeOf(customer);
    shop.heard();
    await shop.stripe.refunds.create({ charge: charge.id, amount: 900 });
    expect(shop.heard()).toEqual(['refund.created', 'charge.refunded']);
    expect(await chargeOf(customer)).toMatchObject({ amount_refunded: 900, refunded: false });
    expect((await refusalOf(shop.stripe.refunds.create({ charge: charge.id, amount: 2_001 }))).message).toBe(
      'Refund amount ($20.01) is greater than unrefunded amount on charge ($20.00)',
    );
    await shop.stripe.refunds.create({ payment_intent: charge.payment_intent as string });
    expect(await chargeOf(customer)).toMatchObject({ amount_refunded: 2_900, refunded: true });
    expect((await refusalOf(shop.stripe.refunds.create({ charge: charge.id }))).code).toBe('charge_already_refunded');
    expect((await shop.stripe.refunds.list({ charge: charge.id })).data.map(({ amount }) => amount)).toEqual([
      2_000, 900,
    ]);
  });

  test.each(['won', 'lost'] as const)('is withheld by a dispute until it is %s', async (status) => {
    const { customer } = await subscriptionOf(shop);
    const charge = await chargeOf(customer);
    shop.heard();
    const dispute = shop.sandbox.acts.openDispute(charge.id);
    expect(shop.heard()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.updated']);
    expect(
      (await shop.stripe.disputes.list({ charge: charge.id })).data.map((one) => [one.id, one.status, one.amount]),
    ).toEqual([[dispute.id, 'needs_response', 2_900]]);
    expect((await refusalOf(shop.stripe.refunds.create({ charge: charge.id }))).code).toBe('charge_disputed');
    shop.sandbox.acts.closeDispute(dispute.id, status);
    expect(shop.heard()).toEqual([
      'charge.dispute.updated',
      ...(status === 'won' ? ['charge.dispute.funds_reinstated'] : []),
      'charge.dispute.closed',
    ]);
    expect((await shop.stripe.disputes.retrieve(dispute.id)).status).toBe(status);
  });
});

describe('an invoice', () => {
  test('can be voided or given up, and then its subscription is in order', async () => {
    for (const act of ['voidInvoice', 'markUncollectible'] as const) {
      const { customer, subscription } = await subscriptionOf(shop);
      shop.sandbox.acts.failNextPayment(customer.id, 'declined');
      shop.sandbox.acts.renew(subscription.id);
      const invoice = await latest(subscription.id);
      expect((await shop.stripe.invoices[act](invoice.id)).status).toBe(
        act === 'voidInvoice' ? 'void' : 'uncollectible',
      );
      expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    }
  });

  test('is paid through the API with the card on file, and refuses as the bank does', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined', 2);
    shop.sandbox.acts.renew(subscription.id);
    const { id } = await latest(subscription.id);
    const refusal = await refusalOf(shop.stripe.invoices.pay(id));
    expect([refusal.statusCode, refusal.code, refusal.payment_intent?.status]).toEqual([
      402,
      'card_declined',
      'requires_payment_method',
    ]);
    expect((await shop.stripe.invoices.pay(id)).status).toBe('paid');
    expect((await refusalOf(shop.stripe.invoices.pay(id))).code).toBe('invoice_already_paid');
  });
});

test('a customer who is deleted has no subscription any more and is known by id alone', async () => {
  const { customer, subscription } = await subscriptionOf(shop);
  expect(await shop.stripe.customers.del(customer.id)).toMatchObject({ id: customer.id, deleted: true });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
  expect((await shop.stripe.customers.list()).data).toEqual([]);
  expect((await refusalOf(shop.stripe.customers.update(customer.id, { name: 'X' }))).code).toBe('resource_missing');
  shop.sandbox.acts.advance(40 * DAY);
});
