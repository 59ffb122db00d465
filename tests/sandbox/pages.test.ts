import type Stripe from 'stripe';
import { said } from '../support/page';
import { at, atHost, CANCEL, openShop, press, pressOn, SUCCESS, type Shop } from '../support/billing/sandbox';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => {
  await shop.close();
});
afterEach(() => {
  expect(shop.logged).toEqual([]);
});

const reload = (session: Stripe.Checkout.Session) =>
  shop.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] });
const paidAt = (session: Stripe.Checkout.Session) => SUCCESS.replace('{CHECKOUT_SESSION_ID}', session.id);
const newCustomer = () => shop.stripe.customers.create({ email: 'ada@example.org' });
const count = async (customer: Stripe.Customer) => ({
  subscriptions: (await shop.stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data.map(
    ({ status }) => status,
  ),
  charges: (await shop.stripe.charges.list({ customer: customer.id })).data.filter(({ paid }) => paid).length,
});

describe('the checkout', () => {
  test('says what is bought, what it costs and how often, and that no money moves', async () => {
    const session = await shop.checkout({ customer: (await newCustomer()).id });
    const page = await at(session.url!);
    expect([page.status, said(page, 'h1'), said(page, '.sand-price'), said(page, '.bill tfoot td')]).toEqual([
      200,
      'Leadership Alliance',
      '€49 a month',
      '€49',
    ]);
    expect(said(page, '.sand-text')).toMatch(/^No money moves here/);
    expect(page.html.querySelectorAll('script, [style], [onclick]')).toEqual([]);
    expect(page.html.querySelectorAll('input[type=radio]').map((one) => one.getAttribute('value'))).toEqual([
      'good',
      'declined',
      'authenticate',
      'attach-then-fail',
    ]);
    expect(page.html.querySelector('.form-links a')!.getAttribute('href')).toBe(CANCEL);
    expect(page.text).not.toMatch(/(?:src|href)="(?![/#]|http:\/\/127\.0\.0\.1)/);
  });

  test('speaks the language of the session, else of the browser, else English', async () => {
    const [spanish, automatic] = [await shop.checkout({ locale: 'es' }), await shop.checkout({ locale: 'auto' })];
    expect(said(await at(spanish.url!), '.sand-text')).toMatch(/^Aquí no se mueve dinero/);
    expect(said(await at(spanish.url!, { 'Accept-Language': 'en' }), '.sand-price')).toBe('49 € al mes');
    expect(
      (await at(automatic.url!, { 'Accept-Language': 'es-MX,es;q=0.9' })).html
        .querySelector('html')!
        .getAttribute('lang'),
    ).toBe('es');
    expect(
      (await at(automatic.url!, { 'Accept-Language': 'fi' })).html.querySelector('html')!.getAttribute('lang'),
    ).toBe('en');
  });

  test("paid with the good card leads back to the shop with the session's id; pressed again it pays nothing more", async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id });
    const page = await at(session.url!);
    expect((await pressOn(page, 'Pay €49')).url).toBe(paidAt(session));
    expect((await pressOn(page, 'Pay €49')).url).toBe(paidAt(session));
    expect(await count(customer)).toEqual({ subscriptions: ['active'], charges: 1 });
    expect((await reload(session)).status).toBe('complete');
    const later = await at(session.url!);
    expect([later.status, said(later, 'h1'), later.html.querySelector('.notice-do a')!.getAttribute('href')]).toEqual([
      200,
      'This has been paid',
      paidAt(session),
    ]);
  });

  test('pressed ten times at once it pays once', async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id });
    const answers = await Promise.all(Array.from({ length: 10 }, () => press(session.url!, { card: 'good' })));
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(
      Array.from({ length: 10 }, () => paidAt(session)),
    );
    expect(await count(customer)).toEqual({ subscriptions: ['active'], charges: 1 });
  });

  test('a declined card is said beside the form, which keeps what was chosen, and another card then pays', async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id });
    const declined = await pressOn(await at(session.url!), 'Pay €49', { card: 'declined' });
    expect([declined.status, declined.html.querySelector('[role=alert]')!.text]).toEqual([
      422,
      expect.stringMatching(/did not go through/),
    ]);
    expect(declined.html.querySelector('input[checked]')!.getAttribute('value')).toBe('declined');
    expect((await reload(session)).status).toBe('open');
    expect((await pressOn(declined, 'Pay €49', { card: 'good' })).url).toBe(paidAt(session));
    expect((await count(customer)).charges).toBe(1);
  });

  test('a card that wants authentication asks for it: failed, nothing is paid; authorised, it is', async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id });
    const bank = await pressOn(await at(session.url!), 'Pay €49', { card: 'authenticate' });
    expect([bank.status, said(bank, 'h1')]).toEqual([200, 'Is it you?']);
    const failed = await pressOn({ ...bank, url: session.url! }, 'Fail the authentication');
    expect([failed.status, said(failed, '[role=alert]')]).toEqual([
      422,
      expect.stringMatching(/did not hear that it was you/),
    ]);
    expect((await count(customer)).charges).toBe(0);
    const again = await pressOn({ ...failed, url: session.url! }, 'Pay €49');
    expect((await pressOn({ ...again, url: session.url! }, 'Authorise the payment')).url).toBe(paidAt(session));
    expect((await count(customer)).charges).toBe(1);
  });

  test('a promotion code is tried before paying and taken off; one that is wrong is said beside its field', async () => {
    const customer = await newCustomer();
    const coupon = await shop.stripe.coupons.create({ percent_off: 20, duration: 'once', name: 'Spring' });
    await shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING20' });
    const session = await shop.checkout({ customer: customer.id, allow_promotion_codes: true });
    const wrong = await pressOn(await at(session.url!), 'Apply', { code: 'WINTER' });
    expect([
      wrong.status,
      said(wrong, '#code-error'),
      wrong.html.querySelector('#code')!.getAttribute('value'),
    ]).toEqual([200, 'There is no such code, or it is no longer valid.', 'WINTER']);
    const applied = await pressOn(wrong, 'Apply', { code: 'spring20' });
    expect([said(applied, '#code-applied'), said(applied, '.bill tfoot td')]).toEqual([
      'spring20 takes €9.80 off.',
      '€39.20',
    ]);
    expect((await pressOn(applied, 'Pay €39.20')).url).toBe(paidAt(session));
    const [charge] = (await shop.stripe.charges.list({ customer: customer.id })).data;
    expect(charge!.amount).toBe(3920);
    expect(
      (
        await press((await shop.checkout({ customer: (await newCustomer()).id, allow_promotion_codes: true })).url!, {
          card: 'good',
          code: 'NONE',
        })
      ).status,
    ).toBe(422);
  });

  test('a coupon that came with the session is taken off; a code of another currency is none', async () => {
    const { id } = await newCustomer();
    const spring = await shop.stripe.coupons.create({ percent_off: 20, duration: 'once', name: 'Spring' });
    const page = await at((await shop.checkout({ customer: id, discounts: [{ coupon: spring.id }] })).url!);
    expect([said(page, '.bill tfoot td'), page.html.querySelector('main form button')!.text.trim()]).toEqual([
      '€39.20',
      'Pay €39.20',
    ]);
    const dollars = await shop.stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' });
    await shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: dollars.id }, code: 'DOLLARS' });
    const wrong = await at(`${(await shop.checkout({ customer: id, allow_promotion_codes: true })).url}?code=DOLLARS`);
    expect(said(wrong, '#code-error')).toBe('There is no such code, or it is no longer valid.');
  });

  test('a trial charges nothing today, and says when it will', async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id, subscription_data: { trial_period_days: 14 } });
    const page = await at(session.url!);
    expect([said(page, '.bill tfoot td'), said(page, '.sand-note')]).toEqual([
      '€0',
      expect.stringMatching(/^Free until .*; then €49\.$/),
    ]);
    expect((await pressOn(page, 'Start the trial')).url).toBe(paidAt(session));
    expect(await count(customer)).toEqual({ subscriptions: ['trialing'], charges: 0 });
  });

  test('tax has its line where it is reckoned', async () => {
    const session = await shop.checkout({
      customer: (await newCustomer()).id,
      automatic_tax: { enabled: true },
      customer_update: { address: 'auto' },
    });
    expect(
      (await at(session.url!)).html.querySelectorAll('.bill-step').map((one) => one.text.replace(/\s+/g, ' ').trim()),
    ).toEqual(['Subtotal€49', 'Tax€0']);
    expect((await at((await shop.checkout()).url!)).html.querySelectorAll('.bill-step')).toEqual([]);
  });

  test('whoever Stripe does not know is asked for an address', async () => {
    const session = await shop.checkout();
    const refused = await pressOn(await at(session.url!), 'Pay €49', { email: 'nobody', card: 'authenticate' });
    expect([
      refused.status,
      said(refused, '#email-error'),
      refused.html.querySelector('#email')!.getAttribute('value'),
      refused.html.querySelector('input[checked]')!.getAttribute('value'),
    ]).toEqual([422, 'Please write an email address, such as name@example.org.', 'nobody', 'authenticate']);
    expect((await pressOn(refused, 'Pay €49', { email: 'new@example.org', card: 'good' })).url).toBe(paidAt(session));
    expect((await reload(session)).customer_details?.email).toBe('new@example.org');
  });

  test('expired it says so, leads back, and can no longer be paid', async () => {
    const customer = await newCustomer();
    const session = await shop.checkout({ customer: customer.id });
    await shop.stripe.checkout.sessions.expire(session.id);
    for (const page of [await at(session.url!), await press(session.url!, { card: 'good' })]) {
      expect([page.status, said(page, 'h1'), page.html.querySelector('.notice-do a')!.getAttribute('href')]).toEqual([
        200,
        'This checkout has expired',
        CANCEL,
      ]);
    }
    expect(await count(customer)).toEqual({ subscriptions: [], charges: 0 });
  });
});

describe('the hosted invoice', () => {
  test('is a receipt once it is paid', async () => {
    const { subscription } = await shop.subscriber();
    const invoice = await shop.stripe.invoices.retrieve(subscription.latest_invoice as string);
    const page = await at(invoice.hosted_invoice_url!);
    expect([page.status, said(page, 'h1'), said(page, '.sand-state'), page.html.querySelectorAll('form')]).toEqual([
      200,
      '€49 paid',
      'Paid',
      [],
    ]);
    expect(page.text).toContain(invoice.number!);
    expect((await at(invoice.invoice_pdf!)).status).toBe(200);
    expect((await press(`${shop.sandbox.url}/i/${invoice.id}/pay`, { card: 'good' })).headers.get('location')).toBe(
      `/i/${invoice.id}`,
    );
  });

  test('open, it can be paid: a declined card is said, a good one pays once', async () => {
    const { customer, subscription } = await shop.subscriber();
    shop.sandbox.acts.failNextPayment(customer.id, 'declined');
    shop.sandbox.acts.renew(subscription.id);
    const { latest_invoice: latest, status } = await shop.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice'],
    });
    const invoice = latest as Stripe.Invoice;
    expect([status, invoice.status]).toEqual(['past_due', 'open']);
    const page = await at(invoice.hosted_invoice_url!);
    expect([said(page, 'h1'), said(page, '.sand-state')]).toEqual(['€49 to pay', 'Open']);
    const declined = await pressOn(page, 'Pay €49', { card: 'declined' });
    expect([declined.status, said(declined, '[role=alert]')]).toEqual([
      422,
      expect.stringMatching(/did not go through/),
    ]);
    const bank = await pressOn({ ...declined, url: page.url }, 'Pay €49', { card: 'authenticate' });
    expect(said(bank, 'h1')).toBe('Is it you?');
    expect((await pressOn({ ...bank, url: page.url }, 'Fail the authentication')).status).toBe(422);
    const paid = await pressOn({ ...declined, url: page.url }, 'Pay €49', { card: 'good' });
    expect([paid.status, said(paid, '.sand-state')]).toEqual([200, 'Paid']);
    await pressOn({ ...declined, url: page.url }, 'Pay €49', { card: 'good' });
    expect((await shop.stripe.charges.list({ customer: customer.id })).data.filter((one) => one.paid).length).toBe(2);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });
});

describe('the customer portal', () => {
  const FEATURES = (): Stripe.BillingPortal.ConfigurationCreateParams.Features => ({
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ['price'],
      proration_behavior: 'always_invoice',
      products: [{ product: shop.product.id, prices: [shop.monthly.id, shop.yearly.id] }],
    },
  });

  async function portal(features = FEATURES(), more: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) {
    const { customer, subscription } = await shop.subscriber();
    const configuration = await shop.stripe.billingPortal.configurations.create({ features });
    const session = await shop.stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
      return_url: 'http://127.0.0.1:9/account/billing',
      ...more,
    });
    return { customer, subscription, session, page: await at(session.url) };
  }

  test('shows the subscription, the card, the invoices, and the way back', async () => {
    const { page } = await portal();
    expect([
      page.status,
      said(page, '.sand-plan h3'),
      said(page, '.sand-plan .sand-price'),
      said(page, '.sand-plan .small'),
    ]).toEqual([200, 'Leadership Alliance', '€49 a month', expect.stringMatching(/^Renews on /)]);
    expect(page.text).toContain('4242');
    expect(page.html.querySelectorAll('.rows .row').length).toBe(1);
    expect(page.html.querySelector('.sand-back a')!.getAttribute('href')).toBe('http://127.0.0.1:9/account/billing');
  });

  test('cancels at the end and takes it back', async () => {
    const { page, subscription } = await portal();
    const cancelled = await pressOn(page, 'Cancel the subscription');
    expect([said(cancelled, '.done'), said(cancelled, '.sand-plan .small')]).toEqual([
      'The subscription ends with the time that has been paid for.',
      expect.stringMatching(/^Ends on /),
    ]);
    const ending = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect(ending.cancel_at !== null || ending.cancel_at_period_end).toBe(true);
    const kept = await pressOn(cancelled, 'Keep the subscription');
    expect(said(kept, '.done')).toBe('The subscription goes on.');
    const going = await shop.stripe.subscriptions.retrieve(subscription.id);
    expect([going.cancel_at, going.cancel_at_period_end]).toEqual([null, false]);
  });

  test('replaces the card', async () => {
    const { page, customer } = await portal();
    const replaced = await pressOn(page, 'Use this card', { card: 'authenticate' });
    expect([said(replaced, '.done'), replaced.text.includes('3155')]).toEqual([
      'The card has been replaced. The next payment is made with it.',
      true,
    ]);
    const { data } = await shop.stripe.paymentMethods.list({ customer: customer.id });
    expect(data.map(({ card }) => card!.last4)).toContain('3155');
  });

  test('changes the plan, and says what the difference costs', async () => {
    const { page, subscription } = await portal();
    const same = await pressOn(page, 'Change the plan');
    expect(said(same, '.done')).toBe('That is the plan already.');
    const changed = await pressOn(same, 'Change the plan', { price: shop.yearly.id });
    expect(said(changed, '.done')).toMatch(
      /^The plan is now €490 a year\. The difference was invoiced: €44\d(\.\d\d)?\.$/,
    );
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.price.id).toBe(shop.yearly.id);
  });

  test('does nothing its configuration does not allow', async () => {
    const { page, subscription, session } = await portal({
      invoice_history: { enabled: false },
      payment_method_update: { enabled: false },
    });
    expect([page.html.querySelectorAll('form'), page.html.querySelectorAll('.rows')]).toEqual([[], []]);
    for (const [path, fields] of [
      ['card', { card: 'good' }],
      ['cancel', { subscription: subscription.id }],
      ['undo', { subscription: subscription.id }],
      ['plan', { subscription: subscription.id, price: shop.yearly.id }],
    ] as const) {
      expect([path, (await press(`${session.url}/${path}`, fields)).status]).toEqual([path, 403]);
    }
  });

  test("touches nobody else's subscription, and no price that is not offered", async () => {
    const [one, other] = [await portal(), await portal()];
    for (const path of ['cancel', 'undo', 'plan'])
      expect(
        (
          await press(`${one.session.url}/${path}`, {
            subscription: other.subscription.id,
            ...(path === 'plan' ? { price: shop.yearly.id } : {}),
          })
        ).status,
      ).toBe(404);
    expect(
      (await press(`${one.session.url}/plan`, { subscription: one.subscription.id, price: 'price_of_another' })).status,
    ).toBe(403);
    expect((await shop.stripe.subscriptions.retrieve(other.subscription.id)).cancel_at_period_end).toBe(false);
  });

  test('a visit for one thing leads back when it is done', async () => {
    const { page } = await portal(FEATURES(), {
      flow_data: {
        type: 'payment_method_update',
        after_completion: { type: 'redirect', redirect: { return_url: 'http://127.0.0.1:9/done' } },
      },
    });
    expect((await pressOn(page, 'Use this card')).url).toBe('http://127.0.0.1:9/done');
  });
});

describe('nobody else', () => {
  const posts = async () => {
    const { customer, subscription } = await shop.subscriber();
    const session = await shop.checkout({ customer: customer.id });
    const visit = await shop.stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: (
        await shop.stripe.billingPortal.configurations.create({
          features: { payment_method_update: { enabled: true } },
        })
      ).id,
    });
    const { offset } = shop.sandbox.world;
    return {
      paths: [
        new URL(session.url!).pathname,
        `/i/${subscription.latest_invoice as string}/pay`,
        `${new URL(visit.url).pathname}/card`,
        '/sandbox/clock',
        `/sandbox/subscriptions/${subscription.id}/cancel`,
        '/sandbox/webhooks/hold',
        `/sandbox/customers/${customer.id}/delete`,
      ],
      unchanged: async () =>
        expect([
          (await reload(session)).status,
          (await shop.stripe.subscriptions.retrieve(subscription.id)).status,
          shop.sandbox.world.offset,
          shop.sandbox.deliveries.holding,
        ]).toEqual(['open', 'active', offset, false]),
    };
  };

  test.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin, said the old way', { 'Sec-Fetch-Site': undefined, Origin: 'http://evil.example' }],
    ['no origin at all', { 'Sec-Fetch-Site': undefined }],
    ['a sandboxed frame', { 'Sec-Fetch-Site': undefined, Origin: 'null' }],
  ])('may press anything from %s', async (_, headers) => {
    const { paths, unchanged } = await posts();
    for (const path of paths) {
      const given = Object.fromEntries(
        Object.entries({ 'Content-Type': 'application/x-www-form-urlencoded', ...headers }).filter(
          (one): one is [string, string] => one[1] !== undefined,
        ),
      );
      const { status } = await fetch(`${shop.sandbox.url}${path}`, {
        method: 'POST',
        body: 'card=good',
        redirect: 'manual',
        headers: given,
      });
      expect([path, status]).toEqual([path, 403]);
    }
    await unchanged();
  });

  test("reads anything under a name that is not this machine's", async () => {
    const { paths } = await posts();
    for (const path of [...paths, '/sandbox', '/sandbox/objects/customers', '/assets/x/site.css']) {
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '192.168.0.1']) {
        const page = await atHost(`${shop.sandbox.url}${path}`, host);
        expect([path, host, page.status, page.text.includes('sk_test_')]).toEqual([path, host, 403, false]);
      }
    }
    expect((await atHost(`${shop.sandbox.url}/sandbox`, `localhost:${shop.sandbox.port}`)).status).toBe(200);
  });

  test('finds what is not there', async () => {
    for (const path of [
      '/c/pay/cs_test_none',
      '/i/in_none',
      '/p/session/none',
      '/sandbox/subscriptions/sub_none',
      '/sandbox/objects/none',
      '/sandbox/objects/customers/cus_none',
      '/none',
      '/i/__proto__',
      '/sandbox/objects/constructor',
    ]) {
      const page = await at(`${shop.sandbox.url}${path}`);
      expect([path, page.status, said(page, '.label') !== null]).toEqual([path, 404, true]);
    }
    for (const path of ['/c/pay/cs_test_none', '/i/in_none/pay', '/p/session/none/card'])
      expect([path, (await press(`${shop.sandbox.url}${path}`, { card: 'good' })).status]).toEqual([path, 404]);
  });

  test('gets anywhere with a form that is not ours', async () => {
    const session = await shop.checkout({ customer: (await newCustomer()).id });
    for (const fields of [
      {},
      { card: 'platinum' },
      { card: 'good', amount: '1' },
      { card: 'good', authenticated: 'maybe' },
    ])
      expect((await press(session.url!, fields as Record<string, string>)).status).toBe(400);
    expect((await at(`${shop.sandbox.url}/sandbox/clock`)).status).toBe(405);
    expect((await reload(session)).status).toBe('open');
  });

  test('puts anything into a page but text', async () => {
    const nasty = '"><script>alert(1)</script>@example.org';
    const customer = await shop.stripe.customers.create({ email: nasty, name: nasty });
    const session = await shop.checkout({ customer: customer.id });
    for (const url of [
      session.url!,
      `${session.url}?code=${encodeURIComponent(nasty)}`,
      `${shop.sandbox.url}/sandbox/objects/customers`,
      `${shop.sandbox.url}/sandbox/objects/customers/${customer.id}`,
      `${shop.sandbox.url}/sandbox?said=${encodeURIComponent(nasty)}`,
    ]) {
      const page = await at(url);
      expect([url, page.status, page.html.querySelectorAll('script').length]).toEqual([url, 200, 0]);
    }
  });

  test('every page allows nothing foreign, and forms only to lead to itself and back to the shop', async () => {
    const session = await shop.checkout();
    const policy = (await at(session.url!)).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/form-action 'self' http:\/\/127\.0\.0\.1:9$/);
    const { headers } = await at(`${shop.sandbox.url}/sandbox`);
    expect(headers.get('content-security-policy')).toMatch(/form-action 'self'$/);
    expect([headers.get('x-content-type-options'), headers.get('cache-control'), headers.get('x-powered-by')]).toEqual([
      'nosniff',
      'no-store',
      null,
    ]);
  });
});
