import Stripe from 'stripe';
import path from 'node:path';
import { accountsViewer } from '../../src/access/viewer';
import { billingLetterKinds } from '../../src/billing/letters';
import { reconcileAll } from '../../src/billing/sync/reconcile';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { loadLanguages } from '../../src/lib/language';
import { formatMoney } from '../../src/lib/money';
import { root } from '../../src/lib/root';
import { settingsAsDelivered } from '../support/settings';
import { redeem as redeemed } from '../../src/sandbox/engine/discounts';
import { compose } from '../../src/mail/compose';
import {
  aBuyer,
  askToPay,
  customersOf,
  reads,
  sandboxOf,
  see,
  sessionIn,
  subscribe,
  type Buyer,
} from '../support/billing/buyer';
import { logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { send } from '../support/door';
import { somebody } from '../admin/support';
import { said, type Page } from '../support/page';
import { aCustomer, alarmsOf, buy, drained, kindsTo, priceOf, rowOf } from '../support/billing/subscriber';

jest.setTimeout(60_000);

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const stripeOf = () => dossier.app.billing.stripe;
const grantOf = (reference: string) =>
  dossier.wall.read(accountsViewer, (db) => db.grant.findFirstOrThrow({ where: { reference } }));
const look = (customer: string) => syncCustomer(dossier.app.billing, customer);
const section = (buyer: Buyer, prefix = '') => see(dossier, buyer, `${prefix}/account/billing`);
const languages = loadLanguages(path.join(root, 'views/languages'));
const stationery = {
  kinds: billingLetterKinds,
  languages,
  publicUrl: 'https://dossier.example',
  settings: settingsAsDelivered,
  mailFrom: null,
};
const lettersOf = async ({ email }: Pick<Buyer, 'email'>) =>
  (
    await dossier.wall.read(accountsViewer, (db) =>
      db.letter.findMany({ where: { recipient: email }, orderBy: { createdAt: 'asc' } }),
    )
  ).map((one) => compose(one, stationery).paragraphs.join(' '));
const SESSION = /\/cs_\w+/;

/** A price that has nothing to do with Dossier. */
async function aMug(): Promise<string> {
  const { id: product } = await stripeOf().products.create({ name: 'A mug a month' });
  return (
    await stripeOf().prices.create({ product, currency: 'eur', unit_amount: 900, recurring: { interval: 'month' } })
  ).id;
}

describe('a subscription that Stripe has moved', () => {
  test('to another product closes what it opened, says so, and one can join again', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    const { accessUntil } = await rowOf(dossier, subscription);
    const mug = await aMug();
    const { acts } = sandboxOf(dossier);
    acts.changePrice(subscription, mug, 'none');
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(false);
    const moved = await rowOf(dossier, subscription);
    expect(moved).toMatchObject({ accessReason: 'other-product', accessUntil: null, tierSlug: null, priceId: mug });
    const { until } = await grantOf(subscription);
    expect([until! < accessUntil!, until! <= dossier.clock.now()]).toEqual([true, true]);
    expect((await alarmsOf(dossier, 'other-product')).map(({ subject }) => subject)).toEqual([
      `${subscription} ${mug}`,
    ]);
    expect(await kindsTo(dossier, buyer)).toEqual(['subscription-welcome', 'subscription-ended']);
    const page = await section(buyer);
    expect([said(page, '.standing'), page.html.querySelector('a[href*="/cancel?"]')]).toEqual([
      expect.stringContaining('for something else now'),
      null,
    ]);
    expect(said(await section(buyer, '/es'), '.standing')).toContain('otra cosa');

    // Two periods later the record has gone with it, its charges are nobody's business here, and the end is where it
    // was.
    acts.advance(62 * 86_400);
    await drained(dossier);
    const later = await rowOf(dossier, subscription);
    expect([later.periodEnd! > dossier.clock.now(), (await look(customer)).changed]).toEqual([true, false]);
    expect(
      await dossier.wall.read(accountsViewer, (db) => db.invoice.count({ where: { subscriptionId: subscription } })),
    ).toBe(1);
    acts.cancelNow(subscription);
    await drained(dossier);
    expect((await grantOf(subscription)).until).toEqual(until);

    expect((await see(dossier, buyer, '/join/leadership-alliance')).status).toBe(200);
    acts.payCheckout(sessionIn(await askToPay(dossier, buyer)), { card: 'good' });
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(true);
  });

  test('without a word is found by the comparison; moved back it opens again', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const { priceId } = await rowOf(dossier, subscription);
    const { acts, deliveries } = sandboxOf(dossier);
    deliveries.dropNext(20);
    acts.changePrice(subscription, await aMug(), 'none');
    deliveries.dropNext(0);
    const done = await reconcileAll({ ...dossier.app.billing, pool: dossier.stores.pool });
    expect([done!.repaired, await reads(dossier, buyer)]).toEqual([1, false]);
    acts.changePrice(subscription, priceId!, 'none');
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(true);
  });

  test('to something of ours beside something else goes on, and without ours does not', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const mug = await aMug();
    const [ours] = (await stripeOf().subscriptions.retrieve(subscription)).items.data;
    const change = (items: { id?: string; price?: string; deleted?: boolean }[]) =>
      stripeOf().subscriptions.update(subscription, { items, proration_behavior: 'none' });
    await change([{ price: mug }]);
    await drained(dossier);
    expect([await reads(dossier, buyer), (await rowOf(dossier, subscription)).amountCents]).toEqual([true, 4900]);
    await change([{ id: ours!.id, deleted: true }]);
    await drained(dossier);
    expect([await reads(dossier, buyer), (await rowOf(dossier, subscription)).accessReason]).toEqual([
      false,
      'other-product',
    ]);
  });

  test('away from its customer, or out of the world, is closed too', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    sandboxOf(dossier).world.remove('subscriptions', subscription);
    expect(await look(customer)).toMatchObject({ changed: true, access: false });
    expect(await reads(dossier, buyer)).toBe(false);
    expect(await rowOf(dossier, subscription)).toMatchObject({ status: 'canceled', accessReason: 'deleted' });
    expect((await look(customer)).changed).toBe(false);
    expect((await askToPay(dossier, buyer)).headers.get('location')).toMatch(SESSION);
  });
});

describe('what Stripe has refused once', () => {
  const REFUSED = 'Stripe refused to open its page for you';

  test('is asked anew: a checkout whose price was archived opens as soon as it is sold again, by whichever plan', async () => {
    const buyer = await aBuyer(dossier);
    await askToPay(dossier, buyer);
    const { deliveries } = sandboxOf(dossier);
    deliveries.hold();
    const price = await priceOf(dossier, 'month');
    await stripeOf().prices.update(price, { active: false });
    const next = { next: '/briefings/another-wish' };
    for (const prefix of ['', '/es']) {
      const answer = await askToPay(dossier, buyer, 'month', next, prefix);
      expect([answer.status, said(answer, '.form-error')]).toEqual([
        503,
        expect.stringContaining(prefix === '' ? REFUSED : 'Stripe no ha querido'),
      ]);
    }
    expect((await alarmsOf(dossier, 'stripe-refused')).map(({ subject, times }) => [subject, times])).toEqual([
      ['a checkout', 2],
    ]);
    // Another plan is another question, and was not refused.
    expect((await askToPay(dossier, buyer, 'year', next)).headers.get('location')).toMatch(SESSION);
    await stripeOf().prices.update(price, { active: true });
    expect((await askToPay(dossier, buyer, 'month', next)).headers.get('location')).toMatch(SESSION);
    const { stripeId } = (await customersOf(dossier, buyer))[0]!;
    expect((await stripeOf().checkout.sessions.list({ customer: stripeId!, status: 'open' })).data).toHaveLength(1);
    deliveries.release();
  });

  test('under a key that somebody else has used for another question, is asked anew with the next click', async () => {
    const buyer = await aBuyer(dossier);
    await askToPay(dossier, buyer);
    const [row] = await customersOf(dossier, buyer);
    const [newest] = (await stripeOf().checkout.sessions.list({ customer: row!.stripeId!, limit: 1 })).data;
    // A process asked for something, was refused, and died before it could say so.
    const idempotencyKey = `checkout ${row!.id} ${newest!.id}`;
    const line = { price: 'price_nobodys', quantity: 1 };
    const asked = {
      mode: 'subscription' as const,
      customer: row!.stripeId!,
      line_items: [line],
      success_url: dossier.url,
    };
    await expect(stripeOf().checkout.sessions.create(asked, { idempotencyKey })).rejects.toThrow('price_nobodys');
    const next = { next: '/briefings/one-more' };
    expect(said(await askToPay(dossier, buyer, 'month', next), '.form-error')).toContain(REFUSED);
    expect((await askToPay(dossier, buyer, 'month', next)).headers.get('location')).toMatch(SESSION);
  });

  test.each([
    ['a refusal', () => new Stripe.errors.StripeInvalidRequestError(errorOf(400, 'invalid_request_error')), REFUSED],
    ['no right to it', () => new Stripe.errors.StripePermissionError(errorOf(403, 'invalid_request_error')), REFUSED],
    [
      'a failure of its own',
      () => new Stripe.errors.StripeAPIError(errorOf(500, 'api_error')),
      'does not answer just now',
    ],
  ])('a customer that met %s is made with the next click, and is one', async (_, error, words) => {
    const buyer = await aBuyer(dossier);
    const { customers } = stripeOf();
    const create = customers.create.bind(customers);
    let first: string | undefined;
    const spy = jest.spyOn(customers, 'create').mockImplementation(((
      params: object,
      options: Stripe.RequestOptions,
    ) => {
      first ??= options.idempotencyKey;
      return options.idempotencyKey === first ? Promise.reject(error()) : create(params, options);
    }) as never);
    try {
      const answer = await askToPay(dossier, buyer);
      expect([answer.status, said(answer, '.form-error')]).toEqual([503, expect.stringContaining(words)]);
      const both = await Promise.all([askToPay(dossier, buyer), askToPay(dossier, buyer)]);
      expect(new Set(both.map(sessionIn)).size).toBe(1);
    } finally {
      spy.mockRestore();
    }
    const made = [...sandboxOf(dossier).world.customers.values()].filter(
      (one) => !one.deleted && one.metadata['account'] === buyer.id,
    );
    expect([made.length, (await customersOf(dossier, buyer)).map(({ stripeId }) => stripeId)]).toEqual([
      1,
      [made[0]!.id],
    ]);
  });

  /** Refuses whatever comes under the first key that comes, as Stripe repeats a refusal; the keys that came. */
  function refuseFirst<T extends object>(resource: T, method: keyof T & string) {
    const keys: (string | undefined)[] = [];
    const real = (resource[method] as (...args: unknown[]) => Promise<unknown>).bind(resource);
    const spy = jest.spyOn(resource as never, method as never).mockImplementation(((...args: unknown[]) => {
      const { idempotencyKey } = args.at(-1) as Stripe.RequestOptions;
      keys.push(idempotencyKey);
      return idempotencyKey === keys[0]
        ? Promise.reject(new Stripe.errors.StripeInvalidRequestError(errorOf(400, 'invalid_request_error')))
        : real(...args);
    }) as never);
    return { keys, restore: () => spy.mockRestore() };
  }
  const formOf = (page: Page) =>
    Object.fromEntries(
      page.html
        .querySelectorAll('main form[method=post] input')
        .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
    );

  test('a change of plan goes through when the same form is sent again', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const fields = formOf(await see(dossier, buyer, `/account/billing/plan?subscription=${subscription}&to=year`));
    const change = () => send(dossier, '/account/billing/plan', fields, buyer);
    const { keys, restore } = refuseFirst(stripeOf().subscriptions, 'update');
    try {
      expect((await change()).status).toBe(409);
      expect((await change()).headers.get('location')).toContain('plan-changed');
    } finally {
      restore();
    }
    expect(keys).toEqual([expect.any(String), `${keys[0]} 1`]);
    expect((await rowOf(dossier, subscription)).interval).toBe('year');
  });

  test('a refund is made once when the same form is sent again', async () => {
    const buyer = await aBuyer(dossier);
    const { customer } = await subscribe(dossier, buyer);
    const admin = await somebody(dossier, 'admin');
    const [invoice] = (await stripeOf().invoices.list({ customer, limit: 1 })).data;
    const at = `/admin/members/${buyer.id}/billing/refund`;
    const asked = await see(dossier, admin, `${at}?invoice=${invoice!.id}&amount=9`);
    const refund = () => send(dossier, at, { ...formOf(asked), reason: 'a test' }, admin);
    const { keys, restore } = refuseFirst(stripeOf().refunds, 'create');
    try {
      expect((await refund()).status).toBe(409);
      expect((await refund()).headers.get('location')).toContain('done=billing-refund');
    } finally {
      restore();
    }
    expect(keys).toEqual([expect.any(String), `${keys[0]} 1`]);
    const [charge] = (await stripeOf().charges.list({ customer })).data;
    expect(charge!.amount_refunded).toBe(900);
  });

  test('without an answer is asked again under the same key: one customer is made, and one that was made unheard is found', async () => {
    const buyer = await aBuyer(dossier);
    const { customers } = stripeOf();
    const create = customers.create.bind(customers);
    const keys: (string | undefined)[] = [];
    const spy = jest.spyOn(customers, 'create').mockImplementation((async (
      params: object,
      options: Stripe.RequestOptions,
    ) => {
      keys.push(options.idempotencyKey);
      await create(params, options);
      throw new Stripe.errors.StripeConnectionError({ message: 'the line went dead', type: 'api_error' });
    }) as never);
    await askToPay(dossier, buyer);
    spy.mockRestore();
    expect(sessionIn(await askToPay(dossier, buyer))).toMatch(/^cs_/);
    const made = [...sandboxOf(dossier).world.customers.values()].filter(
      (one) => !one.deleted && one.metadata['account'] === buyer.id,
    );
    expect([keys.length, made.length]).toEqual([1, 1]);
  });
});

const errorOf = (statusCode: number, type: 'invalid_request_error' | 'api_error') => ({
  message: 'no',
  type,
  statusCode,
});

describe('a payment that has gone back', () => {
  const back = async (way: 'refund' | 'lost'): Promise<{ buyer: Buyer; subscription: string; customer: string }> => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    const [charge] = (await stripeOf().charges.list({ customer })).data;
    const { acts } = sandboxOf(dossier);
    if (way === 'refund') acts.refund(charge!.id);
    else acts.closeDispute(acts.openDispute(charge!.id).id, 'lost');
    await drained(dossier);
    return { buyer, subscription, customer };
  };
  const joining = (buyer: Buyer) => see(dossier, buyer, '/join/leadership-alliance');

  test.each(['refund', 'lost'] as const)(
    'by %s closes what it opened, and while Stripe goes on charging nobody says that it ended',
    async (way) => {
      const { buyer, subscription } = await back(way);
      const { periodEnd } = await rowOf(dossier, subscription);
      const day = languages.first.day(periodEnd!);
      const standing = said(await section(buyer), '.standing');
      expect(standing).toContain(`The subscription goes on: it is charged again on ${day}`);
      expect(said(await section(buyer, '/es'), '.standing')).toContain('La suscripción sigue');
      expect([(await section(buyer)).text, (await see(dossier, buyer, '/account')).text].join(' ')).not.toMatch(
        /[Hh]as ended|already/,
      );
      // Whoever wants to join is told how it stands, and not that they have it.
      for (const answer of [await joining(buyer), await askToPay(dossier, buyer)])
        expect(answer.headers.get('location')).toBe('/account/billing?done=subscription-closed');
      expect(said(await see(dossier, buyer, '/account/billing?done=subscription-closed'), '.done')).toContain(
        'opens nothing just now',
      );
      const letters = await lettersOf(buyer);
      expect(letters.at(-1)).toContain(
        way === 'refund' ? `goes on: it is charged again on ${day}` : 'everything Leadership Alliance opens is open',
      );

      // The end is there at once, is told, and then one can join again.
      const end = `/account/billing/cancel?subscription=${subscription}`;
      expect((await section(buyer)).html.querySelector(`a[href="${end}"]`)).not.toBeNull();
      expect((await see(dossier, buyer, end)).text).toContain('It ends at once');
      await send(dossier, '/account/billing/cancel', { subscription }, buyer);
      expect([(await rowOf(dossier, subscription)).status, await kindsTo(dossier, buyer)]).toEqual([
        'canceled',
        ['subscription-welcome', ...(way === 'refund' ? ['refunded'] : []), 'subscription-ended'],
      ]);
      expect(said(await section(buyer), '.standing')).toContain('the subscription has ended');
      expect((await askToPay(dossier, buyer)).headers.get('location')).toMatch(SESSION);
    },
  );

  test('with an end that was set says when it ends, and can be ended before', async () => {
    const { buyer, subscription } = await back('refund');
    sandboxOf(dossier).acts.cancelAtPeriodEnd(subscription, true);
    await drained(dossier);
    expect(said(await section(buyer), '.standing')).toContain('The subscription ends on');
    await send(dossier, '/account/billing/cancel', { subscription }, buyer);
    expect((await rowOf(dossier, subscription)).status).toBe('canceled');
  });

  test('before a renewal that fails says what is owed, and where to pay it', async () => {
    const { buyer, customer } = await back('refund');
    const { acts } = sandboxOf(dossier);
    acts.replaceCard(customer, 'attach-then-fail');
    acts.advance(32 * 86_400);
    await drained(dossier);
    const page = await section(buyer);
    expect([said(page, '.standing'), page.html.querySelector('a[href*="/billing/invoice?id="]')?.text]).toEqual([
      expect.stringContaining('The payment of €49 that followed has not arrived'),
      'Pay €49',
    ]);
  });

  test('lets an admin end the subscription as the alarm about it is settled, unless the tick is taken out', async () => {
    const admin = await somebody(dossier, 'admin');
    for (const [way, kind, tick] of [
      ['lost', 'dispute-lost', true],
      ['refund', 'refund', false],
    ] as const) {
      const { buyer, subscription } = await back(way);
      const alarm = (await alarmsOf(dossier, kind)).find(({ accountId }) => accountId === buyer.id)!;
      const page = await see(dossier, admin, '/admin/billing/alarms');
      const form = page.html.querySelector(`#alarm-${alarm.id} form`)!;
      expect(form.querySelector('input[name=end][checked]')?.getAttribute('value')).toBe('yes');
      const submission = form.querySelector('input[name=submission]')!.getAttribute('value')!;
      const settle = () =>
        send(
          dossier,
          form.getAttribute('action')!,
          { submission, back: 'alarms', ...(tick ? { end: 'yes' } : {}) },
          admin,
        );
      if (tick) {
        const spy = jest.spyOn(stripeOf().subscriptions, 'cancel').mockImplementation(() => {
          throw new Stripe.errors.StripeConnectionError({ message: 'the line went dead', type: 'api_error' });
        });
        const away = await settle();
        spy.mockRestore();
        expect([away.status, (await alarmsOf(dossier, kind)).some(({ id }) => id === alarm.id)]).toEqual([503, true]);
      }
      expect((await settle()).status).toBe(303);
      expect([
        (await rowOf(dossier, subscription)).status,
        (await alarmsOf(dossier, kind)).some(({ id }) => id === alarm.id),
      ]).toEqual([tick ? 'canceled' : 'active', false]);
    }
  });
});

test.each([
  ['unpaid', 'is closed until a payment arrives', 'Todavía falta un pago'],
  ['paused', 'is paused', 'en pausa'],
  ['other-product', 'does not open Leadership Alliance any more', 'otra cosa'],
])('the letter of one that opens nothing and has not ended (%s) does not say that it has', (state, en, es) => {
  const composed = (lang: string) => {
    const { subject, paragraphs, note } = compose(
      {
        id: 'x',
        kind: 'subscription-ended',
        lang,
        recipient: 'x@example.org',
        data: { tier: 'Leadership Alliance', until: '2026-03-31T00:00:00.000Z', state },
      },
      stationery,
    );
    return [subject, ...paragraphs, note].join(' ');
  };
  expect(composed('en')).toContain(en);
  expect(composed('en').replace('has not ended', '')).not.toContain('has ended');
  expect(composed('es')).toContain(es);
});

describe('what is charged next', () => {
  const facts = (page: Page) =>
    Object.fromEntries(
      page.html
        .querySelectorAll('.paid-facts div')
        .map((one) => [one.querySelector('dt')!.text, one.querySelector('dd')!.text]),
    );
  const admins = async (buyer: Buyer) => {
    const admin = await somebody(dossier, 'admin');
    return (
      (await see(dossier, admin, `/admin/members/${buyer.id}`)).text +
      (await see(dossier, admin, `/admin/members/${buyer.id}/billing`)).text
    );
  };
  const redeem = async (subscription: string, shape: Stripe.CouponCreateParams) => {
    const { id } = await stripeOf().coupons.create(shape);
    const { world } = sandboxOf(dossier);
    const on = world.subscriptions.get(subscription)!;
    const discount = world.commit(() => redeemed(world, on, { coupon: id, promotionCode: null, session: null }));
    // As if it had been redeemed with the first payment: a second later it would hold for the next one too.
    if (discount.end !== null)
      world.commit(() => world.alter('discounts', discount, { end: on.items.data[0]!.current_period_end }));
  };

  test.each([
    ['all of it', { percent_off: 100, duration: 'forever' as const }, '€0', '€49'],
    ['half of it', { percent_off: 50, duration: 'forever' as const }, '€24.50', '€24.50'],
    ['an amount', { amount_off: 900, currency: 'eur', duration: 'forever' as const }, '€40', '€9'],
    [
      'all of it for a month that is over by then',
      { percent_off: 100, duration: 'repeating' as const, duration_in_months: 1 },
      '€49',
      undefined,
    ],
  ])('with %s taken off is what Stripe is going to charge', async (_, shape, amount, discount) => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    await redeem(subscription, shape);
    const day = languages.first.day((await rowOf(dossier, subscription)).periodEnd!);
    expect(facts(await section(buyer))).toMatchObject({
      'Next charge': `${amount} on ${day}`,
      ...(discount === undefined ? {} : { 'Discount taken off': discount }),
    });
    expect((await admins(buyer)).split(`${amount} on ${day}`)).toHaveLength(3);
    sandboxOf(dossier).acts.renew(subscription);
    const [invoice] = (await stripeOf().invoices.list({ customer, limit: 1 })).data;
    expect(formatMoney('en', invoice!.amount_due, 'eur')).toBe(amount);
  });

  test('after a year became a month is paid by the credit, and what is left of that is said', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer, 'year');
    const plan = await see(dossier, buyer, `/account/billing/plan?subscription=${subscription}&to=month`);
    expect(plan.text).toContain('less discounts and credit');
    const fields = Object.fromEntries(
      plan.html
        .querySelectorAll('main form[method=post] input')
        .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
    );
    expect((await send(dossier, '/account/billing/plan', fields, buyer)).status).toBe(303);
    const said = facts(await section(buyer));
    expect(said['Next charge']).toMatch(/^€0 on /);
    expect([said['Paid by your credit'], said['Credit left after it']]).toEqual([
      '€49',
      expect.stringMatching(/^€3\d\d/),
    ]);
  });

  test.each([
    ['a code for all of it', { percent_off: 100, duration: 'once' as const }, '€0'],
    ['nothing', null, '€49'],
  ])('when a trial ends, less %s, is what the section and the letter say', async (_, shape, amount) => {
    const reader = await aCustomer(dossier);
    const coupon = shape && (await stripeOf().coupons.create(shape)).id;
    const subscription = await buy(dossier, reader, { trialDays: 2, ...(coupon === null ? {} : { coupon }) });
    await drained(dossier);
    const buyer = {
      id: reader.accountId,
      email: reader.email,
      cookie: await logIn(dossier, reader.accountId, dossier.clock.now().getTime()),
    };
    const day = languages.first.day((await rowOf(dossier, subscription)).trialEnd!);
    expect([said(await section(buyer), '.standing'), facts(await section(buyer))['Next charge']]).toEqual([
      `You read on trial until ${day}. Then ${amount} is charged.`,
      `${amount} on ${day}`,
    ]);
    expect((await lettersOf(buyer)).at(-1)).toContain(`ends on ${day}. Then ${amount} is charged`);
  });

  test('where Stripe does not say it, is said with its date alone: on the pages, and in the letter', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    await redeem(subscription, { percent_off: 100, duration: 'forever' });
    const day = languages.first.day((await rowOf(dossier, subscription)).periodEnd!);
    const { invoices } = stripeOf();
    for (const error of [
      new Stripe.errors.StripeConnectionError({ message: 'no answer', type: 'api_error' }),
      new Stripe.errors.StripeAPIError(errorOf(500, 'api_error')),
      new Stripe.errors.StripeInvalidRequestError(errorOf(400, 'invalid_request_error')),
    ]) {
      const spy = jest.spyOn(invoices, 'createPreview').mockRejectedValue(error);
      try {
        const page = await section(buyer);
        expect([page.status, facts(page)['Next charge']]).toEqual([200, day]);
        expect(await admins(buyer)).not.toContain(`€49 on ${day}`);
      } finally {
        spy.mockRestore();
      }
    }
    const spy = jest
      .spyOn(invoices, 'createPreview')
      .mockRejectedValue(new Stripe.errors.StripeAPIError(errorOf(500, 'api_error')));
    const reader = await aCustomer(dossier);
    await buy(dossier, reader, { trialDays: 2 });
    await drained(dossier);
    spy.mockRestore();
    expect((await lettersOf(reader)).at(-1)).toMatch(/ends on .* From then on it is paid for, unless/);
  });
});

describe('a payment that is on its way', () => {
  /** A renewal whose debit takes days: tried, and neither arrived nor failed. */
  async function debited(): Promise<{ buyer: Buyer; customer: string; subscription: string; invoice: Stripe.Invoice }> {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    const { acts, world, deliveries } = sandboxOf(dossier);
    deliveries.hold();
    acts.failNextPayment(customer, 'authenticate');
    acts.renew(subscription);
    const invoice = [...world.invoices.values()].find((one) => one.customer === customer && one.status === 'open')!;
    const [payment] = world.of('invoicePayments', invoice.id);
    const intent = world.paymentIntents.get(payment!.payment.payment_intent as string)!;
    world.commit(() => {
      world.alter('paymentIntents', intent, { status: 'processing', next_action: null });
      world.alter('subscriptions', world.subscriptions.get(subscription)!, { status: 'active' });
      world.emit('payment_intent.processing', intent);
    });
    deliveries.release();
    await drained(dossier);
    return { buyer, customer, subscription, invoice };
  }

  const row = (page: Page) => page.html.querySelector('[aria-labelledby=invoices] li')!.text.replace(/\s+/g, ' ');

  test('has not failed: not in the section, not in the numbers, and no letter says so; paid it is paid', async () => {
    const failures = () =>
      dossier.wall.read(accountsViewer, (db) => db.invoice.count({ where: { failedAt: { not: null } } }));
    const before = await failures();
    const { buyer, subscription, invoice } = await debited();
    expect(await rowOf(dossier, subscription)).toMatchObject({
      status: 'active',
      firstFailedAt: null,
      accessReason: 'active',
    });
    const page = await section(buyer);
    expect([
      row(page).includes('On its way'),
      row(page).includes('Pay'),
      page.html.querySelector('a.button[href*="/invoice?"]'),
    ]).toEqual([true, false, null]);
    expect(row(await section(buyer, '/es'))).toContain('En camino');
    expect([await failures(), await kindsTo(dossier, buyer)]).toEqual([before, ['subscription-welcome']]);
    sandboxOf(dossier).acts.payInvoice(invoice.id, { card: 'good' });
    await drained(dossier);
    expect([await failures(), row(await section(buyer)).includes('Paid')]).toEqual([before, true]);
  });

  test('that fails in the end has failed then', async () => {
    const { buyer, customer, subscription, invoice } = await debited();
    const { acts } = sandboxOf(dossier);
    acts.failNextPayment(customer, 'declined');
    acts.payInvoice(invoice.id);
    await drained(dossier);
    expect((await rowOf(dossier, subscription)).firstFailedAt).not.toBeNull();
    expect(row(await section(buyer))).toContain('Payment failed');
  });

  test('of a first payment is not asked for twice', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    const { world } = sandboxOf(dossier);
    const [invoice] = world.of('invoices', subscription);
    const [payment] = world.of('invoicePayments', invoice!.id);
    const intent = world.paymentIntents.get(payment!.payment.payment_intent as string)!;
    world.commit(() => {
      world.alter('invoices', invoice!, { status: 'open', attempt_count: 0, amount_paid: 0 });
      world.alter('invoicePayments', payment!, { status: 'open' });
      world.alter('paymentIntents', intent, { status: 'processing' });
      world.alter('subscriptions', world.subscriptions.get(subscription)!, { status: 'incomplete' });
    });
    await look(customer);
    const page = await section(buyer);
    expect([page.text.includes('Pay €49'), said(page, '.standing')]).toEqual([
      false,
      expect.stringContaining('on its way'),
    ]);
  });
});

test('an inquiry leaves the door open and is told as one; it closes when it becomes a dispute', async () => {
  const { acts } = sandboxOf(dossier);
  const alarmsFor = async (subject: string) =>
    (await alarmsOf(dossier)).filter((one) => one.subject === subject).map(({ kind }) => kind);
  for (const ends of ['warning_closed', 'escalates'] as const) {
    const buyer = await aBuyer(dossier);
    const { customer } = await subscribe(dossier, buyer);
    const [charge] = (await stripeOf().charges.list({ customer })).data;
    const inquiry = acts.openInquiry(charge!.id);
    await drained(dossier);
    expect([await reads(dossier, buyer), await alarmsFor(inquiry.id)]).toEqual([true, ['inquiry']]);
    if (ends === 'escalates') acts.escalateInquiry(inquiry.id);
    else acts.closeDispute(inquiry.id, ends);
    await drained(dossier);
    expect([ends, await reads(dossier, buyer), await alarmsFor(inquiry.id)]).toEqual(
      ends === 'escalates' ? [ends, false, ['inquiry', 'dispute']] : [ends, true, ['inquiry']],
    );
  }
});

test('a renewal that cannot be made final is heard of, once, whether or not its event came', async () => {
  const buyer = await aBuyer(dossier);
  const { customer, subscription } = await subscribe(dossier, buyer);
  const { acts, world } = sandboxOf(dossier);
  acts.advance((await rowOf(dossier, subscription)).periodEnd!.getTime() / 1000 - world.now() + 60);
  const draft = world.of('invoices', subscription).find(({ status }) => status === 'draft')!;
  await drained(dossier);
  const error = { code: 'customer_tax_location_invalid', type: 'invalid_request_error' } as never;
  world.commit(() => {
    world.alter('invoices', draft, { automatically_finalizes_at: null, last_finalization_error: error });
    world.emit('invoice.finalization_failed', draft);
  });
  await drained(dossier);
  const about = async () =>
    (await alarmsOf(dossier, 'finalization-failed')).filter(({ subject }) => subject === draft.id);
  // By its event alone, and no second time by a look.
  expect(await about()).toHaveLength(1);
  await look(customer);
  const found = await about();
  expect(found.map(({ times, details }) => [times, details])).toEqual([
    [1, { subscription, why: 'customer_tax_location_invalid' }],
  ]);
  expect(await reads(dossier, buyer)).toBe(true);
  // Nothing was wrong, and still it is a draft after days.
  const other = await subscribe(dossier, await aBuyer(dossier));
  acts.advance((await rowOf(dossier, other.subscription)).periodEnd!.getTime() / 1000 - world.now() + 60);
  const late = world.of('invoices', other.subscription).find(({ status }) => status === 'draft')!;
  world.commit(() => world.alter('invoices', late, { automatically_finalizes_at: null }));
  await look(other.customer);
  const alarmed = async () =>
    (await alarmsOf(dossier, 'finalization-failed')).some(({ subject }) => subject === late.id);
  expect(await alarmed()).toBe(false);
  acts.advance(5 * 86_400);
  await look(other.customer);
  expect(await alarmed()).toBe(true);
});

test('an invoice of many lines is read to its end: what it paid for is known', async () => {
  const buyer = await aBuyer(dossier);
  const { subscription } = await subscribe(dossier, buyer);
  const [item] = (await stripeOf().subscriptions.retrieve(subscription)).items.data;
  for (const quantity of [2, 3, 4, 5, 6, 1])
    await stripeOf().subscriptions.update(subscription, {
      items: [{ id: item!.id, quantity }],
      proration_behavior: 'create_prorations',
    });
  sandboxOf(dossier).acts.renew(subscription);
  await drained(dossier);
  const [newest] = (await stripeOf().invoices.list({ subscription })).data;
  expect([newest!.lines.data.length, newest!.lines.has_more]).toEqual([10, true]);
  const row = await dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findUniqueOrThrow({ where: { stripeId: newest!.id } }),
  );
  const { periodStart, periodEnd } = await rowOf(dossier, subscription);
  expect([row.periodStart, row.periodEnd]).toEqual([periodStart, periodEnd]);
  sandboxOf(dossier).acts.pauseCollection(subscription, 'void');
  await drained(dossier);
  expect(await rowOf(dossier, subscription)).toMatchObject({
    accessReason: 'collection-paused',
    accessUntil: periodEnd,
  });
});

test('each try to collect that fails brings its letter: when the next one is, and when there is none', async () => {
  const buyer = await aBuyer(dossier);
  const { customer, subscription } = await subscribe(dossier, buyer);
  const { acts, world } = sandboxOf(dossier);
  const settings = world.settings;
  world.settings = { ...settings, afterLastAttempt: 'past_due' };
  acts.failNextPayment(customer, 'declined', 9);
  acts.renew(subscription);
  await drained(dossier);
  for (const days of [3, 2, 2]) {
    acts.advance(days * 86_400 + 60);
    await drained(dossier);
  }
  world.settings = settings;
  const letters = await dossier.wall.read(accountsViewer, (db) =>
    db.letter.findMany({ where: { recipient: buyer.email, kind: 'payment-failed' }, orderBy: { createdAt: 'asc' } }),
  );
  const words = letters.map(({ id, kind, lang, recipient, data }) =>
    compose({ id, kind, lang, recipient, data }, stationery).paragraphs.join(' '),
  );
  expect(words.map((one) => [/again on/.test(one), /not be tried again/.test(one), /closed since/.test(one)])).toEqual([
    [true, false, false],
    [true, false, false],
    [true, false, false],
    [false, true, expect.any(Boolean)],
  ]);
  await look(customer);
  expect((await kindsTo(dossier, buyer)).filter((kind) => kind === 'payment-failed')).toHaveLength(4);
});
