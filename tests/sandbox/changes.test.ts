import type Stripe from 'stripe';
import { checkoutOf, DAY, openShop, refusalOf, subscriptionOf, type Shop } from './shop';

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

const monthlyOf = (unit_amount: number) =>
  shop.stripe.prices.create({
    product: shop.product.id,
    currency: 'usd',
    unit_amount,
    recurring: { interval: 'month' },
  });

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

describe('what is credited was charged', () => {
  const changed = async (id: string, items: Stripe.SubscriptionUpdateParams.Item[]) => {
    await shop.stripe.subscriptions.update(id, { items, proration_behavior: 'always_invoice' });
    return lines(await latest(id));
  };

  test.each([
    [100, [[29_000, false]]],
    [
      50,
      [
        [-967, true],
        [29_000, false],
      ],
    ],
  ])('less the %i %% that a coupon once took off', async (percent_off, expected) => {
    const coupon = await shop.stripe.coupons.create({ percent_off, duration: 'once' });
    const { subscription } = await subscriptionOf(shop, { discounts: [{ coupon: coupon.id }] });
    shop.sandbox.acts.advance(10 * DAY);
    expect(await changed(subscription.id, to(subscription, shop.yearly))).toEqual(expected);
  });

  test('and not what has become dearer since without being charged', async () => {
    const { subscription } = await subscriptionOf(shop);
    await shop.stripe.subscriptions.update(subscription.id, {
      items: to(subscription, await monthlyOf(4_999)),
      proration_behavior: 'none',
    });
    shop.sandbox.acts.advance(10 * DAY);
    expect(await changed(subscription.id, to(subscription, shop.yearly))).toEqual([
      [-1_933, true],
      [29_000, false],
    ]);
  });

  test('once, also where it was charged in parts', async () => {
    const dearer = await monthlyOf(4_999);
    const { subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.advance(10 * DAY);
    const up = [-1_933, Math.round((4_999 * 20) / 30)];
    expect(await changed(subscription.id, to(subscription, dearer))).toEqual(up.map((amount) => [amount, true]));
    shop.sandbox.acts.advance(10 * DAY);
    expect(await changed(subscription.id, to(subscription, shop.monthly))).toEqual([
      [-Math.round(up[1]! / 2), true],
      [Math.round(2_900 / 3), true],
    ]);
  });

  test('once, also where it waits to be invoiced', async () => {
    const dearer = await monthlyOf(4_999);
    const { subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.advance(10 * DAY);
    await shop.stripe.subscriptions.update(subscription.id, { items: to(subscription, dearer) });
    await shop.stripe.subscriptions.update(subscription.id, { items: to(subscription, shop.monthly) });
    shop.sandbox.acts.renew(subscription.id);
    const renewal = await latest(subscription.id);
    expect([renewal.amount_paid, renewal.lines.data.map(({ amount }) => amount)]).toEqual([
      2_900,
      [-1_933, 3_333, -3_333, 1_933, 2_900],
    ]);
  });

  test('and still owed: nothing is credited for an invoice that was voided', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined');
    shop.sandbox.acts.renew(subscription.id);
    await shop.stripe.invoices.voidInvoice((await latest(subscription.id)).id);
    shop.sandbox.acts.advance(DAY);
    expect(await changed(subscription.id, to(subscription, shop.yearly))).toEqual([[29_000, false]]);
  });
});

describe('an end that is planned', () => {
  test('with the period follows it when month becomes year, and a trial when that is longer', async () => {
    const [{ subscription }, { subscription: trial }] = [
      await subscriptionOf(shop),
      await subscriptionOf(shop, { subscription_data: { trial_period_days: 14 } }),
    ];
    for (const { id } of [subscription, trial])
      await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    const yearly = await shop.stripe.subscriptions.update(subscription.id, { items: to(subscription, shop.yearly) });
    const longer = await shop.stripe.subscriptions.update(trial.id, { trial_end: trial.trial_end! + 10 * DAY });
    expect([yearly.cancel_at_period_end, yearly.cancel_at, longer.cancel_at]).toEqual([
      true,
      yearly.items.data[0]!.current_period_end,
      trial.trial_end! + 10 * DAY,
    ]);
    shop.sandbox.acts.advance(364 * DAY);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    shop.sandbox.acts.advance(2 * DAY);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
  });

  test.each([
    ['create_prorations', -1_933, 1],
    ['always_invoice', -1_933, 2],
    ['none', 0, 1],
  ] as const)('before it shortens it, with %s', async (proration_behavior, balance, invoices) => {
    const { customer, subscription } = await subscriptionOf(shop);
    const ending = await shop.stripe.subscriptions.update(subscription.id, {
      cancel_at: now() + 10 * DAY,
      proration_behavior,
    });
    expect([ending.items.data[0]!.current_period_end, ending.cancel_at_period_end]).toEqual([now() + 10 * DAY, false]);
    const all = async () => (await shop.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(await all()).toHaveLength(invoices);
    shop.sandbox.acts.advance(10 * DAY);
    const owner = (await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    expect([(await shop.stripe.subscriptions.retrieve(subscription.id)).status, owner.balance]).toEqual([
      'canceled',
      balance,
    ]);
    expect(await all()).toHaveLength(balance === 0 ? 1 : 2);
  });

  test('before it, and taken back, gives the time back and charges for it', async () => {
    const { subscription } = await subscriptionOf(shop);
    const end = subscription.items.data[0]!.current_period_end;
    await shop.stripe.subscriptions.update(subscription.id, { cancel_at: now() + 10 * DAY });
    const back = await shop.stripe.subscriptions.update(subscription.id, { cancel_at: '' });
    expect([back.cancel_at, back.items.data[0]!.current_period_end]).toEqual([null, end]);
    shop.sandbox.acts.renew(subscription.id);
    const renewal = await latest(subscription.id);
    expect([renewal.lines.data.map(({ amount }) => amount), renewal.amount_paid]).toEqual([
      [-1_933, 1_933, 2_900],
      2_900,
    ]);
  });

  test('within a later period makes that one shorter and cheaper', async () => {
    const { subscription } = await subscriptionOf(shop);
    const end = subscription.items.data[0]!.current_period_end;
    const ending = await shop.stripe.subscriptions.update(subscription.id, { cancel_at: end + 15 * DAY });
    expect(ending.items.data[0]!.current_period_end).toBe(end);
    const preview = await shop.stripe.invoices.createPreview({ subscription: subscription.id });
    shop.sandbox.acts.renew(subscription.id);
    // 15 of the 31 days from 15 December on.
    expect([(await latest(subscription.id)).amount_paid, preview.amount_due]).toEqual([1_403, 1_403]);
    shop.sandbox.acts.advance(15 * DAY);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).ended_at).toBe(end + 15 * DAY);
  });

  test('may be said to be the end of the period, as it is now', async () => {
    const { subscription } = await subscriptionOf(shop);
    const end = subscription.items.data[0]!.current_period_end;
    const ending = await shop.stripe.subscriptions.update(subscription.id, { cancel_at: 'max_period_end' });
    expect([ending.cancel_at, ending.cancel_at_period_end]).toEqual([end, false]);
  });

  test('now gives back what was asked to be given back, and comes once', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.advance(10 * DAY);
    await shop.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true });
    expect(((await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-1_933);
    expect(await refusalOf(shop.stripe.subscriptions.cancel(subscription.id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });
});

describe('another currency', () => {
  const euros = () =>
    shop.stripe.prices.create({
      product: shop.product.id,
      currency: 'eur',
      unit_amount: 2_500,
      recurring: { interval: 'month' },
    });
  const open = (customer: string, price: string) =>
    shop.stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: [{ price, quantity: 1 }],
      success_url: 'http://localhost/',
    });

  test('is not for a customer who pays in one, until that has ended; credit stays in the one it was given in', async () => {
    const [price, { customer, subscription }] = [await euros(), await subscriptionOf(shop)];
    expect((await refusalOf(open(customer.id, price.id))).message).toBe(
      'You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency usd',
    );
    const before = await open((await shop.stripe.customers.create({ email: 'b@example.org' })).id, price.id);
    expect(before.currency).toBe('eur');
    shop.sandbox.acts.advance(10 * DAY);
    await shop.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true });
    const session = await open(customer.id, price.id);
    shop.sandbox.acts.payCheckout(session.id, { card: 'good' });
    const [invoice] = (await shop.stripe.invoices.list({ customer: customer.id, limit: 1 })).data;
    const owner = (await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    expect([invoice!.amount_paid, owner.currency, owner.balance, owner.invoice_credit_balance]).toEqual([
      2_500,
      'eur',
      0,
      { usd: -1_933 },
    ]);
  });

  test('is not taken off: a coupon of an amount is for its own', async () => {
    const coupon = await shop.stripe.coupons.create({ amount_off: 500, currency: 'eur', duration: 'forever' });
    await shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'EUROS' });
    const { customer, session } = await checkoutOf(shop, { allow_promotion_codes: true });
    expect(await refusalOf(checkoutOf(shop, { discounts: [{ coupon: coupon.id }] }))).toMatchObject({
      statusCode: 400,
      param: 'discounts[0][coupon]',
      message: expect.stringMatching(/only supports `eur`.*expected currency: `usd`/),
    });
    expect(() => shop.sandbox.acts.payCheckout(session.id, { card: 'good', promotionCode: 'EUROS' })).toThrow(
      'invalid',
    );
    shop.sandbox.acts.payCheckout(session.id, { card: 'good' });
    const [subscription] = (await shop.stripe.subscriptions.list({ customer: customer.id })).data;
    expect(
      (await refusalOf(shop.stripe.subscriptions.update(subscription!.id, { discounts: [{ coupon: coupon.id }] })))
        .param,
    ).toBe('discounts[0][coupon]');
  });

  test('is written with its own decimals', async () => {
    const yen = await shop.stripe.prices.create({
      product: shop.product.id,
      currency: 'jpy',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    const { subscription } = await subscriptionOf(shop, { line_items: [{ price: yen.id, quantity: 1 }] });
    expect((await latest(subscription.id)).lines.data[0]!.description).toContain('(at ¥500 / month)');
  });
});

test('a discount comes to a subscription and leaves it', async () => {
  const { subscription } = await subscriptionOf(shop);
  const coupon = await shop.stripe.coupons.create({ percent_off: 20, duration: 'forever' });
  await shop.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] });
  shop.sandbox.acts.renew(subscription.id);
  const reduced = (await latest(subscription.id)).amount_paid;
  await shop.stripe.subscriptions.update(subscription.id, { discounts: '' });
  shop.sandbox.acts.renew(subscription.id);
  expect([reduced, (await latest(subscription.id)).amount_paid]).toEqual([2_320, 2_900]);
});

test('the first ten lines of an invoice are shown with it, here and in its event; the others have their own page', async () => {
  const { subscription } = await subscriptionOf(shop);
  shop.sandbox.acts.advance(DAY);
  for (const quantity of [2, 3, 4, 5, 6, 7]) {
    const [{ id }] = subscription.items.data as [Stripe.SubscriptionItem];
    await shop.stripe.subscriptions.update(subscription.id, { items: [{ id, quantity }] });
  }
  shop.sandbox.acts.renew(subscription.id);
  const invoice = await latest(subscription.id);
  expect([invoice.lines.data.length, invoice.lines.has_more]).toEqual([10, true]);
  const all: Stripe.InvoiceLineItem[] = [];
  for await (const line of shop.stripe.invoices.listLineItems(invoice.id)) all.push(line);
  expect([all.length, all.reduce((sum, { amount }) => sum + amount, 0)]).toEqual([13, invoice.total]);
  const [event] = (await shop.stripe.events.list({ type: 'invoice.finalized', limit: 1 })).data;
  expect((event!.data.object as Stripe.Invoice).lines).toMatchObject({ has_more: true, data: { length: 10 } });
});

test('an invoice that is voided gives back the credit it had used', async () => {
  const { customer, subscription } = await subscriptionOf(shop, {
    line_items: [{ price: shop.yearly.id, quantity: 1 }],
  });
  shop.sandbox.acts.advance(300 * DAY);
  await shop.stripe.subscriptions.update(subscription.id, {
    items: to(subscription, shop.monthly),
    proration_behavior: 'always_invoice',
  });
  shop.sandbox.acts.failNextPayment(customer.id, 'declined');
  shop.sandbox.acts.renew(subscription.id);
  const invoice = await latest(subscription.id);
  // 65 of 365 days are left: 5164 back, less 2900 for the month; the next month takes what is left of it.
  expect([invoice.status, invoice.starting_balance, invoice.ending_balance, invoice.amount_due]).toEqual([
    'open',
    -2_264,
    0,
    636,
  ]);
  await shop.stripe.invoices.voidInvoice(invoice.id);
  expect(((await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer).balance).toBe(-2_264);
});

test('what is too little to be charged is owed with the next invoice', async () => {
  const { customer, subscription } = await subscriptionOf(shop);
  shop.sandbox.acts.advance(15 * DAY);
  await shop.stripe.subscriptions.update(subscription.id, {
    items: to(subscription, await monthlyOf(2_910)),
    proration_behavior: 'always_invoice',
  });
  const small = await latest(subscription.id);
  const owner = async () => (await shop.stripe.customers.retrieve(customer.id)) as Stripe.Customer;
  expect([small.total, small.amount_due, small.status, (await owner()).balance]).toEqual([5, 0, 'paid', 5]);
  shop.sandbox.acts.renew(subscription.id);
  expect([(await latest(subscription.id)).amount_paid, (await owner()).balance]).toEqual([2_915, 0]);
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

describe('a preview', () => {
  const coupon = (shape: Stripe.CouponCreateParams) => async () => ({
    discounts: [{ coupon: (await shop.stripe.coupons.create(shape)).id }],
  });
  const trial = { subscription_data: { trial_period_days: 5 } };

  test.each<[string, number[], number, () => Promise<Partial<Stripe.Checkout.SessionCreateParams>>]>([
    ['nothing', [2_900, 2_900, 2_900], 0, () => Promise.resolve({})],
    ['all of it for ever', [0, 0, 0], 0, coupon({ percent_off: 100, duration: 'forever' })],
    ['half of it for ever', [1_450, 1_450, 1_450], 0, coupon({ percent_off: 50, duration: 'forever' })],
    [
      'a third for two months',
      [1_943, 2_900, 2_900],
      0,
      coupon({ percent_off: 33, duration: 'repeating', duration_in_months: 2 }),
    ],
    [
      'an amount for three',
      [2_400, 2_400, 2_900],
      0,
      coupon({ amount_off: 500, currency: 'usd', duration: 'repeating', duration_in_months: 3 }),
    ],
    ['half of it once', [2_900, 2_900, 2_900], 0, coupon({ percent_off: 50, duration: 'once' })],
    ['more than it costs', [0, 0, 0], 0, coupon({ amount_off: 4_000, currency: 'usd', duration: 'forever' })],
    ['credit', [0, 1_800, 2_900], -4_000, () => Promise.resolve({})],
    ['what is owed from before', [3_300, 2_900, 2_900], 400, () => Promise.resolve({})],
    ['half of it and credit', [950, 1_450, 1_450], -500, coupon({ percent_off: 50, duration: 'forever' })],
    ['nothing, in a trial', [2_900, 2_900, 2_900], 0, () => Promise.resolve(trial)],
    [
      'half of it once, in a trial',
      [1_450, 2_900, 2_900],
      0,
      async () => ({ ...trial, ...(await coupon({ percent_off: 50, duration: 'once' })()) }),
    ],
  ])('of %s off says what the next three invoices ask for', async (_, due, balance, wish) => {
    const { customer, subscription } = await subscriptionOf(shop, await wish());
    await shop.stripe.customers.update(customer.id, { balance });
    for (const expected of due) {
      const preview = await shop.stripe.invoices.createPreview({ subscription: subscription.id });
      shop.sandbox.acts.renew(subscription.id);
      const invoice = await latest(subscription.id);
      const amounts = ({ amount_due, total, subtotal, starting_balance }: Stripe.Invoice) => ({
        amount_due,
        total,
        subtotal,
        starting_balance,
      });
      expect([preview.amount_due, amounts(preview)]).toEqual([expected, amounts(invoice)]);
      expect(preview.total_discount_amounts).toEqual(invoice.total_discount_amounts);
    }
  });

  test('of one that ends with its period is none, but for what waits to be paid; kept, or paused, likewise', async () => {
    const { subscription } = await subscriptionOf(shop);
    const preview = (details?: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails) =>
      shop.stripe.invoices.createPreview({
        subscription: subscription.id,
        ...(details ? { subscription_details: details } : {}),
      });
    expect((await refusalOf(preview({ cancel_at_period_end: true }))).code).toBe('invoice_upcoming_none');
    await shop.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    expect((await refusalOf(preview())).code).toBe('invoice_upcoming_none');
    expect((await preview({ cancel_at_period_end: false })).amount_due).toBe(2_900);
    shop.sandbox.acts.advance(5 * DAY);
    await shop.stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]!.id, quantity: 2 }],
      proration_behavior: 'create_prorations',
    });
    const last = await preview();
    shop.sandbox.acts.advance(30 * DAY);
    expect([last.lines.data.every(({ parent }) => parent?.invoice_item_details !== null), last.amount_due]).toEqual([
      true,
      (await latest(subscription.id)).amount_due,
    ]);
    expect((await refusalOf(preview())).code).toBe('invoice_upcoming_none');
  });
});
