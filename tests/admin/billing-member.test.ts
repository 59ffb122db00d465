import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { logIn } from '../support/cast';
import { lettersTo } from '../support/letters';
import { said, type Page } from '../support/page';
import {
  alarmsOf,
  aSubscriber,
  DAY,
  drained,
  rankOf,
  rowOf,
  sandboxOf,
  type Subscriber,
} from '../support/billing/subscriber';
import { entriesOf, fieldsOf, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let support: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  support = await somebody(dossier, 'support');
});
afterAll(() => dossier.stop());

type Buyer = Subscriber & { readonly subscription: string };
const at = ({ accountId }: Pick<Subscriber, 'accountId'>, action = '') =>
  `/admin/members/${accountId}/billing${action === '' ? '' : `/${action}`}`;
const happens = (page: Page) => page.html.querySelectorAll('.points li').map((one) => one.text);
const changes = (page: Page) =>
  page.html
    .querySelectorAll('.before-after tbody tr')
    .map((row) => row.querySelectorAll('th, td').map((one) => one.text));
const alert = (page: Page) => said(page, '[role=alert]');
const entries = (reader: Pick<Subscriber, 'accountId'>) => entriesOf(dossier, { id: reader.accountId });
const invoiceOf = (subscription: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findFirstOrThrow({
      where: { subscriptionId: subscription, paidCents: { gt: 0 } },
      orderBy: { createdAt: 'desc' },
    }),
  );
const refundsOf = async (invoice: { readonly chargeId: string | null }) =>
  (await sandboxOf(dossier).stripe.refunds.list({ charge: invoice.chargeId! })).data;
/** What the member is told on the next page they open. */
const toldTo = async ({ accountId }: Subscriber) =>
  said(
    await open(dossier, { cookie: await logIn(dossier, accountId, dossier.clock.now().getTime()) }, '/account'),
    '.standing',
  );

/** Opens the page that asks, and means it. */
async function mean(reader: Subscriber, action: string, query = '', more: Readonly<Record<string, string>> = {}) {
  const asked = await open(dossier, admin, `${at(reader, action)}${query}`);
  const fields: Record<string, string> = { ...fieldsOf(asked), reason: 'because a test says so', ...more };
  return { asked, fields, answer: await send(dossier, at(reader, action), fields, { cookie: admin.cookie }) };
}
const isDone = (answer: Page, reader: Subscriber, action: string) =>
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${at(reader)}?done=${action}`]);

/** The same Dossier, as if Stripe had gone away just now; `breaks` says at which call. */
async function withStripe<T>(breaks: (stripe: Stripe) => void, work: () => Promise<T>): Promise<T> {
  const { stripe } = dossier.app.billing;
  const restore = {
    refund: stripe.refunds.create.bind(stripe.refunds),
    update: stripe.subscriptions.update.bind(stripe.subscriptions),
    cancel: stripe.subscriptions.cancel.bind(stripe.subscriptions),
  };
  breaks(stripe);
  try {
    return await work();
  } finally {
    stripe.refunds.create = restore.refund;
    stripe.subscriptions.update = restore.update;
    stripe.subscriptions.cancel = restore.cancel;
  }
}
/** What the SDK throws when nobody answers. */
const away = () => noPayments().stripe.customers.retrieve('cus_x') as Promise<never>;

describe('the page', () => {
  test('says what is paid, and leads to what can be done; support is told that it is not theirs', async () => {
    const reader = await aSubscriber(dossier);
    const page = await open(dossier, admin, at(reader));
    expect(page.status).toBe(200);
    expect(said(page, '.paid-price')).toBe('€49 a month');
    expect(
      page.html
        .querySelectorAll('main a.button')
        .map((one) => one.getAttribute('href')!.split('/').at(-1)!.split('?')[0]),
    ).toEqual(['sync', 'letter', 'cancel-end', 'cancel-now', 'refund']);
    expect(page.text).toContain(reader.customer);
    expect(
      await dossier.wall.read(accountsViewer, (db) =>
        db.auditEntry.count({ where: { action: 'member-viewed', targetId: reader.accountId, actorId: admin.id } }),
      ),
    ).toBe(1);
    const member = await open(dossier, admin, `/admin/members/${reader.accountId}`);
    expect(member.html.querySelector(`a[href="${at(reader)}"]`)).not.toBeNull();
    // The letters it lists are called by a name, and not by a subject with something left to fill in.
    expect([member.text.includes('Letter: Welcome'), member.text.match(/\{\w+\}/g)]).toEqual([true, null]);
    for (const action of ['', 'sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter']) {
      expect([action, (await open(dossier, support, at(reader, action))).status]).toEqual([action, 403]);
      if (action !== '')
        expect([
          action,
          (
            await send(
              dossier,
              at(reader, action),
              { submission: crypto.randomUUID(), version: 'x', reason: 'x', subscription: reader.subscription },
              { cookie: support.cookie },
            )
          ).status,
        ]).toEqual([action, 403]);
    }
    expect(
      (await open(dossier, support, `/admin/members/${reader.accountId}`)).html.querySelector(
        `a[href="${at(reader)}"]`,
      ),
    ).toBeNull();
    expect((await rowOf(dossier, reader.subscription)).status).toBe('active');
  });

  test('is there for somebody who never paid, in Spanish too', async () => {
    const member = await somebody(dossier);
    expect((await open(dossier, admin, `/es/admin/members/${member.id}/billing`)).text).toContain(
      'Esta cuenta no es cliente en Stripe',
    );
    expect(alert(await open(dossier, admin, `/admin/members/${member.id}/billing/sync`))).toBe(
      'This account is no customer at Stripe.',
    );
  });
});

describe('an end', () => {
  test('is set, told with its moment, and taken back', async () => {
    const reader = await aSubscriber(dossier);
    const query = `?subscription=${reader.subscription}`;
    const { asked, answer, fields } = await mean(reader, 'cancel-end', query);
    const { periodEnd } = await rowOf(dossier, reader.subscription);
    expect(happens(asked)[0]).toContain(
      new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(periodEnd!),
    );
    expect(changes(asked)[0]).toEqual(['Reads', 'Leadership Alliance', 'Leadership Alliance']);
    isDone(answer, reader, 'billing-cancel-end');
    expect((await rowOf(dossier, reader.subscription)).cancelAt).toEqual(periodEnd);
    isDone(
      await send(dossier, at(reader, 'cancel-end'), fields, { cookie: admin.cookie }),
      reader,
      'billing-cancel-end',
    );
    expect(await entries(reader)).toMatchObject([
      {
        actorId: admin.id,
        action: 'billing-cancel-end',
        reason: 'because a test says so',
        target: reader.email,
        fromAddress: '127.0.0.0/24',
        before: { rank: 20, ends: null },
        after: {
          rank: 20,
          ends: periodEnd!.toISOString(),
          customer: reader.customer,
          subscription: reader.subscription,
          synced: true,
        },
      },
    ]);
    expect(alert(await open(dossier, admin, `${at(reader, 'cancel-end')}${query}`))).toContain('set to end already');
    const kept = await mean(reader, 'keep', query);
    expect(happens(kept.asked)).toEqual([
      'It goes on as if nobody had ended it.',
      expect.stringMatching(/^€49 are charged on /),
    ]);
    isDone(kept.answer, reader, 'billing-keep');
    expect((await rowOf(dossier, reader.subscription)).cancelAt).toBeNull();
    expect((await entries(reader)).map(({ action }) => action)).toEqual(['billing-cancel-end', 'billing-keep']);
    expect(alert(await open(dossier, admin, `${at(reader, 'keep')}${query}`))).toContain('not set to end');
  });

  test('a date set at Stripe is taken back too', async () => {
    const reader = await aSubscriber(dossier);
    await sandboxOf(dossier).stripe.subscriptions.update(reader.subscription, {
      cancel_at: Math.floor(dossier.clock.now().getTime() / 1_000) + 40 * DAY,
    });
    isDone((await mean(reader, 'keep', `?subscription=${reader.subscription}`)).answer, reader, 'billing-keep');
    expect((await sandboxOf(dossier).stripe.subscriptions.retrieve(reader.subscription)).cancel_at).toBeNull();
  });

  test('at once, in force on the next page', async () => {
    const reader = await aSubscriber(dossier);
    expect(await toldTo(reader)).toContain('Leadership Alliance');
    const { asked, answer } = await mean(reader, 'cancel-now', `?subscription=${reader.subscription}`);
    expect(changes(asked)[0]).toEqual(['Reads', 'Leadership Alliance', 'Strategy Circle']);
    expect(happens(asked).join(' ')).toMatch(/ends at once.*Nothing is paid back/);
    isDone(answer, reader, 'billing-cancel-now');
    expect([await toldTo(reader), (await rowOf(dossier, reader.subscription)).status]).toEqual([
      expect.stringContaining('Strategy Circle'),
      'canceled',
    ]);
    expect(await entries(reader)).toMatchObject([
      {
        action: 'billing-cancel-now',
        before: { rank: 20, status: 'active' },
        after: { rank: 10, status: 'canceled', subscription: reader.subscription },
      },
    ]);
    expect(
      alert(await open(dossier, admin, `${at(reader, 'cancel-now')}?subscription=${reader.subscription}`)),
    ).toContain('that has not ended');
  });

  test("needs a reason, is refused for another member's subscription, and is decided again when something has changed", async () => {
    const [reader, other] = [await aSubscriber(dossier), await aSubscriber(dossier)];
    const { answer: without } = await mean(reader, 'cancel-now', `?subscription=${reader.subscription}`, {
      reason: ' ',
    });
    expect([without.status, said(without, '#reason-error')]).toEqual([
      422,
      'Please write why. It stands in the audit log.',
    ]);
    const foreign = await send(
      dossier,
      at(reader, 'cancel-now'),
      { submission: crypto.randomUUID(), version: 'x', reason: 'x', subscription: other.subscription },
      { cookie: admin.cookie },
    );
    expect([foreign.status, (await rowOf(dossier, other.subscription)).status]).toEqual([409, 'active']);
    const asked = await open(dossier, admin, `${at(reader, 'cancel-now')}?subscription=${reader.subscription}`);
    sandboxOf(dossier).acts.cancelAtPeriodEnd(reader.subscription, true);
    const answer = await send(
      dossier,
      at(reader, 'cancel-now'),
      { ...fieldsOf(asked), reason: 'x' },
      { cookie: admin.cookie },
    );
    expect([answer.status, alert(answer)]).toEqual([
      409,
      expect.stringContaining('has changed since you opened this page'),
    ]);
    expect([
      (await sandboxOf(dossier).stripe.subscriptions.retrieve(reader.subscription)).status,
      await entries(reader),
    ]).toEqual(['active', []]);
  });
});

describe('a refund', () => {
  test('in full: told what it ends, done once however often it is sent, in force on the next page', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const first = await open(dossier, admin, `${at(reader, 'refund')}?invoice=${invoice.stripeId}`);
    expect([first.html.querySelector('#amount')?.getAttribute('value'), said(first, '#amount-hint')]).toEqual([
      '49.00',
      'In EUR, at most €49.',
    ]);
    const { asked, answer, fields } = await mean(reader, 'refund', `?invoice=${invoice.stripeId}&amount=49.00`);
    expect(changes(asked)[0]).toEqual(['Reads', 'Leadership Alliance', 'Strategy Circle']);
    expect(happens(asked).slice(0, 3)).toEqual([
      `€49 of invoice ${invoice.number} go back the way they were paid.`,
      expect.stringContaining('the access it gave ends now'),
      expect.stringContaining('The subscription ends at once'),
    ]);
    isDone(answer, reader, 'billing-refund');
    isDone(await send(dossier, at(reader, 'refund'), fields, { cookie: admin.cookie }), reader, 'billing-refund');
    const refunds = await refundsOf(invoice);
    expect(refunds.map(({ amount }) => amount)).toEqual([4900]);
    expect([await toldTo(reader), await rankOf(dossier, reader)]).toEqual([
      expect.stringContaining('Strategy Circle'),
      10,
    ]);
    expect(await entries(reader)).toMatchObject([
      {
        actorId: admin.id,
        action: 'billing-refund',
        before: { rank: 20, 'refunded-cents': 0 },
        after: {
          rank: 10,
          'refunded-cents': 4900,
          refund: refunds[0]!.id,
          invoice: invoice.stripeId,
          cents: 4900,
          currency: 'eur',
        },
      },
    ]);
    expect(await lettersTo(dossier, reader.email, 'refunded')).toHaveLength(1);
    expect((await alarmsOf(dossier, 'refund')).map(({ subject }) => subject)).toContain(refunds[0]!.id);
    expect(said(await open(dossier, admin, at(reader)), 'tbody .chip')).toBe('Paid back');
    expect((await rowOf(dossier, reader.subscription)).status).toBe('canceled');
    expect(alert(await open(dossier, admin, `${at(reader, 'refund')}?invoice=${invoice.stripeId}`))).toContain(
      'paid back in full already',
    );
  });

  test('in full asks whether the subscription ends too; where it does not, that is said to all', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const query = `?invoice=${invoice.stripeId}`;
    const first = await open(dossier, admin, `${at(reader, 'refund')}${query}`);
    expect(first.html.querySelector('#end option[selected]')?.getAttribute('value')).toBe('yes');
    const { asked, answer } = await mean(reader, 'refund', `${query}&amount=49&end=no`);
    expect(happens(asked)).toContainEqual(expect.stringContaining('will be charged again'));
    isDone(answer, reader, 'billing-refund');
    expect(await rowOf(dossier, reader.subscription)).toMatchObject({ status: 'active', accessReason: 'refunded' });
    expect(await lettersTo(dossier, reader.email, 'subscription-ended')).toHaveLength(0);
  });

  test('whose answer was lost before the end was asked for is ended when the form comes again', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const asked = await open(dossier, admin, `${at(reader, 'refund')}?invoice=${invoice.stripeId}&amount=49`);
    const fields = { ...fieldsOf(asked), reason: 'because a test says so' };
    const sent = () => send(dossier, at(reader, 'refund'), fields, { cookie: admin.cookie });
    const lost = await withStripe(
      (stripe) => {
        stripe.subscriptions.cancel = away;
      },
      () => sent(),
    );
    expect([lost.status, (await refundsOf(invoice)).length]).toEqual([503, 1]);
    isDone(await sent(), reader, 'billing-refund');
    expect([(await refundsOf(invoice)).length, (await rowOf(dossier, reader.subscription)).status]).toEqual([
      1,
      'canceled',
    ]);
  });

  test('a part of it: access stays, and the rest can follow', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const { asked, answer } = await mean(reader, 'refund', `?invoice=${invoice.stripeId}&amount=12,50`);
    expect(happens(asked).slice(0, 2)).toEqual([
      expect.stringContaining('€12.50'),
      expect.stringContaining('access stays as it is'),
    ]);
    isDone(answer, reader, 'billing-refund');
    expect([await rankOf(dossier, reader), (await invoiceOf(reader.subscription)).refundedCents]).toEqual([20, 1250]);
    const rest = await open(dossier, admin, `${at(reader, 'refund')}?invoice=${invoice.stripeId}`);
    expect(rest.html.querySelector('#amount')?.getAttribute('value')).toBe('36.50');
  });

  test.each(['0', '49.01', '-1', '1e3', '12.345', 'all', ''])(
    'of "%s" is asked again beside the field, and nothing is sent back',
    async (amount) => {
      const reader = await aSubscriber(dossier);
      const invoice = await invoiceOf(reader.subscription);
      const page = await open(
        dossier,
        admin,
        `${at(reader, 'refund')}?invoice=${invoice.stripeId}&amount=${encodeURIComponent(amount)}`,
      );
      expect([page.status, said(page, '#amount-error')]).toEqual([
        422,
        'Please write an amount above nothing and of at most €49.',
      ]);
      expect(
        (
          await send(
            dossier,
            at(reader, 'refund'),
            { submission: crypto.randomUUID(), version: 'x', reason: 'x', invoice: invoice.stripeId, amount },
            { cookie: admin.cookie },
          )
        ).status,
      ).toBe(422);
      expect(await refundsOf(invoice)).toEqual([]);
    },
  );

  test('two admins who mean the same invoice at once pay it back once', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const ask = () => open(dossier, admin, `${at(reader, 'refund')}?invoice=${invoice.stripeId}&amount=20`);
    const [one, other] = [fieldsOf(await ask()), fieldsOf(await ask())];
    expect((await send(dossier, at(reader, 'refund'), { ...one, reason: 'x' }, { cookie: admin.cookie })).status).toBe(
      303,
    );
    const second = await send(dossier, at(reader, 'refund'), { ...other, reason: 'x' }, { cookie: admin.cookie });
    expect([second.status, (await refundsOf(invoice)).length]).toEqual([409, 1]);
  });

  test("another member's invoice, and one in dispute, are refused", async () => {
    const [reader, other] = [await aSubscriber(dossier), await aSubscriber(dossier)];
    const foreign = await invoiceOf(other.subscription);
    expect(
      alert(await open(dossier, admin, `${at(reader, 'refund')}?invoice=${foreign.stripeId}&amount=49`)),
    ).toContain('no such invoice of this member');
    const own = await invoiceOf(reader.subscription);
    sandboxOf(dossier).acts.openDispute(own.chargeId!);
    expect(alert(await open(dossier, admin, `${at(reader, 'refund')}?invoice=${own.stripeId}&amount=49`))).toContain(
      'disputed at the bank',
    );
    expect([...(await refundsOf(own)), ...(await refundsOf(foreign))]).toEqual([]);
  });

  test('Stripe refuses: its words are said and nothing is written down as done', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const refuse = () => sandboxOf(dossier).stripe.refunds.retrieve('re_none') as Promise<never>;
    await withStripe(
      (stripe) => {
        stripe.refunds.create = refuse;
      },
      async () => {
        const { answer } = await mean(reader, 'refund', `?invoice=${invoice.stripeId}&amount=49`);
        expect([answer.status, alert(answer)]).toEqual([
          409,
          expect.stringMatching(/^Stripe refused this, and nothing was changed\. It said: StripeInvalidRequestError/),
        ]);
      },
    );
    expect([await entries(reader), await rankOf(dossier, reader), await refundsOf(invoice)]).toEqual([[], 20, []]);
  });

  test('the answer is lost: nobody knows, that stands in the log, and the same form sent again is one refund', async () => {
    const reader = await aSubscriber(dossier);
    const invoice = await invoiceOf(reader.subscription);
    const { stripe } = sandboxOf(dossier);
    const create = stripe.refunds.create.bind(stripe.refunds);
    const again = await withStripe(
      (door) => {
        door.refunds.create = async (params: Stripe.RefundCreateParams, options: Stripe.RequestOptions) => {
          await create(params, options);
          return away();
        };
      },
      async () => {
        const { answer, fields } = await mean(reader, 'refund', `?invoice=${invoice.stripeId}&amount=49`);
        expect([answer.status, alert(answer)]).toEqual([
          503,
          expect.stringContaining('we do not know whether it was done'),
        ]);
        expect(fieldsOf(answer)['submission']).toBe(fields['submission']);
        return fieldsOf(answer);
      },
    );
    expect((await entries(reader)).map(({ action }) => action)).toEqual(['billing-unsure']);
    isDone(
      await send(dossier, at(reader, 'refund'), { ...again, reason: 'once more' }, { cookie: admin.cookie }),
      reader,
      'billing-refund',
    );
    const refunds = await refundsOf(invoice);
    expect([refunds.length, await rankOf(dossier, reader)]).toEqual([1, 10]);
    expect(await entries(reader)).toMatchObject([
      { action: 'billing-unsure', after: { asked: 'billing-refund' } },
      { action: 'billing-refund', after: { refund: refunds[0]!.id, cents: 4900 } },
    ]);
  });
});

test('a sync makes our records say what Stripe says', async () => {
  const reader = await aSubscriber(dossier);
  await dossier.wall.write(accountsViewer, (db) => db.grant.deleteMany({ where: { reference: reader.subscription } }));
  const { asked, answer } = await mean(reader, 'sync');
  expect(changes(asked)[0]).toEqual(['Reads', 'Strategy Circle', 'Leadership Alliance']);
  isDone(answer, reader, 'billing-sync');
  expect(await toldTo(reader)).toContain('Leadership Alliance');
  expect(await entries(reader)).toMatchObject([
    { action: 'billing-sync', before: { rank: 10 }, after: { rank: 20, customer: reader.customer, synced: true } },
  ]);
});

test("a letter is sent again, once for each form, as things stand now and in the member's language", async () => {
  const reader: Buyer = await aSubscriber(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: reader.accountId }, data: { lang: 'es' } }),
  );
  const first = await open(dossier, admin, at(reader, 'letter'));
  expect(first.html.querySelectorAll('#letter option').map((one) => one.text)).toEqual([
    'Le damos la bienvenida a Alianza de Liderazgo',
  ]);
  const key = `subscription-welcome ${reader.subscription}`;
  const { asked, answer, fields } = await mean(reader, 'letter', `?letter=${encodeURIComponent(key)}`);
  expect(happens(asked)[0]).toBe(`A letter goes to ${reader.email}.`);
  isDone(answer, reader, 'billing-letter');
  isDone(await send(dossier, at(reader, 'letter'), fields, { cookie: admin.cookie }), reader, 'billing-letter');
  const letters = await lettersTo(dossier, reader.email, 'subscription-welcome');
  expect(letters.map(({ lang }) => lang)).toEqual(['en', 'es']);
  expect(await entries(reader)).toMatchObject([{ action: 'billing-letter', after: { letter: key } }]);
  expect((await open(dossier, admin, `${at(reader, 'letter')}?letter=refunded%20re_none`)).status).toBe(422);
});

test('when Stripe does not answer, no action can be meant, and a sentence says so', async () => {
  const reader = await aSubscriber(dossier);
  await drained(dossier);
  const other = await startDossier({
    on: dossier.urls,
    billing: { works: false, payments: { ...noPayments(), clock: dossier.clock } },
  });
  try {
    for (const action of ['sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter']) {
      const page = await open(other, admin, `${at(reader, action)}?subscription=${reader.subscription}`);
      expect([action, page.status, alert(page), page.html.querySelector('main form[method=post]')]).toEqual([
        action,
        503,
        expect.stringContaining('Stripe does not answer just now'),
        null,
      ]);
      expect([
        action,
        (
          await send(
            other,
            at(reader, action),
            { submission: crypto.randomUUID(), version: 'x', reason: 'x', subscription: reader.subscription },
            { cookie: admin.cookie },
          )
        ).status,
      ]).toEqual([action, 503]);
    }
    expect([await entries(reader), (await open(other, admin, at(reader))).status]).toEqual([[], 200]);
  } finally {
    await other.stop();
  }
});

test('nobody decides about their own payments', async () => {
  const own = await aSubscriber(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: own.accountId }, data: { role: 'admin', totpConfirmedAt: new Date() } }),
  );
  const cookie = await logIn(dossier, own.accountId, dossier.clock.now().getTime());
  const invoice = await invoiceOf(own.subscription);
  expect(
    alert(await open(dossier, { cookie }, `${at(own, 'refund')}?invoice=${invoice.stripeId}&amount=49`)),
  ).toContain('This is your own account');
  expect(
    (
      await send(
        dossier,
        at(own, 'refund'),
        { submission: crypto.randomUUID(), version: 'x', reason: 'x', invoice: invoice.stripeId, amount: '49' },
        { cookie },
      )
    ).status,
  ).toBe(409);
  expect(await refundsOf(invoice)).toEqual([]);
});

describe('something done to a member who pays', () => {
  const charged = (page: Page) => page.html.querySelectorAll('.charged').map((one) => one.text);
  const ways = ['comp?tier=leadership-alliance&until=', 'role?role=editor', 'suspend', 'delete'];

  test.each(ways)('(%s) says that Stripe goes on charging, how much and when, and where it is ended', async (way) => {
    const reader = await aSubscriber(dossier);
    const { acts } = sandboxOf(dossier);
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      (await rowOf(dossier, reader.subscription)).periodEnd!,
    );
    const path = `/admin/members/${reader.accountId}/${way}`;
    const page = await open(dossier, admin, path);
    expect(charged(page)).toEqual([expect.stringContaining(`€49 on ${day}`)]);
    expect(page.html.querySelector('.charged a')?.getAttribute('href') ?? null).toBe(
      way === 'delete' ? null : at(reader, `cancel-end?subscription=${reader.subscription}`),
    );
    expect(charged(await open(dossier, admin, `/es${path}`))[0]).toContain(
      way === 'delete' ? 'termina en Stripe' : 'Stripe sigue cobrando',
    );
    // Where Stripe does not say how much, the day is said alone.
    const { invoices } = dossier.app.billing.stripe;
    const spy = jest.spyOn(invoices, 'createPreview').mockImplementation(away);
    const silent = charged(await open(dossier, admin, path))[0];
    spy.mockRestore();
    expect([silent!.includes('€'), silent!.includes(day)]).toEqual([false, true]);
    acts.cancelAtPeriodEnd(reader.subscription, true);
    await drained(dossier);
    expect(charged(await open(dossier, admin, path))).toEqual([]);
  });

  test('says so to support too, who cannot end it; withdrawing a gift says it; of who does not pay nothing is said', async () => {
    const reader = await aSubscriber(dossier);
    const path = `/admin/members/${reader.accountId}/comp?tier=leadership-alliance&until=`;
    const page = await open(dossier, support, path);
    expect([charged(page).length, page.html.querySelector('.charged a')]).toEqual([1, null]);
    await send(dossier, path.split('?')[0]!, { ...fieldsOf(page), reason: 'a test' }, { cookie: support.cookie });
    const { id } = await dossier.wall.read(accountsViewer, (db) =>
      db.grant.findFirstOrThrow({ where: { accountId: reader.accountId, source: 'COMP' } }),
    );
    expect(charged(await open(dossier, admin, `/admin/members/${reader.accountId}/revoke?grant=${id}`))).toHaveLength(
      1,
    );
    const member = await somebody(dossier);
    for (const way of ways)
      expect(charged(await open(dossier, admin, `/admin/members/${member.id}/${way}`))).toEqual([]);
  });

  test('deletes them when it is meant once, and Stripe charges nobody', async () => {
    const reader = await aSubscriber(dossier);
    const path = `/admin/members/${reader.accountId}/delete`;
    const fields = { ...fieldsOf(await open(dossier, admin, path)), reason: 'because a test says so' };
    expect((await send(dossier, path, fields, { cookie: admin.cookie })).headers.get('location')).toBe(
      '/admin/members?done=delete',
    );
    expect((await sandboxOf(dossier).stripe.subscriptions.retrieve(reader.subscription)).status).toBe('canceled');
  });
});

test('the list of members offers the origins that something grants, and others only where there are rows', async () => {
  const offered = async (query = '') =>
    (await open(dossier, admin, `/admin/members${query}`)).html
      .querySelectorAll('#source option')
      .map((one) => one.getAttribute('value'));
  const granted = ['', 'JOINED', 'SUBSCRIPTION', 'COMP'];
  expect(await offered()).toEqual(granted);
  expect(await offered('?source=SEAT')).toEqual([...granted, 'SEAT']);
  const { id: accountId } = await somebody(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.grant.create({ data: { accountId, tierSlug: 'strategy-circle', source: 'GIFT', from: new Date(0) } }),
  );
  expect(await offered()).toEqual([...granted, 'GIFT']);
});
