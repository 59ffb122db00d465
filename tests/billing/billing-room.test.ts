import { Secret, TOTP } from 'otpauth';
import { openSecretSealer } from '../../src/accounts/second-factor/secret';
import { aBuyer, customersOf, DAY, reads, sandboxOf, see, subscribe, type Buyer } from '../support/billing/buyer';
import { accountsViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { enter } from '../support/cast';
import { doAct, idOf } from '../support/desk';
import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';

jest.setTimeout(60_000);

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: { graceDays: 4 } });
});
afterAll(() => dossier.stop());

const section = (buyer: Buyer, query = '') => see(dossier, buyer, `/account/billing${query}`);
const press = (buyer: Buyer, path: string, fields: Readonly<Record<string, string>> = {}) =>
  send(dossier, path, fields, { cookie: buyer.cookie });
const at = (subscription: string, what: 'cancel' | 'plan', to?: string) =>
  `/account/billing/${what}?subscription=${subscription}${to === undefined ? '' : `&to=${to}`}`;
const links = (page: Page) => page.html.querySelectorAll('.paid a').map((one) => one.text.trim());
const field = (page: Page, name: string) => page.html.querySelector(`input[name=${name}]`)!.getAttribute('value')!;
const sub = (id: string) => sandboxOf(dossier).world.subscriptions.get(id)!;

describe('the section', () => {
  test('without a subscription it offers one, and asks nothing of Stripe', async () => {
    const page = await section(await aBuyer(dossier));
    expect([
      page.status,
      said(page, '#join'),
      page.html.querySelector('.section-part .button')!.getAttribute('href'),
      page.html.querySelectorAll('form[action*=portal]').length,
    ]).toEqual([200, 'No subscription', '/join/leadership-alliance', 0]);
  });

  test('with one it says what is paid, when the next charge is, and shows the invoice', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const page = await section(buyer);
    const renews = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(sub(subscription).items.data[0]!.current_period_end * 1_000),
    );
    expect([
      said(page, '.paid-price'),
      said(page, '.standing'),
      said(page, '.paid .chip'),
      said(page, '.paid-facts div:nth-child(2) dd'),
    ]).toEqual(['€49 a month', `It renews on ${renews}.`, 'Active', `€49 on ${renews}`]);
    expect(links(page)).toEqual(['Change to yearly payment', 'End the subscription']);
    expect([
      said(page, '.rows .number'),
      said(page, '.rows .chip'),
      page.html.querySelector('.tabs [aria-current]')!.text,
    ]).toEqual(['€49', 'Paid', 'Billing']);
    expect((await see(dossier, buyer, '/account')).html.querySelectorAll('.tabs a').map((one) => one.text)).toContain(
      'Billing',
    );
    expect(said(await see(dossier, buyer, '/account'), '.standing')).toBe(
      'You read everything Leadership Alliance opens, because you have a subscription.',
    );
  });

  test("an invoice leads to Stripe's page of it, for its owner alone", async () => {
    const [buyer, other] = [await aBuyer(dossier), await aBuyer(dossier)];
    await subscribe(dossier, buyer);
    await subscribe(dossier, other);
    const [see1, pdf] = (await section(buyer)).html
      .querySelectorAll('.row-links a')
      .map((one) => one.getAttribute('href')!);
    expect((await see(dossier, buyer, see1!)).headers.get('Location')).toContain(`${sandboxOf(dossier).url}/`);
    expect((await see(dossier, buyer, pdf!)).status).toBe(303);
    expect([(await see(dossier, other, see1!)).status, (await see(dossier, other, pdf!)).status]).toEqual([404, 404]);
  });

  test("another's subscription is not there to be changed, ended or kept", async () => {
    const [buyer, other] = [await aBuyer(dossier), await aBuyer(dossier)];
    const { subscription } = await subscribe(dossier, buyer);
    await subscribe(dossier, other);
    for (const address of [at(subscription, 'cancel'), at(subscription, 'plan', 'year')])
      expect([address, (await see(dossier, other, address)).status]).toEqual([address, 404]);
    for (const what of ['cancel', 'keep'])
      expect([what, (await press(other, `/account/billing/${what}`, { subscription })).status]).toEqual([what, 404]);
    expect(
      (
        await press(other, '/account/billing/plan', {
          subscription,
          to: 'year',
          date: String(Math.floor(dossier.clock.now().getTime() / 1_000)),
        })
      ).status,
    ).toBe(404);
    expect(sub(subscription)).toMatchObject({ cancel_at_period_end: false, status: 'active' });
  });

  test('what a form does not have is refused', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    for (const [path, fields] of [
      ['/account/billing/look', { customer: 'x' }],
      ['/account/billing/portal', { customer: 'x' }],
      ['/account/billing/cancel', { subscription, now: '1' }],
      ['/account/billing/cancel', {}],
      ['/account/billing/keep', { subscription: 'cus_x' }],
      ['/account/billing/plan', { subscription }],
      ['/account/billing/plan', { subscription, to: 'week', date: '1700000000' }],
      ['/account/billing/plan', { subscription, to: 'year', date: 'x' }],
      ['/account/billing/plan', { subscription, to: 'year', date: '1700000000', price: 'price_x' }],
    ] as const)
      expect([path, fields, (await press(buyer, path, fields)).status]).toEqual([path, fields, 400]);
  });

  test('invoices come twelve to a page', async () => {
    const buyer = await aBuyer(dossier);
    await subscribe(dossier, buyer);
    const [customer] = await customersOf(dossier, buyer);
    await dossier.wall.write(accountsViewer, (db) =>
      db.invoice.createMany({
        data: Array.from({ length: 13 }, (_, n) => ({
          stripeId: `in_more${n}`,
          customerId: customer!.id,
          number: `N-${n}`,
          status: 'paid',
          currency: 'eur',
          dueCents: 100,
          paidCents: 100,
          createdAt: new Date(n * 1_000),
        })),
      }),
    );
    const [first, second] = [await section(buyer), await section(buyer, '?page=2')];
    expect([
      first.html.querySelectorAll('.rows .row').length,
      second.html.querySelectorAll('.rows .row').length,
      said(second, '.paging [aria-current]'),
    ]).toEqual([12, 2, '2']);
    expect([(await section(buyer, '?page=3')).status, (await section(buyer, '?page=0')).status]).toEqual([404, 400]);
  });
});

describe('the end', () => {
  test('asks first, keeps what is paid, and can be taken back', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const asked = await see(dossier, buyer, at(subscription, 'cancel'));
    const end = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(sub(subscription).items.data[0]!.current_period_end * 1_000),
    );
    expect([said(asked, '.points li'), said(asked, '.button-danger'), sub(subscription).cancel_at_period_end]).toEqual([
      `Until ${end} you read everything, as you have paid for it.`,
      `End it on ${end}`,
      false,
    ]);
    const both = await Promise.all([
      press(buyer, '/account/billing/cancel', { subscription }),
      press(buyer, '/account/billing/cancel', { subscription }),
    ]);
    expect(both.map(({ status, headers }) => [status, headers.get('Location')])).toEqual([
      [303, '/account/billing?done=subscription-ends'],
      [303, '/account/billing?done=subscription-ends'],
    ]);
    const page = await section(buyer, '?done=subscription-ends');
    expect([said(page, '.standing'), said(page, '.done'), links(page), await reads(dossier, buyer)]).toEqual([
      `It ends on ${end}. Until then you read everything.`,
      'Your subscription will end, and nothing more is charged. Until then you can take it back.',
      [],
      true,
    ]);
    expect((await see(dossier, buyer, at(subscription, 'cancel'))).headers.get('Location')).toBe(
      '/account/billing?done=subscription-ends',
    );
    expect((await press(buyer, '/account/billing/keep', { subscription })).headers.get('Location')).toBe(
      '/account/billing?done=subscription-kept',
    );
    expect([
      sub(subscription).cancel_at_period_end,
      sub(subscription).cancel_at,
      said(await section(buyer), '.paid .chip'),
    ]).toEqual([false, null, 'Active']);
  });

  test('comes on its day, and one can join again', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    await press(buyer, '/account/billing/cancel', { subscription });
    sandboxOf(dossier).acts.advance(32 * DAY);
    await until(async () => !(await reads(dossier, buyer)));
    await until(async () => (await section(buyer)).html.querySelector('[aria-labelledby=join] .button') !== null);
    const page = await section(buyer);
    expect([said(page, '#subscription-1'), page.html.querySelector('[aria-labelledby=join] .button')!.text]).toEqual([
      'What you had',
      'Join Leadership Alliance again',
    ]);
    await subscribe(dossier, buyer);
    expect([await reads(dossier, buyer), said(await section(buyer), '.paid .chip')]).toEqual([true, 'Active']);
  });

  test('of one ended at Stripe meanwhile is told, not done', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    sandboxOf(dossier).deliveries.hold();
    sandboxOf(dossier).acts.cancelNow(subscription);
    const page = await press(buyer, '/account/billing/cancel', { subscription });
    expect([page.status, said(page, '.done-bad'), said(page, '.paid .chip')]).toEqual([
      409,
      'This could not be done as the subscription stands now. Here is how it stands.',
      'Ended',
    ]);
    sandboxOf(dossier).deliveries.release();
  });
});

describe('from month to year and back', () => {
  test('shows to the cent what is due, and charges that', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription, customer } = await subscribe(dossier, buyer);
    sandboxOf(dossier).acts.advance(10 * DAY);
    const shown = await see(dossier, buyer, at(subscription, 'plan', 'year'));
    const due = said(shown, '.sums tfoot td')!;
    expect([
      shown.status,
      shown.html.querySelectorAll('.sums tbody tr').length,
      said(shown, '.sums tbody td:last-child')!.startsWith('-€3'),
      due,
    ]).toEqual([200, 2, true, due]);
    expect(sub(subscription).items.data[0]!.price.recurring!.interval).toBe('month');
    const [answer] = (await Promise.all(
      [0, 1].map(() =>
        press(buyer, '/account/billing/plan', { subscription, to: field(shown, 'to'), date: field(shown, 'date') }),
      ),
    )) as [Page, Page];
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/account/billing?done=plan-changed']);
    const page = await section(buyer);
    expect([
      said(page, '.paid-price'),
      said(page, '.rows .number'),
      sub(subscription).items.data[0]!.price.recurring!.interval,
    ]).toEqual(['€490 a year', due, 'year']);
    // Sent once more, it is the same change.
    expect(
      (
        await press(buyer, '/account/billing/plan', {
          subscription,
          to: field(shown, 'to'),
          date: field(shown, 'date'),
        })
      ).headers.get('Location'),
    ).toBe('/account/billing?done=plan-changed');
    expect([...sandboxOf(dossier).world.invoices.values()].filter((one) => one.customer === customer)).toHaveLength(2);
  });

  test('back to the month leaves a credit, and says so', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer, 'year');
    sandboxOf(dossier).acts.advance(10 * DAY);
    const shown = await see(dossier, buyer, at(subscription, 'plan', 'month'));
    expect([said(shown, '.sums tfoot td'), said(shown, '.sums ~ .small')]).toEqual([
      '€0',
      expect.stringMatching(/^€4[23]\d\.\d\d stay with you as a credit/),
    ]);
    await press(buyer, '/account/billing/plan', { subscription, to: field(shown, 'to'), date: field(shown, 'date') });
    expect(said(await section(buyer), '.paid-price')).toBe('€49 a month');
    expect(await reads(dossier, buyer)).toBe(true);
  });

  test('a card that is declined, or asks for its holder, changes nothing and says so', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription, customer } = await subscribe(dossier, buyer);
    for (const [how, words] of [
      ['declined', 'Your card was declined'],
      ['authenticate', 'Your bank wants you to confirm this payment'],
    ] as const) {
      sandboxOf(dossier).acts.failNextPayment(customer, how);
      const shown = await see(dossier, buyer, at(subscription, 'plan', 'year'));
      const page = await press(buyer, '/account/billing/plan', {
        subscription,
        to: 'year',
        date: field(shown, 'date'),
      });
      expect([
        how,
        page.status,
        said(page, '.done-bad')!.startsWith(words),
        sub(subscription).items.data[0]!.price.recurring!.interval,
      ]).toEqual([how, 422, true, 'month']);
      expect(said(await section(buyer), '.paid .chip')).toBe('Active');
      sandboxOf(dossier).acts.advance(5);
    }
  });

  test('a price worked out long ago, or for tomorrow, is worked out anew first', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const now = Math.floor(dossier.clock.now().getTime() / 1_000);
    for (const date of [now - 3_600, now + 3_600]) {
      const page = await press(buyer, '/account/billing/plan', { subscription, to: 'year', date: String(date) });
      expect([page.status, said(page, '.done-bad')]).toEqual([
        409,
        'The price was worked out some time ago, so here it is anew. Nothing was changed yet.',
      ]);
    }
    expect(sub(subscription).items.data[0]!.price.recurring!.interval).toBe('month');
  });

  test('one that is about to end is not changed', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    await press(buyer, '/account/billing/cancel', { subscription });
    const page = await see(dossier, buyer, at(subscription, 'plan', 'year'));
    expect([page.status, said(page, '.done-bad')]).toEqual([
      409,
      'The plan can be changed while the subscription is active, paid and not about to end.',
    ]);
  });
});

describe('when a payment fails', () => {
  test('the section says until when one reads on and where to pay; unpaid it closes, paid it opens', async () => {
    const buyer = await aBuyer(dossier);
    const { customer } = await subscribe(dossier, buyer);
    sandboxOf(dossier).acts.replaceCard(customer, 'attach-then-fail');
    sandboxOf(dossier).acts.advance(31 * DAY + 7_200);
    await until(async () => said(await section(buyer), '.paid .chip') === 'Payment failed');
    const page = await section(buyer);
    expect([links(page)[0], await reads(dossier, buyer)]).toEqual(['Pay €49', true]);
    const pay = page.html.querySelector('.paid a')!.getAttribute('href')!;
    expect((await see(dossier, buyer, pay)).headers.get('Location')).toContain(sandboxOf(dossier).url);

    sandboxOf(dossier).acts.advance(5 * DAY);
    await until(async () => !(await reads(dossier, buyer)));
    expect(said(await section(buyer), '.standing')).toContain('so the paid part is closed');

    sandboxOf(dossier).acts.payInvoice(pay.split('=').at(-1)!, { card: 'good' });
    expect((await see(dossier, buyer, '/account/billing/back')).headers.get('Location')).toBe(
      '/account/billing?done=looked',
    );
    expect([await reads(dossier, buyer), said(await section(buyer), '.paid .chip')]).toEqual([true, 'Active']);
  });

  test('a dispute closes, and one that is won opens again; a full refund ends', async () => {
    const buyer = await aBuyer(dossier);
    const { customer } = await subscribe(dossier, buyer);
    const { acts, world } = sandboxOf(dossier);
    const charge = [...world.charges.values()].find((one) => one.customer === customer)!;
    const dispute = acts.openDispute(charge.id);
    await until(async () => said(await section(buyer), '.paid .chip') === 'Disputed');
    expect(await reads(dossier, buyer)).toBe(false);
    acts.closeDispute(dispute.id, 'won');
    await until(() => reads(dossier, buyer));
    acts.refund(charge.id);
    await until(async () => said(await section(buyer), '.paid .chip') === 'Paid back');
    expect([await reads(dossier, buyer), said(await section(buyer), '.rows .chip')]).toEqual([false, 'Paid back']);
  });
});

test("Stripe's own pages are reached through our configuration, and lead back through a look", async () => {
  const buyer = await aBuyer(dossier);
  await subscribe(dossier, buyer);
  const answer = await press(buyer, '/account/billing/portal');
  const session = [...sandboxOf(dossier).world.portalSessions.values()].at(-1)!;
  const configuration = sandboxOf(dossier).world.portalConfigurations.get(session.configuration as string)!;
  expect([answer.status, answer.headers.get('Location'), session.return_url, configuration.metadata]).toEqual([
    303,
    session.url,
    `${dossier.url}/account/billing/back`,
    { dossier: 'portal' },
  ]);
  expect((await section(buyer)).headers.get('Content-Security-Policy')).toContain(
    `form-action 'self' ${sandboxOf(dossier).url};`,
  );
});

test('two subscriptions are both shown, each with its own end', async () => {
  const buyer = await aBuyer(dossier);
  const { customer, subscription } = await subscribe(dossier, buyer);
  const { stripe } = dossier.payments!;
  const price = (
    await dossier.wall.read(accountsViewer, (db) =>
      db.price.findFirstOrThrow({ where: { interval: 'year', offered: true } }),
    )
  ).stripeId;
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price, quantity: 1 }],
    success_url: dossier.url,
  });
  sandboxOf(dossier).acts.payCheckout(session.id, { card: 'good' });
  const second = sandboxOf(dossier).world.checkoutSessions.get(session.id)!.subscription as string;
  await until(async () => (await section(buyer)).html.querySelectorAll('.paid').length === 2);
  const page = await section(buyer);
  expect([
    said(page, '.warning')!.startsWith('There is more than one subscription'),
    page.html
      .querySelectorAll('.paid a[href*=cancel]')
      .map((one) => one.getAttribute('href'))
      .sort(),
  ]).toEqual([true, [at(second, 'cancel'), at(subscription, 'cancel')].sort()]);
});

test('whoever is not logged in is shown the way in, and back', async () => {
  const page = await visit(`${dossier.url}/account/billing`);
  expect([page.status, page.headers.get('Location')]).toEqual([303, '/login?next=%2Faccount%2Fbilling']);
  expect((await send(dossier, '/account/billing/portal', {})).headers.get('Location')).toBe('/login?next=%2Faccount');
});

describe("when the sandbox's clock has moved", () => {
  test('what is paid for follows it, and a login goes on', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    sandboxOf(dossier).acts.cancelAtPeriodEnd(subscription, true);
    expect(await reads(dossier, buyer)).toBe(true);
    sandboxOf(dossier).acts.advance(40 * DAY);
    await until(async () => !(await reads(dossier, buyer)));
    expect((await see(dossier, buyer, '/account')).status).toBe(200);
  });

  test('what is published is there for readers at once', async () => {
    sandboxOf(dossier).acts.advance(40 * DAY);
    await dossier.take('moved', { 'en.md': original({ slug: 'moved', state: 'draft', published: null }) });
    const editor = await enter(dossier, 'editor');
    const published = await doAct(dossier, editor, await idOf(dossier, 'moved'), 'publish');
    expect([published.status, (await visit(`${dossier.url}/briefings/moved`)).status]).toEqual([303, 200]);
  });

  test('a code of the second factor is the one a telephone shows', async () => {
    sandboxOf(dossier).acts.advance(40 * DAY);
    const { id, email } = await anAccount(dossier);
    const secret = new Secret({ size: 20 });
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({
        where: { id },
        data: {
          totpConfirmedAt: new Date(),
          totpSecret: openSecretSealer([SESSION_SECRET]).seal(secret.base32, id),
        },
      }),
    );
    const first = cookiesOf(await send(dossier, '/login', { email, password: PASSWORD, next: '/account' }));
    const code = new TOTP({ secret }).generate();
    const second = await send(dossier, '/login/second-factor', { code }, { cookie: first });
    expect([second.status, second.headers.get('Location')]).toEqual([303, '/account']);
  });
});
