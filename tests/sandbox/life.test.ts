import { checkoutOf, DAY, HOUR, openShop, subscriptionOf, type Shop } from './shop';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.sandbox.close());

const now = () => shop.sandbox.world.now();

describe('a subscription', () => {
  test('comes to be with its checkout: paid, active, with everything Stripe says of it', async () => {
    const { customer, session } = await checkoutOf(shop, {
      client_reference_id: 'account-1',
      metadata: { a: '1' },
      subscription_data: { metadata: { account: '1' } },
    });
    expect([session.status, session.payment_status, session.amount_total, session.url]).toEqual([
      'open',
      'unpaid',
      2_900,
      `${shop.sandbox.url}/c/pay/${session.id}`,
    ]);
    shop.heard();
    expect(shop.sandbox.acts.payCheckout(session.id, { card: 'good' })).toEqual({ outcome: 'paid' });
    expect(shop.heard()).toEqual([
      'payment_method.attached',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
      'checkout.session.completed',
    ]);
    const read = await shop.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.latest_invoice', 'line_items'],
    });
    expect([
      read.status,
      read.payment_status,
      read.client_reference_id,
      read.customer,
      read.line_items?.data[0]?.price?.id,
    ]).toEqual(['complete', 'paid', 'account-1', customer.id, shop.monthly.id]);
    const subscription = read.subscription as Exclude<typeof read.subscription, string | null>;
    expect([subscription.status, subscription.metadata]).toEqual(['active', { account: '1' }]);
    const [item] = subscription.items.data;
    expect([item!.current_period_start, item!.current_period_end]).toEqual([
      now(),
      Date.parse('2026-12-15T12:00:00Z') / 1000,
    ]);
    expect(subscription.latest_invoice).toMatchObject({
      status: 'paid',
      amount_paid: 2_900,
      billing_reason: 'subscription_create',
      parent: { subscription_details: { subscription: subscription.id } },
    });
    expect(() => shop.sandbox.acts.payCheckout(session.id, { card: 'good' })).toThrow('no longer active');
  });

  test('is invoiced to the address its customer has when the invoice becomes final', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    const addresses = async () =>
      (await shop.stripe.invoices.list({ subscription: subscription.id })).data.map(({ status, customer_email }) => [
        status,
        customer_email,
      ]);
    shop.sandbox.acts.advance(30 * DAY);
    await shop.stripe.customers.update(customer.id, { email: 'first@example.org' });
    expect(await addresses()).toEqual([
      ['draft', 'first@example.org'],
      ['paid', customer.email],
    ]);
    shop.sandbox.acts.advance(HOUR);
    await shop.stripe.customers.update(customer.id, { email: 'later@example.org' });
    expect(await addresses()).toEqual([
      ['paid', 'first@example.org'],
      ['paid', customer.email],
    ]);
  });

  test('is renewed when its period ends: a draft, an hour later final and paid', async () => {
    const { subscription } = await subscriptionOf(shop);
    shop.heard();
    shop.sandbox.acts.advance(30 * DAY);
    expect(shop.heard()).toEqual(['invoice.upcoming', 'invoice.created', 'customer.subscription.updated']);
    const draft = await shop.stripe.invoices.list({ subscription: subscription.id, status: 'draft' });
    expect(draft.data.map(({ amount_due, billing_reason }) => [amount_due, billing_reason])).toEqual([
      [2_900, 'subscription_cycle'],
    ]);
    shop.sandbox.acts.advance(HOUR - 1);
    expect(shop.heard()).toEqual([]);
    shop.sandbox.acts.advance(1);
    expect(shop.heard()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    const after = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect([after.status, after.items.data[0]!.current_period_end]).toEqual([
      'active',
      Date.parse('2027-01-15T12:00:00Z') / 1000,
    ]);
  });

  test('renews on the same day of the month, or on its last', async () => {
    shop.sandbox.acts.advance(46 * DAY);
    const { subscription } = await subscriptionOf(shop);
    const ends: string[] = [];
    for (let month = 0; month < 3; month++) {
      const { items } = await shop.stripe.subscriptions.retrieve(subscription.id);
      ends.push(new Date(items.data[0]!.current_period_end * 1000).toISOString().slice(0, 10));
      shop.sandbox.acts.renew(subscription.id);
    }
    expect(ends).toEqual(['2027-01-31', '2027-02-28', '2027-03-31']);
  });

  test('goes on while its payment is tried again, and ends after the last try', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined', 4);
    shop.sandbox.acts.renew(subscription.id);
    const states: unknown[] = [];
    const look = async () => {
      const { status, latest_invoice } = await shop.stripe.subscriptions.retrieve(subscription.id, {
        expand: ['latest_invoice'],
      });
      const invoice = latest_invoice as Exclude<typeof latest_invoice, string | null>;
      states.push([
        status,
        invoice.status,
        invoice.attempt_count,
        invoice.next_payment_attempt === null
          ? null
          : (invoice.next_payment_attempt - invoice.status_transitions.finalized_at!) / DAY,
      ]);
    };
    await look();
    for (const days of [3, 2, 2]) {
      shop.sandbox.acts.advance(days * DAY);
      await look();
    }
    expect(states).toEqual([
      ['past_due', 'open', 1, 3],
      ['past_due', 'open', 2, 5],
      ['past_due', 'open', 3, 7],
      ['canceled', 'open', 4, null],
    ]);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).cancellation_details?.reason).toBe(
      'payment_failed',
    );
    expect(shop.heard().filter((type) => /payment_failed$|subscription\.deleted/.test(type))).toEqual([
      ...Array.from({ length: 4 }, () => ['payment_intent.payment_failed', 'invoice.payment_failed']).flat(),
      'customer.subscription.deleted',
    ]);
  });

  test('is in order again as soon as the customer pays', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined');
    shop.sandbox.acts.renew(subscription.id);
    const { latest_invoice, status } = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect(status).toBe('past_due');
    expect(shop.sandbox.acts.payInvoice(latest_invoice as string, { card: 'declined' })).toMatchObject({
      outcome: 'declined',
      code: 'card_declined',
    });
    expect(shop.sandbox.acts.payInvoice(latest_invoice as string, { card: 'good' })).toEqual({ outcome: 'paid' });
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  test.each([
    ['unpaid', 'draft'],
    ['past_due', 'paid'],
  ] as const)('may be left %s after the last try, when the account is set so', async (afterLastAttempt, next) => {
    shop.sandbox.world.settings = { ...shop.sandbox.world.settings, afterLastAttempt };
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'declined', 4);
    shop.sandbox.acts.renew(subscription.id);
    shop.sandbox.acts.advance(8 * DAY);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe(afterLastAttempt);
    shop.sandbox.acts.renew(subscription.id);
    const [invoice] = (await shop.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoice!.status).toBe(next);
  });

  test("waits for the bank's customer when a renewal must be authenticated", async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.failNextPayment(customer.id, 'authenticate');
    shop.heard();
    shop.sandbox.acts.renew(subscription.id);
    expect(shop.heard()).toEqual(
      expect.arrayContaining([
        'payment_intent.requires_action',
        'invoice.payment_action_required',
        'invoice.payment_failed',
      ]),
    );
    const { latest_invoice, status } = await shop.stripe.subscriptions.retrieve(subscription.id);
    const { data } = await shop.stripe.invoicePayments.list({
      invoice: latest_invoice as string,
      expand: ['data.payment.payment_intent'],
    });
    expect([status, data[0]!.payment.payment_intent]).toEqual([
      'past_due',
      expect.objectContaining({ status: 'requires_action' }),
    ]);
    expect(shop.sandbox.acts.payInvoice(latest_invoice as string)).toEqual({ outcome: 'authenticate' });
    expect(shop.sandbox.acts.payInvoice(latest_invoice as string, { authenticated: true })).toEqual({
      outcome: 'paid',
    });
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  test('ends with its period when canceled, unless it is undone', async () => {
    const { subscription } = await subscriptionOf(shop);
    const end = subscription.items.data[0]!.current_period_end;
    const ending = await shop.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    expect([ending.status, ending.cancel_at, ending.cancel_at_period_end, ending.canceled_at]).toEqual([
      'active',
      end,
      true,
      now(),
    ]);
    const undone = await shop.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    expect([undone.cancel_at, undone.cancel_at_period_end, undone.canceled_at]).toEqual([null, false, null]);
    await shop.stripe.subscriptions.update(subscription.id, { cancel_at: end });
    shop.heard();
    shop.sandbox.acts.advance(31 * DAY);
    expect(shop.heard()).toEqual(['customer.subscription.deleted']);
    const ended = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect([ended.status, ended.ended_at]).toEqual(['canceled', end]);
    expect((await shop.stripe.subscriptions.list({ customer: subscription.customer as string })).data).toEqual([]);
    expect(
      (await shop.stripe.subscriptions.list({ customer: subscription.customer as string, status: 'all' })).data,
    ).toHaveLength(1);
  });

  test('ends at once when canceled now, and cannot be changed after', async () => {
    const { subscription } = await subscriptionOf(shop);
    const ended = await shop.stripe.subscriptions.cancel(subscription.id, {
      cancellation_details: { comment: 'bye', feedback: 'unused' },
    });
    expect([ended.status, ended.ended_at, ended.cancellation_details]).toEqual([
      'canceled',
      now(),
      { comment: 'bye', feedback: 'unused', feedback_option: null, reason: 'cancellation_requested' },
    ]);
    await expect(shop.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })).rejects.toThrow(
      'canceled subscription',
    );
  });

  test('is not collected while it is paused', async () => {
    const { subscription } = await subscriptionOf(shop);
    await shop.stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: now() + 40 * DAY },
    });
    shop.sandbox.acts.renew(subscription.id);
    const invoices = async () =>
      (await shop.stripe.invoices.list({ subscription: subscription.id })).data.map(({ status }) => status);
    expect(await invoices()).toEqual(['void', 'paid']);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    shop.sandbox.acts.renew(subscription.id);
    expect(await invoices()).toEqual(['paid', 'void', 'paid']);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
  });

  test('that was never paid for expires after 23 hours, and its invoice with it', async () => {
    const { subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.setStatus(subscription.id, 'incomplete');
    shop.sandbox.acts.advance(23 * HOUR - 1);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete');
    shop.sandbox.acts.advance(1);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired');
  });

  test('can be forced into a status nobody knows', async () => {
    const { subscription } = await subscriptionOf(shop);
    shop.sandbox.acts.setStatus(subscription.id, 'hibernating');
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('hibernating');
  });
});

describe('a trial', () => {
  const trial = { subscription_data: { trial_period_days: 14 } };

  test('costs nothing, is announced three days before its end, and is paid after', async () => {
    const { customer, subscription } = await subscriptionOf(shop, trial);
    expect([subscription.status, subscription.trial_end]).toEqual(['trialing', now() + 14 * DAY]);
    const [session] = (await shop.stripe.checkout.sessions.list({ customer: customer.id })).data;
    expect([
      session!.payment_status,
      session!.amount_total,
      (await shop.stripe.charges.list({ customer: customer.id })).data,
    ]).toEqual(['no_payment_required', 0, []]);
    shop.heard();
    shop.sandbox.acts.advance(11 * DAY);
    expect(shop.heard()).toContain('customer.subscription.trial_will_end');
    shop.sandbox.acts.advance(3 * DAY + HOUR);
    expect(shop.heard()).not.toContain('customer.subscription.trial_will_end');
    const after = await shop.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
    expect([after.status, after.billing_cycle_anchor, after.latest_invoice]).toEqual([
      'active',
      subscription.trial_end,
      expect.objectContaining({ amount_paid: 2_900, status: 'paid' }),
    ]);
  });

  test('with a card that can be kept but not charged ends past due', async () => {
    const { subscription } = await subscriptionOf(shop, trial, 'attach-then-fail');
    shop.sandbox.acts.renew(subscription.id);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
  });

  test('can be ended now', async () => {
    const { subscription } = await subscriptionOf(shop, trial);
    const after = await shop.stripe.subscriptions.update(subscription.id, { trial_end: 'now' });
    expect([after.status, after.items.data[0]!.current_period_start]).toEqual(['active', now()]);
    expect(
      (await shop.stripe.invoices.list({ subscription: subscription.id })).data.map(({ amount_paid }) => amount_paid),
    ).toEqual([2_900, 0]);
  });

  test('without a card pauses where the checkout said so, and goes on when resumed', async () => {
    const { subscription } = await subscriptionOf(shop, {
      payment_method_collection: 'if_required',
      subscription_data: {
        trial_period_days: 14,
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      },
    });
    expect(subscription.default_payment_method).toBeNull();
    shop.sandbox.acts.advance(15 * DAY);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused');
    shop.sandbox.acts.replaceCard(subscription.customer as string, 'good');
    expect((await shop.stripe.subscriptions.resume(subscription.id)).status).toBe('active');
  });
});

describe('a checkout', () => {
  test('that is declined leaves its traces and stays open', async () => {
    const { customer, session } = await checkoutOf(shop);
    shop.heard();
    expect(shop.sandbox.acts.payCheckout(session.id, { card: 'declined' })).toEqual({
      outcome: 'declined',
      code: 'card_declined',
      message: 'Your card was declined.',
    });
    expect(shop.heard()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
    expect((await shop.stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
  });

  test('asks for authentication once, and goes by the answer', async () => {
    const { session } = await checkoutOf(shop);
    expect(shop.sandbox.acts.payCheckout(session.id, { card: 'authenticate' })).toEqual({ outcome: 'authenticate' });
    expect(shop.sandbox.acts.payCheckout(session.id, { card: 'authenticate', authenticated: false })).toMatchObject({
      outcome: 'declined',
      code: 'payment_intent_authentication_failure',
    });
    expect(shop.sandbox.acts.payCheckout(session.id, { card: 'authenticate', authenticated: true })).toEqual({
      outcome: 'paid',
    });
  });

  test('expires after a day, or when it is told to', async () => {
    const [{ session: first }, { session: second }] = [await checkoutOf(shop), await checkoutOf(shop)];
    expect((await shop.stripe.checkout.sessions.expire(first.id)).status).toBe('expired');
    shop.heard();
    shop.sandbox.acts.advance(DAY);
    expect(shop.heard()).toEqual(['checkout.session.expired']);
    expect((await shop.stripe.checkout.sessions.retrieve(second.id)).status).toBe('expired');
  });

  test('takes a promotion code: once it is once', async () => {
    const coupon = await shop.stripe.coupons.create({ percent_off: 33.3, duration: 'once' });
    await shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'WELCOME' });
    const { session } = await checkoutOf(shop, { allow_promotion_codes: true });
    expect(() => shop.sandbox.acts.payCheckout(session.id, { card: 'good', promotionCode: 'NOPE' })).toThrow('invalid');
    shop.sandbox.acts.payCheckout(session.id, { card: 'good', promotionCode: 'welcome' });
    const paid = await shop.stripe.checkout.sessions.retrieve(session.id);
    expect([paid.amount_subtotal, paid.amount_total]).toEqual([2_900, 2_900 - 966]);
    const { id } = await shop.stripe.subscriptions.retrieve(paid.subscription as string);
    shop.sandbox.acts.renew(id);
    expect((await shop.stripe.invoices.list({ subscription: id })).data.map(({ amount_paid }) => amount_paid)).toEqual([
      2_900, 1_934,
    ]);
    expect((await shop.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  });
});
