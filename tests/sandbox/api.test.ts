import { pino } from 'pino';
import { openSandbox } from '../../src/sandbox/sandbox';
import { checkoutOf, DAY, openShop, refusalOf, subscriptionOf, talkTo, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.sandbox.close());

const raw = (path: string, init: RequestInit & { key?: string } = {}) =>
  fetch(`${shop.sandbox.url}${path}`, {
    ...init,
    headers: {
      Authorization: `Bearer ${init.key ?? shop.sandbox.apiKey}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      ...init.headers,
    },
  });

describe('a wrong request', () => {
  test('without the key, or with another, is 401', async () => {
    expect((await fetch(`${shop.sandbox.url}/v1/customers`)).status).toBe(401);
    const refusal = await refusalOf(
      talkTo({ port: shop.sandbox.port, apiKey: 'sk_test_somebody_else' }).customers.list(),
    );
    expect([refusal.statusCode, refusal.type, refusal.message]).toEqual([
      401,
      'StripeAuthenticationError',
      expect.stringMatching(/^Invalid API Key provided: sk_test\*+else$/),
    ]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['a parameter nobody knows', { email: 'a@example.org', colour: 'red' }, 'parameter_unknown', 'colour'],
    ['one within another', { invoice_settings: { footer: 'x' } }, 'parameter_unknown', 'invoice_settings'],
    ['an address that is none', { email: 'nobody' }, 'email_invalid', 'email'],
  ])('names %s', async (_, params, code, param) => {
    const refusal = await refusalOf(shop.stripe.customers.create(params));
    expect([refusal.statusCode, refusal.type, refusal.code, refusal.param, refusal.requestId]).toEqual([
      400,
      'StripeInvalidRequestError',
      code,
      param,
      expect.stringMatching(/^req_/),
    ]);
  });

  test('names what is missing, what is no number, and what is none of the words', async () => {
    const price = { product: shop.product.id, currency: 'usd', unit_amount: 100 };
    expect(await refusalOf(shop.stripe.prices.create({ currency: 'usd', product: shop.product.id }))).toMatchObject({
      code: 'parameter_missing',
      param: 'unit_amount',
    });
    expect(await refusalOf(shop.stripe.prices.create({ ...price, unit_amount: 1.5 }))).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'unit_amount',
    });
    expect(
      await refusalOf(shop.stripe.prices.create({ ...price, recurring: { interval: 'fortnight' } })),
    ).toMatchObject({ param: 'recurring[interval]' });
    expect(await refusalOf(shop.stripe.prices.create({ ...price, product: 'prod_none' }))).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'product',
    });
  });

  test('for what is not there is 404', async () => {
    expect(await refusalOf(shop.stripe.customers.retrieve('cus_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such customer: 'cus_none'",
    });
    expect((await raw('/v1/unheard_of')).status).toBe(404);
    expect((await raw('/v1/customers/%zz')).status).toBe(404);
  });

  test('in another version of the API is refused', async () => {
    expect((await raw('/v1/customers', { headers: { 'Stripe-Version': '2020-08-27' } })).status).toBe(400);
  });
});

describe('what Stripe refuses', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `metadata[k${n}]=v`).join('&');
  const price = 'product=PRODUCT&currency=usd&unit_amount=100';
  const every = (interval: string, count: number) =>
    `${price}&recurring[interval]=${interval}&recurring[interval_count]=${count}`;
  const session =
    'mode=subscription&success_url=http://a.example/&line_items[0][price]=PRICE&line_items[0][quantity]=1';

  test.each<
    [what: string, address: string, body: string, code: string | undefined, param: string | undefined, words: RegExp]
  >([
    ['several unknown parameters', 'customers', 'colour=red&size=9', 'parameter_unknown', 'colour', /s: colour, size$/],
    [
      'one deep within',
      'checkout/sessions',
      `${session}&line_items[0][colour]=red`,
      'parameter_unknown',
      'line_items[0][colour]',
      /./,
    ],
    ['52 keys of metadata', 'customers', many(52), undefined, 'metadata', /up to 50 keys, but you've set 52/],
    [
      'a key of 41 characters',
      'customers',
      `metadata[${'k'.repeat(41)}]=v`,
      undefined,
      `metadata[${'k'.repeat(41)}]`,
      /up to 40/,
    ],
    ['a value of 501 characters', 'customers', `metadata[k]=${'v'.repeat(501)}`, undefined, 'metadata[k]', /up to 500/],
    ['metadata within metadata', 'customers', 'metadata[a][b]=c', undefined, 'metadata[a]', /must be strings/],
    ['metadata that is none', 'customers', 'metadata=a', undefined, 'metadata', /Invalid object/],
    ['a name of 257 characters', 'customers', `name=${'n'.repeat(257)}`, undefined, 'name', /at most 256 characters$/],
    ['a telephone number of 21', 'customers', `phone=${'1'.repeat(21)}`, undefined, 'phone', /at most 20/],
    ['a list where a text belongs', 'customers', 'name[]=a', undefined, 'name', /Invalid string/],
    ['an empty text', 'products', 'name=', 'parameter_invalid_empty', 'name', /cannot be unset/],
    [
      'a currency that is none',
      'prices',
      `product=PRODUCT&currency=xxx&unit_amount=1`,
      undefined,
      'currency',
      /^Invalid currency: xxx\. Stripe currently supports these currencies: .*\busd\b/,
    ],
    [
      'a coupon in such a one',
      'coupons',
      'amount_off=100&currency=xxx',
      undefined,
      'currency',
      /^Invalid currency: xxx/,
    ],
    [
      '37 months',
      'prices',
      every('month', 37),
      undefined,
      'recurring[interval_count]',
      /monthly prices can't be greater than 36$/,
    ],
    ['157 weeks', 'prices', every('week', 157), undefined, 'recurring[interval_count]', /156$/],
    ['four years', 'prices', every('year', 4), undefined, 'recurring[interval_count]', /3$/],
    ['1096 days', 'prices', every('day', 1_096), undefined, 'recurring[interval_count]', /1095$/],
    [
      'no interval at all',
      'prices',
      every('month', 0),
      'parameter_invalid_integer',
      'recurring[interval_count]',
      /greater than or equal to 1/,
    ],
    [
      'a product twice over',
      'prices',
      `${price}&product_data[name]=a`,
      'parameters_exclusive',
      'product',
      /only specify one/,
    ],
    [
      'half a króna',
      'prices',
      'product=PRODUCT&currency=isk&unit_amount=150',
      undefined,
      'unit_amount',
      /multiple of 100/,
    ],
    [
      'a coupon of both sorts',
      'coupons',
      'percent_off=10&amount_off=1&currency=usd',
      'parameters_exclusive',
      'percent_off',
      /./,
    ],
    ['a coupon that is over', 'coupons', 'percent_off=10&redeem_by=1500000000', undefined, 'redeem_by', /future/],
    [
      'a name of a coupon too long',
      'coupons',
      `percent_off=10&name=${'n'.repeat(41)}`,
      undefined,
      'name',
      /at most 40/,
    ],
    [
      'a code with a space',
      'promotion_codes',
      'promotion[type]=coupon&promotion[coupon]=c&code=TWO WORDS',
      undefined,
      'code',
      /a-z, A-Z, 0-9/,
    ],
    [
      'milliseconds',
      'checkout/sessions',
      `${session}&expires_at=1793966400000`,
      'parameter_invalid_integer',
      'expires_at',
      /Unix timestamp/,
    ],
    [
      'one word of one',
      'checkout/sessions',
      session.replace('subscription', 'payment'),
      undefined,
      'mode',
      /^Invalid mode: must be subscription$/,
    ],
    [
      'a trial of a day',
      'checkout/sessions',
      `${session}&subscription_data[trial_end]=SOON`,
      undefined,
      'subscription_data[trial_end]',
      /at least 2 days/,
    ],
    [
      'two lengths of a trial',
      'checkout/sessions',
      `${session}&subscription_data[trial_end]=SOON&subscription_data[trial_period_days]=3`,
      'parameters_exclusive',
      'subscription_data[trial_end]',
      /./,
    ],
    [
      'a reference too long',
      'checkout/sessions',
      `${session}&client_reference_id=${'r'.repeat(201)}`,
      undefined,
      'client_reference_id',
      /at most 200/,
    ],
    [
      'an endpoint for nothing',
      'webhook_endpoints',
      'url=http://a.example&enabled_events=',
      'parameter_missing',
      'enabled_events',
      /./,
    ],
    [
      'an event of no type',
      'webhook_endpoints',
      'url=http://a.example&enabled_events[]=Invoice paid',
      undefined,
      'enabled_events',
      /not a type/,
    ],
    [
      'a headline of 61 characters',
      'billing_portal/configurations',
      `features[invoice_history][enabled]=true&business_profile[headline]=${'h'.repeat(61)}`,
      undefined,
      'business_profile[headline]',
      /at most 60/,
    ],
    ['what is no list to expand', 'customers', 'expand=sources', undefined, 'expand', /Invalid array/],
    ['an id to expand', 'customers', 'expand[]=id', undefined, 'expand', /cannot be expanded \(id\)/],
  ])('is refused here: %s', async (_, address, body, code, param, words) => {
    const filled = body
      .replaceAll('PRODUCT', shop.product.id)
      .replaceAll('PRICE', shop.monthly.id)
      .replaceAll('SOON', String(shop.sandbox.world.now() + DAY));
    const answer = await raw(`/v1/${address}`, { method: 'POST', body: filled });
    const { error } = (await answer.json()) as { error: Record<string, string> };
    expect([answer.status, error['type'], error['code'], error['param']]).toEqual([
      400,
      'invalid_request_error',
      code,
      param,
    ]);
    expect(error['message']).toMatch(words);
  });

  test.each([
    ['charges?customer=cus_none', 'customer'],
    ['payment_intents?customer=cus_none', 'customer'],
    ['invoices?customer=cus_none', 'customer'],
    ['invoices?subscription=sub_none', 'subscription'],
    ['subscriptions?customer=cus_none', 'customer'],
    ['subscriptions?price=price_none', 'price'],
    ['subscription_items?subscription=sub_none', 'subscription'],
    ['checkout/sessions?customer=cus_none', 'customer'],
    ['checkout/sessions?subscription=sub_none', 'subscription'],
    ['payment_methods?customer=cus_none', 'customer'],
    ['invoice_payments?invoice=in_none', 'invoice'],
    ['refunds?charge=ch_none', 'charge'],
    ['refunds?payment_intent=pi_none', 'payment_intent'],
    ['disputes?charge=ch_none', 'charge'],
    ['promotion_codes?coupon=none', 'coupon'],
    ['prices?product=prod_none', 'product'],
    ['customers?starting_after=cus_none', 'starting_after'],
    ['events?ending_before=evt_none', 'ending_before'],
  ])('a list is not empty where what it asks for is not there: %s', async (address, param) => {
    const answer = await raw(`/v1/${address}`);
    const { error } = (await answer.json()) as { error: Record<string, string> };
    expect([answer.status, error['code'], error['param']]).toEqual([400, 'resource_missing', param]);
    expect(error['message']).toMatch(/^No such [a-z_.]+: '\w*none'$/);
  });

  test.each([
    ['limit=0', 'limit', /greater than or equal to 1/],
    ['limit=101', 'limit', /less than or equal to 100/],
    ['limit=', 'limit', /Invalid integer/],
    ['limit[]=1', 'limit', /Invalid integer/],
    ['created[after]=1', 'created[after]', /unknown parameter/],
    [
      'starting_after=cus_1&ending_before=cus_2',
      undefined,
      /^Received both starting_after and ending_before parameters/,
    ],
    ['expand[]=subscriptions', 'expand', /instead\.$/],
    ['expand[]=data.a.b.c.d', 'expand', /more than 4 levels/],
  ])('a list cannot be asked for %s', async (query, param, words) => {
    const answer = await raw(`/v1/customers?${query}`);
    const { error } = (await answer.json()) as { error: Record<string, string> };
    expect([answer.status, error['param']]).toEqual([400, param]);
    expect(error['message']).toMatch(words);
  });
});

describe('a list in a form', () => {
  const lines = (text: string) =>
    raw('/v1/checkout/sessions', {
      method: 'POST',
      body: `mode=subscription&success_url=http://a.example/&${text.replaceAll('PRICE', shop.monthly.id)}`,
    });

  test.each([
    ['with numbers', 'line_items[0][price]=PRICE&line_items[0][quantity]=2&line_items[1][price]=PRICE', 8_700],
    ['without', 'line_items[][price]=PRICE&line_items[][quantity]=2&line_items[][price]=PRICE', 8_700],
    ['without, the other way round', 'line_items[][quantity]=2&line_items[][price]=PRICE', 5_800],
    ['with a number that is not the first', 'line_items[7][price]=PRICE', 2_900],
  ])('is understood %s', async (_, text, total) => {
    const answer = await lines(text);
    expect([answer.status, ((await answer.json()) as { amount_total: number }).amount_total]).toEqual([200, total]);
  });
});

describe('metadata', () => {
  test('has room for fifty keys, those it had before included', async () => {
    const keys = (from: number, count: number, value = 'v') =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${from + n}`, value]));
    const { id } = await shop.stripe.customers.create({ metadata: keys(0, 50) });
    expect((await refusalOf(shop.stripe.customers.update(id, { metadata: keys(50, 1) }))).message).toContain(
      "up to 50 keys, but you've set 51",
    );
    const { metadata } = await shop.stripe.customers.update(id, { metadata: { ...keys(50, 1), ...keys(0, 1, '') } });
    expect(Object.keys(metadata)).toHaveLength(50);
  });

  test('is merged key by key, and an empty value deletes its key', async () => {
    const { id } = await shop.stripe.customers.create({ metadata: { a: '1', b: '2' } });
    expect((await shop.stripe.customers.update(id, { metadata: { b: '', c: '3' } })).metadata).toEqual({
      a: '1',
      c: '3',
    });
    expect((await shop.stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
  });
});

describe('an idempotency key', () => {
  const create = (key: string, email: string) =>
    raw('/v1/customers', { method: 'POST', body: `email=${email}`, headers: { 'Idempotency-Key': key } });

  test('gives the same answer again, and makes nothing twice', async () => {
    const [first, second] = [await create('key-1', 'one@example.org'), await create('key-1', 'one@example.org')];
    expect(await second.text()).toBe(await first.text());
    expect([
      first.headers.get('idempotent-replayed'),
      second.headers.get('idempotent-replayed'),
      second.headers.get('original-request'),
    ]).toEqual([null, 'true', first.headers.get('request-id')]);
    expect((await shop.stripe.customers.list({ email: 'one@example.org' })).data).toHaveLength(1);
  });

  test('cannot be used for something else', async () => {
    await create('key-2', 'two@example.org');
    expect(
      (await refusalOf(shop.stripe.products.create({ name: 'a' }, { idempotencyKey: 'key-2' }))).message,
    ).toContain("same endpoint they were first used for ('/v1/customers')");
    expect(
      await refusalOf(shop.stripe.customers.create({ email: 'three@example.org' }, { idempotencyKey: 'key-2' })),
    ).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
  });

  test('keeps a refusal that came after the parameters were understood, and no other', async () => {
    const refund = (charge: string) =>
      raw('/v1/refunds', { method: 'POST', body: `charge=${charge}`, headers: { 'Idempotency-Key': 'key-3' } });
    const wrong = await raw('/v1/refunds', {
      method: 'POST',
      body: 'charge=ch_none&colour=red',
      headers: { 'Idempotency-Key': 'key-3' },
    });
    expect([
      wrong.status,
      (await refund('ch_none')).headers.get('idempotent-replayed'),
      (await refund('ch_none')).headers.get('idempotent-replayed'),
    ]).toEqual([400, null, 'true']);
  });

  test('stands on the event it caused', async () => {
    const { id } = await shop.stripe.customers.create({}, { idempotencyKey: 'key-4' });
    const event = [...shop.sandbox.world.events.values()].find(
      ({ data }) => (data.object as { id?: string }).id === id,
    );
    expect(event!.request).toEqual({ id: expect.stringMatching(/^req_/), idempotency_key: 'key-4' });
  });
});

describe('a list', () => {
  test('comes newest first, page by page, both ways', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await shop.stripe.customers.create({ email: 'many@example.org' })).id);
    const page = async (params: { starting_after?: string; ending_before?: string }) => {
      const { data, has_more } = await shop.stripe.customers.list({ email: 'many@example.org', limit: 2, ...params });
      return [data.map(({ id }) => ids.indexOf(id)), has_more];
    };
    expect(await page({})).toEqual([[0, 1], true]);
    expect(await page({ starting_after: ids[1]! })).toEqual([[2, 3], true]);
    expect(await page({ starting_after: ids[3]! })).toEqual([[4], false]);
    expect(await page({ ending_before: ids[4]! })).toEqual([[2, 3], true]);
    expect(await page({ ending_before: ids[2]! })).toEqual([[0, 1], false]);
    const all: string[] = [];
    for await (const { id } of shop.stripe.customers.list({ email: 'many@example.org', limit: 2 })) all.push(id);
    expect(all).toEqual(ids);
    expect(await refusalOf(shop.stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
    expect(await refusalOf(shop.stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      param: 'starting_after',
    });
  });

  test('can be narrowed by when things came to be', async () => {
    const before = shop.sandbox.world.now();
    shop.sandbox.acts.advance(DAY);
    const { id } = await shop.stripe.customers.create({});
    expect((await shop.stripe.customers.list({ created: { gt: before } })).data.map((one) => one.id)).toEqual([id]);
    expect(
      (await shop.stripe.customers.list({ created: { gte: before, lt: before + DAY } })).data.map((one) => one.id),
    ).not.toContain(id);
  });

  test('of events tells what happened, by kind and before which', async () => {
    await subscriptionOf(shop);
    const { data } = await shop.stripe.events.list({ types: ['invoice.paid', 'customer.subscription.*'], limit: 2 });
    expect(data.map(({ type }) => type)).toEqual(['customer.subscription.updated', 'invoice.paid']);
    expect(data[0]!.data.previous_attributes).toEqual({ status: 'incomplete' });
    expect((await shop.stripe.events.list({ ending_before: data[0]!.id })).data.map(({ type }) => type)).toEqual([
      'checkout.session.completed',
    ]);
    expect((await shop.stripe.events.retrieve(data[0]!.id)).api_version).toBe('2026-10-28.endive');
  });
});

describe('a way to get the same thing', () => {
  test('items are listed by subscription, methods by customer, codes by what they read', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    expect((await shop.stripe.subscriptionItems.list({ subscription: subscription.id })).data).toEqual(
      subscription.items.data,
    );
    const {
      data: [card],
    } = await shop.stripe.paymentMethods.list({ customer: customer.id });
    expect([card!.card?.last4, subscription.default_payment_method]).toEqual(['4242', card!.id]);
    await shop.stripe.paymentMethods.detach(card!.id);
    expect([
      (await shop.stripe.paymentMethods.list({ customer: customer.id })).data,
      (await shop.stripe.subscriptions.retrieve(subscription.id)).default_payment_method,
    ]).toEqual([[], null]);
    const coupon = await shop.stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'forever' });
    const code = await shop.stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'READER',
    });
    expect(
      (await shop.stripe.promotionCodes.list({ code: 'reader', expand: ['data.promotion.coupon'] })).data,
    ).toMatchObject([{ id: code.id, promotion: { coupon: { amount_off: 500 } } }]);
  });
});

describe('what is expanded', () => {
  test('stands there whole, within others and within lists', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    const { data } = await shop.stripe.subscriptions.list({
      customer: customer.id,
      expand: ['data.customer', 'data.latest_invoice.payments'],
    });
    expect(data[0]).toMatchObject({
      id: subscription.id,
      customer: { email: 'reader@example.org' },
      latest_invoice: { payments: { data: [{ status: 'paid' }] } },
    });
    expect(
      await shop.stripe.subscriptions.retrieve(subscription.id, { expand: ['items.data.price.product'] }),
    ).toMatchObject({ items: { data: [{ price: { product: { name: 'Leadership Alliance' } } }] } });
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).customer).toBe(customer.id);
  });

  test('must be something that can be', async () => {
    const { id } = await shop.stripe.customers.create({});
    expect(await refusalOf(shop.stripe.customers.retrieve(id, { expand: ['shoe_size'] }))).toMatchObject({
      statusCode: 400,
      param: 'expand',
    });
    expect(
      (await refusalOf(shop.stripe.subscriptions.list({ expand: ['data.items.data.price.product'] }))).message,
    ).toContain('more than 4 levels');
  });
});

describe('the catalogue', () => {
  test('finds prices by their lookup key, which can move', async () => {
    const make = (transfer_lookup_key?: boolean) =>
      shop.stripe.prices.create({
        product: shop.product.id,
        currency: 'usd',
        unit_amount: 3_100,
        recurring: { interval: 'month' },
        lookup_key: 'moved',
        ...(transfer_lookup_key ? { transfer_lookup_key } : {}),
      });
    const former = await make();
    expect((await refusalOf(make())).message).toContain(former.id);
    const next = await make(true);
    expect((await shop.stripe.prices.list({ lookup_keys: ['moved'] })).data.map(({ id }) => id)).toEqual([next.id]);
    expect(await shop.stripe.prices.retrieve(former.id)).toMatchObject({
      lookup_key: null,
      unit_amount: 3_100,
      unit_amount_decimal: expect.anything(),
    });
  });

  test('sells no price that is archived', async () => {
    const price = await shop.stripe.prices.create({
      product: shop.product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    });
    shop.sandbox.acts.archivePrice(price.id);
    expect((await refusalOf(checkoutOf(shop, { line_items: [{ price: price.id, quantity: 1 }] }))).message).toContain(
      'inactive',
    );
  });
});

describe('a checkout session', () => {
  test.each([
    ['a customer and an address', { customer_email: 'a@example.org' }, 'customer'],
    ['tax without an address to come', { automatic_tax: { enabled: true } }, 'automatic_tax'],
    ['tax ids without a name to come', { tax_id_collection: { enabled: true } }, 'tax_id_collection'],
    ['an end too near', { expires_at: Date.parse('2026-11-15T12:10:00Z') / 1000 }, 'expires_at'],
    ['a payment for once', { mode: 'payment' as const }, 'mode'],
  ])('is refused with %s', async (_, wish, param) => {
    expect(await refusalOf(checkoutOf(shop, wish))).toMatchObject({ statusCode: 400, param });
  });

  test('takes all that a subscription needs', async () => {
    const { session } = await checkoutOf(shop, {
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      customer_update: { address: 'auto', name: 'auto' },
      billing_address_collection: 'required',
      locale: 'es',
      allow_promotion_codes: true,
      consent_collection: { terms_of_service: 'required' },
      payment_method_collection: 'always',
    });
    expect(session).toMatchObject({
      automatic_tax: { enabled: true },
      locale: 'es',
      success_url: 'http://localhost/back?session={CHECKOUT_SESSION_ID}',
    });
  });
});

describe('the portal', () => {
  test('opens for a customer with a configuration of ours', async () => {
    const { customer, subscription } = await subscriptionOf(shop);
    const configuration = await shop.stripe.billingPortal.configurations.create({
      features: {
        invoice_history: { enabled: true },
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: [{ product: shop.product.id, prices: [shop.monthly.id, shop.yearly.id] }],
        },
      },
    });
    expect(configuration.features.subscription_update.products?.[0]?.prices).toEqual([shop.monthly.id, shop.yearly.id]);
    expect(
      (
        await shop.stripe.billingPortal.configurations.update(configuration.id, {
          features: { subscription_cancel: { enabled: false } },
        })
      ).features,
    ).toMatchObject({ invoice_history: { enabled: true }, subscription_cancel: { enabled: false } });
    const session = await shop.stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
      return_url: 'http://localhost/account',
      flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } },
    });
    expect([session.url, session.flow?.subscription_cancel?.subscription]).toEqual([
      `${shop.sandbox.url}/p/session/${session.id}`,
      subscription.id,
    ]);
  });
});

describe('a webhook endpoint', () => {
  test('is one of sixteen', async () => {
    const made: string[] = [];
    const add = () => shop.stripe.webhookEndpoints.create({ url: 'http://a.example', enabled_events: ['*'] });
    for (let n = 0; n < 16; n++) made.push((await add()).id);
    expect((await refusalOf(add())).message).toContain('maximum of 16');
    for (const id of made) await shop.stripe.webhookEndpoints.del(id);
  });

  test('says its secret once', async () => {
    const made = await shop.stripe.webhookEndpoints.create({
      url: 'http://127.0.0.1:9/hooks',
      enabled_events: ['invoice.paid'],
    });
    expect(made.secret).toMatch(/^whsec_/);
    expect((await shop.stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
    const paid = shop.sandbox.world.commit(() => shop.sandbox.world.emit('invoice.paid', { object: 'invoice' }));
    expect([
      paid.pending_webhooks,
      shop.sandbox.world.commit(() => shop.sandbox.world.emit('invoice.created', { object: 'invoice' }))
        .pending_webhooks,
    ]).toEqual([1, 0]);
    expect((await shop.stripe.webhookEndpoints.update(made.id, { disabled: true })).status).toBe('disabled');
    expect(await shop.stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
    expect((await shop.stripe.webhookEndpoints.list()).data).toEqual([]);
  });
});

test('the world is the same after it was put away and taken out again, under another address', async () => {
  const { subscription } = await subscriptionOf(shop);
  const again = await openShop(JSON.parse(JSON.stringify(shop.sandbox.world.snapshot())) as object);
  try {
    expect([again.sandbox.apiKey, again.sandbox.world.now()]).toEqual([shop.sandbox.apiKey, shop.sandbox.world.now()]);
    expect(await again.stripe.subscriptions.retrieve(subscription.id)).toEqual(
      await shop.stripe.subscriptions.retrieve(subscription.id),
    );
    const [invoice] = (await again.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoice!.hosted_invoice_url).toBe(`${again.sandbox.url}/i/${invoice!.id}`);
    again.sandbox.acts.renew(subscription.id);
    expect(
      (await again.stripe.invoices.list({ subscription: subscription.id })).data.map(({ status }) => status),
    ).toEqual(['paid', 'paid']);
    again.sandbox.acts.archivePrice(again.monthly.id);
    expect((await again.stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.price.active).toBe(false);
  } finally {
    await again.sandbox.close();
  }
});

test('it does not open in production', async () => {
  await expect(openSandbox({ log: pino({ level: 'silent' }), production: true })).rejects.toThrow(
    'never opens in production',
  );
});
