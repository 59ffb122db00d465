import { accountsViewer } from '../../src/access/viewer';
import {
  aBuyer,
  askToPay,
  customersOf,
  DAY,
  doneAt,
  reads,
  sandboxOf,
  see,
  sessionIn,
  subscribe,
} from '../support/billing/buyer';
import { enter } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

jest.setTimeout(60_000);

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const JOIN = '/join/leadership-alliance';
const openSessions = (customer: string) =>
  [...sandboxOf(dossier).world.checkoutSessions.values()].filter(
    (one) => one.customer === customer && one.status === 'open',
  );

describe('the page on which one joins', () => {
  test('a visitor sees the price first, and two ways to an account that lead back here', async () => {
    const page = await visit(`${dossier.url}${JOIN}?next=/briefings/a-signal%23evidence`);
    expect([
      page.status,
      page.html.querySelectorAll('.offer-price').map((one) => one.text),
      page.html.querySelectorAll('.door-form form').length,
    ]).toEqual([200, ['€49', '€490'], 0]);
    const back = encodeURIComponent(`${JOIN}?next=${encodeURIComponent('/briefings/a-signal#evidence')}`);
    expect(page.html.querySelectorAll('.door-form .button').map((one) => one.getAttribute('href'))).toEqual([
      `/join/strategy-circle?next=${back}`,
      `/login?next=${back}`,
    ]);
  });

  test("a member chooses between month and year; the form may lead to the hosted page, and other pages' forms may not", async () => {
    const buyer = await aBuyer(dossier);
    const page = await see(dossier, buyer, `${JOIN}?per=month&next=/briefings/a-signal`);
    expect(
      page.html
        .querySelectorAll('input[name=per]')
        .map((one) => [one.getAttribute('value'), one.hasAttribute('checked')]),
    ).toEqual([
      ['month', true],
      ['year', false],
    ]);
    // Whoever comes from a gate has chosen nothing: what the page of prices shows first is not made dearer.
    expect(
      (await see(dossier, buyer, JOIN)).html.querySelector('input[name=per][checked]')!.getAttribute('value'),
    ).toBe('month');
    expect(page.html.querySelector('input[name=next]')!.getAttribute('value')).toBe('/briefings/a-signal');
    expect(page.headers.get('Content-Security-Policy')).toContain(`form-action 'self' ${sandboxOf(dossier).url};`);
    expect((await see(dossier, buyer, '/account')).headers.get('Content-Security-Policy')).toContain(
      "form-action 'self';",
    );
    expect(
      (await see(dossier, buyer, `${JOIN}?next=https://evil.example`)).html.querySelector('input[name=next]'),
    ).toBeNull();
  });

  test('whoever reads everything already is told so before they pay', async () => {
    const { headers } = await enter(dossier, 'comped');
    expect(said(await visit(`${dossier.url}${JOIN}`, { headers }), '.form-warning')).toContain('already');
  });
});

describe('the way to pay', () => {
  test('leads to a hosted page for the price in our table, made for this account and nobody else', async () => {
    const buyer = await aBuyer(dossier);
    const session = sandboxOf(dossier).world.checkoutSessions.get(
      sessionIn(await askToPay(dossier, buyer, 'year', { next: '/briefings/a-signal#evidence' }, '/es')),
    )!;
    const [customer] = await customersOf(dossier, buyer);
    expect(session).toMatchObject({
      mode: 'subscription',
      customer: customer!.stripeId,
      client_reference_id: buyer.id,
      locale: 'es',
      allow_promotion_codes: true,
      amount_total: 49_000,
      currency: 'eur',
    });
    expect(session.success_url).toBe(
      `${dossier.url}/es${JOIN}/done?session_id={CHECKOUT_SESSION_ID}&next=${encodeURIComponent('/briefings/a-signal#evidence')}`,
    );
    expect(session.cancel_url).toBe(
      `${dossier.url}/es${JOIN}?back=1&per=year&next=${encodeURIComponent('/briefings/a-signal#evidence')}`,
    );
    expect(sandboxOf(dossier).world.customers.get(customer!.stripeId!)).toMatchObject({
      email: buyer.email,
      metadata: { account: buyer.id },
    });
  });

  test('two clicks at once, and one after, make one customer and one page', async () => {
    const buyer = await aBuyer(dossier);
    const both = await Promise.all([askToPay(dossier, buyer), askToPay(dossier, buyer), askToPay(dossier, buyer)]);
    const after = await askToPay(dossier, buyer);
    expect(new Set([...both, after].map(sessionIn)).size).toBe(1);
    const customers = await customersOf(dossier, buyer);
    expect(customers).toHaveLength(1);
    expect(
      [...sandboxOf(dossier).world.customers.values()].filter(
        (one) => !one.deleted && one.metadata['account'] === buyer.id,
      ),
    ).toHaveLength(1);
    expect(openSessions(customers[0]!.stripeId!)).toHaveLength(1);
  });

  test('another choice closes the page of the first, and so do two choices at once', async () => {
    const buyer = await aBuyer(dossier);
    const first = sessionIn(await askToPay(dossier, buyer, 'month'));
    const second = sessionIn(await askToPay(dossier, buyer, 'year'));
    expect([first === second, sandboxOf(dossier).world.checkoutSessions.get(first)!.status]).toEqual([
      false,
      'expired',
    ]);
    await Promise.all([
      askToPay(dossier, buyer, 'month'),
      askToPay(dossier, buyer, 'year'),
      askToPay(dossier, buyer, 'month', { next: '/es' }),
    ]);
    expect(openSessions((await customersOf(dossier, buyer))[0]!.stripeId!)).toHaveLength(1);
  });

  test("a crash between Stripe's customer and our row makes no second one", async () => {
    const buyer = await aBuyer(dossier);
    await askToPay(dossier, buyer);
    const [row] = await customersOf(dossier, buyer);
    await dossier.wall.write(accountsViewer, (db) =>
      db.customer.update({ where: { id: row!.id }, data: { stripeId: null } }),
    );
    await askToPay(dossier, buyer);
    expect((await customersOf(dossier, buyer)).map(({ id, stripeId }) => [id, stripeId])).toEqual([
      [row!.id, row!.stripeId],
    ]);
  });

  test('whoever has a subscription is never sent to a second checkout, even before we have heard of it', async () => {
    const buyer = await aBuyer(dossier);
    const session = sessionIn(await askToPay(dossier, buyer));
    sandboxOf(dossier).deliveries.hold();
    sandboxOf(dossier).acts.payCheckout(session, { card: 'good' });
    const again = await askToPay(dossier, buyer, 'year');
    sandboxOf(dossier).deliveries.release();
    expect([again.status, again.headers.get('Location')]).toEqual([303, '/account/billing?done=subscribed-already']);
    const page = await see(dossier, buyer, JOIN);
    expect([page.status, page.headers.get('Location')]).toEqual([303, '/account/billing?done=subscribed-already']);
    expect(openSessions((await customersOf(dossier, buyer))[0]!.stripeId!)).toHaveLength(0);
  });

  test('a customer deleted at Stripe makes way for a new one', async () => {
    const buyer = await aBuyer(dossier);
    await askToPay(dossier, buyer);
    const [before] = await customersOf(dossier, buyer);
    sandboxOf(dossier).acts.deleteCustomer(before!.stripeId!);
    sessionIn(await askToPay(dossier, buyer));
    const rows = await customersOf(dossier, buyer);
    expect(
      rows.filter(({ deletedAt }) => deletedAt === null).map(({ stripeId }) => stripeId === before!.stripeId),
    ).toEqual([false]);
  });

  test('trial days are for whoever never had a subscription', async () => {
    await dossier.wall.write(accountsViewer, (db) =>
      db.price.updateMany({ where: { interval: 'month', offered: true }, data: { trialDays: 14 } }),
    );
    try {
      const buyer = await aBuyer(dossier);
      expect(said(await see(dossier, buyer, JOIN), '.steps')).toContain('14 days free');
      const { subscription } = await subscribe(dossier, buyer);
      expect(sandboxOf(dossier).world.subscriptions.get(subscription)!.status).toBe('trialing');
      expect(said(await see(dossier, buyer, '/account/billing'), '.standing')).toContain('You read on trial until');
      sandboxOf(dossier).acts.cancelNow(subscription);
      await send(dossier, '/account/billing/look', {}, { cookie: buyer.cookie });
      const session = sessionIn(await askToPay(dossier, buyer));
      sandboxOf(dossier).acts.payCheckout(session, { card: 'good' });
      expect(
        sandboxOf(dossier).world.subscriptions.get(
          sandboxOf(dossier).world.checkoutSessions.get(session)!.subscription as string,
        )!.status,
      ).toBe('active');
    } finally {
      await dossier.wall.write(accountsViewer, (db) => db.price.updateMany({ data: { trialDays: 0 } }));
    }
  });

  test('what the form does not have is refused, and amounts and prices it never has', async () => {
    const buyer = await aBuyer(dossier);
    for (const fields of [
      '',
      'per=week',
      'per=month&price=price_x',
      'per=month&amount=1',
      'per=month&per=year',
      'per[]=month',
    ]) {
      expect([fields, (await send(dossier, JOIN, fields, { cookie: buyer.cookie })).status]).toEqual([fields, 400]);
    }
    expect(await customersOf(dossier, buyer)).toEqual([]);
  });

  test('without a price in our table nothing is sold, and it says so', async () => {
    await dossier.wall.write(accountsViewer, (db) =>
      db.price.updateMany({ where: { interval: 'year' }, data: { offered: false } }),
    );
    try {
      const buyer = await aBuyer(dossier);
      expect((await askToPay(dossier, buyer, 'year')).status).toBe(503);
      expect((await see(dossier, buyer, JOIN)).html.querySelectorAll('input[name=per]')).toHaveLength(1);
    } finally {
      await dossier.wall.write(accountsViewer, (db) =>
        db.price.updateMany({ where: { interval: 'year' }, data: { offered: true } }),
      );
    }
  });
});

describe('coming back', () => {
  test('from a paid page everything is open, and the reader is where they were', async () => {
    const buyer = await aBuyer(dossier);
    const session = sessionIn(await askToPay(dossier, buyer));
    sandboxOf(dossier).deliveries.hold();
    sandboxOf(dossier).acts.payCheckout(session, { card: 'good' });
    expect(await reads(dossier, buyer)).toBe(false);
    const back = await see(dossier, buyer, doneAt(session, '/briefings/a-signal#evidence'));
    expect([back.status, back.headers.get('Location')]).toEqual([303, '/briefings/a-signal#evidence']);
    expect(await reads(dossier, buyer)).toBe(true);
    const again = await see(dossier, buyer, doneAt(session));
    expect([again.status, said(again, 'h1')]).toEqual([200, 'Welcome to Leadership Alliance']);
    expect((await see(dossier, buyer, doneAt(session, 'https://evil.example'))).status).toBe(200);
    sandboxOf(dossier).deliveries.release();
  });

  test('from a page not paid yet one is back before the choice, with a word', async () => {
    const buyer = await aBuyer(dossier);
    const session = sessionIn(await askToPay(dossier, buyer));
    const back = await see(dossier, buyer, doneAt(session, '/briefings/a-signal'));
    expect([back.status, back.headers.get('Location')]).toEqual([303, `${JOIN}?back=1&next=%2Fbriefings%2Fa-signal`]);
    expect(said(await see(dossier, buyer, `${JOIN}?back=1`), '.form-warning')).toContain('Nothing was paid');
    expect(await reads(dossier, buyer)).toBe(false);
  });

  test("another's session is not there, whoever asks; nor one that nobody has, nor one without a name", async () => {
    const [buyer, other, nobody] = [await aBuyer(dossier), await aBuyer(dossier), await aBuyer(dossier)];
    const { session } = await subscribe(dossier, buyer);
    await askToPay(dossier, other);
    for (const who of [other, nobody]) expect((await see(dossier, who, doneAt(session))).status).toBe(404);
    for (const id of ['cs_test_nobodys', 'x', '', `${session}x`])
      expect([id, (await see(dossier, buyer, doneAt(id))).status]).toEqual([id, 404]);
    expect((await see(dossier, buyer, `${JOIN}/done`)).status).toBe(404);
    expect(await reads(dossier, other)).toBe(false);
  });

  test('nobody is logged in by it: whoever is not is shown the way in, and back here', async () => {
    const buyer = await aBuyer(dossier);
    const { session } = await subscribe(dossier, buyer);
    const page = await visit(`${dossier.url}${doneAt(session)}`);
    expect([page.status, page.headers.get('Location'), page.headers.getSetCookie()]).toEqual([
      303,
      `/login?next=${encodeURIComponent(doneAt(session))}`,
      [],
    ]);
  });

  test('an access that ended is not given back by coming back once more', async () => {
    const buyer = await aBuyer(dossier);
    const { session, subscription } = await subscribe(dossier, buyer);
    sandboxOf(dossier).acts.cancelNow(subscription);
    await until(async () => !(await reads(dossier, buyer)));
    expect((await see(dossier, buyer, doneAt(session))).headers.get('Location')).toBe('/account/billing');
    expect(await reads(dossier, buyer)).toBe(false);
  });
});

test('an account that asks Stripe again and again is told to wait', async () => {
  const buyer = await aBuyer(dossier);
  const statuses = [];
  for (let times = 0; times < 41; times++)
    statuses.push((await send(dossier, JOIN, { per: 'month' }, { cookie: buyer.cookie })).status);
  expect([statuses.slice(0, 40).every((status) => status === 303), statuses[40]]).toEqual([true, 429]);
});

test('with Stripe away nothing is sold or lost, and every page says so', async () => {
  const away = await startDossier({ on: dossier.urls });
  try {
    const buyer = await aBuyer(dossier);
    const answer = await askToPay(away, buyer);
    expect([answer.status, said(answer, '.form-error')]).toEqual([
      503,
      'Stripe does not answer just now, so nothing was done and nothing was charged. Please try again in a few minutes.',
    ]);
    const { session, subscription } = await subscribe(dossier, buyer);
    expect(said(await see(away, buyer, doneAt(session)), 'h1')).toBe('We could not ask Stripe just now');
    expect((await see(away, buyer, '/account/billing')).status).toBe(200);
    const look = await send(away, '/account/billing/look', {}, { cookie: buyer.cookie });
    expect([look.status, said(look, '.done-bad')]).toEqual([
      503,
      'Stripe does not answer just now. This is what we know of before; nothing is lost.',
    ]);
    const cancel = await send(away, '/account/billing/cancel', { subscription }, { cookie: buyer.cookie });
    expect([cancel.status, said(cancel, '.done-bad')]).toEqual([
      503,
      'Stripe did not answer, so we do not know whether it was done. Nothing is lost and nothing is done twice: please ask Stripe again in a few minutes.',
    ]);
    expect((await see(away, buyer, `/account/billing/plan?subscription=${subscription}&to=year`)).status).toBe(503);
    expect((await send(away, '/account/billing/portal', {}, { cookie: buyer.cookie })).status).toBe(503);
    expect(await reads(away, buyer)).toBe(true);
  } finally {
    await away.stop();
  }
});

test('the page left open for a day has expired, and another is made', async () => {
  const buyer = await aBuyer(dossier);
  const first = sessionIn(await askToPay(dossier, buyer));
  sandboxOf(dossier).acts.advance(DAY + 60);
  expect(sessionIn(await askToPay(dossier, buyer))).not.toBe(first);
});
