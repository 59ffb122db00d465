import path from 'node:path';
import { accountsViewer } from '../../src/access/viewer';
import { openCheckout } from '../../src/billing/checkout/checkout';
import { endStripeBilling } from '../../src/billing/account/end-on-deletion';
import { readOffers } from '../../src/billing/checkout/offers';
import type { BillingParts } from '../../src/billing/parts';
import { loadLanguages } from '../../src/lib/language';
import { root } from '../../src/lib/root';
import { startDossier, type Dossier } from '../support/dossier';
import { logIn } from '../support/cast';
import { anAccount, PASSWORD, send } from '../support/door';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { noPayments } from '../../src/billing/stripe/payments';
import { aCustomer, aSubscriber, drained, priceOf, sandboxOf, type Subscriber } from '../support/billing/subscriber';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

async function ask(at: Dossier, { accountId, email }: Subscriber) {
  await dossier.wall.write(accountsViewer, async (db) =>
    db.account.update({ where: { id: accountId }, data: { passwordHash: await hashPassword(PASSWORD) } }),
  );
  return send(at, '/account/delete', { email, current: PASSWORD }, { cookie: await logIn(dossier, accountId) });
}

const exists = ({ accountId }: Subscriber) =>
  dossier.wall.read(accountsViewer, (db) => db.account.count({ where: { id: accountId } }));

test('deleting an account ends its subscription at Stripe first, and closes the page to pay on', async () => {
  const { stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  const open = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: reader.customer,
    line_items: [{ price: await priceOf(dossier), quantity: 1 }],
    success_url: dossier.url,
    cancel_url: dossier.url,
  });
  const page = await ask(dossier, reader);
  expect([page.status, page.headers.get('location')]).toEqual([303, '/goodbye']);
  expect(await exists(reader)).toBe(0);
  expect((await stripe.subscriptions.retrieve(reader.subscription)).status).toBe('canceled');
  expect((await stripe.checkout.sessions.retrieve(open.id)).status).toBe('expired');
  await drained(dossier);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.subscription.findUniqueOrThrow({ where: { stripeId: reader.subscription }, include: { customer: true } }),
    ),
  ).toMatchObject({ status: 'canceled', customer: { accountId: null } });
  expect(
    await dossier.wall.read(accountsViewer, (db) => db.grant.count({ where: { reference: reader.subscription } })),
  ).toBe(0);
});

test('a page that was opened in another window while the account went is closed too, whoever was faster', async () => {
  const { stripe } = sandboxOf(dossier);
  const { billing } = dossier.app;
  const page = {
    success_url: dossier.url,
    cancel_url: dossier.url,
    mode: 'subscription' as const,
    line_items: [{ price: await priceOf(dossier), quantity: 1 }],
  };
  const [first, second] = [await aCustomer(dossier), await aCustomer(dossier)];
  const leaveAgain = await endStripeBilling(billing, first.accountId);
  const late = await stripe.checkout.sessions.create({ ...page, customer: first.customer });
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: first.accountId } }));
  await leaveAgain();
  expect((await stripe.checkout.sessions.retrieve(late.id)).status).toBe('expired');

  // The other way round: the account goes while the page is being made.
  const { offers } = (await readOffers(dossier.wall, 'leadership-alliance'))!;
  const slow = new Proxy(stripe, {
    get: (target, name) =>
      name !== 'checkout'
        ? (Reflect.get(target, name) as unknown)
        : {
            sessions: new Proxy(target.checkout.sessions, {
              get: (sessions, method) =>
                method !== 'create'
                  ? (Reflect.get(sessions, method) as (...args: unknown[]) => unknown).bind(sessions)
                  : async (...args: Parameters<typeof sessions.create>) => {
                      await dossier.wall.write(accountsViewer, (db) =>
                        db.account.delete({ where: { id: second.accountId } }),
                      );
                      return sessions.create(...args);
                    },
            }),
          },
  });
  const sections = { ...billing, stripe: slow, publicUrl: dossier.url, automaticTax: false } as unknown as BillingParts;
  await expect(
    openCheckout(sections, {
      accountId: second.accountId,
      tier: 'leadership-alliance',
      offer: offers[0]!,
      language: loadLanguages(path.join(root, 'views/languages')).first,
      next: null,
    }),
  ).rejects.toMatchObject({ status: 404 });
  expect((await stripe.checkout.sessions.list({ customer: second.customer })).data.map(({ status }) => status)).toEqual(
    ['expired'],
  );
});

test('while Stripe does not answer nothing is deleted, and it is said why', async () => {
  const away = await startDossier({ on: dossier.urls, billing: { works: false, payments: noPayments() } });
  try {
    const reader = await aSubscriber(dossier);
    const page = await ask(away, reader);
    expect(page.status).toBe(503);
    expect(page.html.querySelector('#form-error')?.text).toContain('could not be ended');
    expect(await exists(reader)).toBe(1);
    expect((await sandboxOf(dossier).stripe.subscriptions.retrieve(reader.subscription)).status).toBe('active');
  } finally {
    await away.stop();
  }
});

test('who was never a customer is deleted without asking Stripe', async () => {
  const away = await startDossier({ on: dossier.urls, billing: { works: false, payments: noPayments() } });
  try {
    const { id: accountId, email } = await anAccount(dossier);
    const reader = { accountId, email, customer: 'none' };
    expect((await ask(away, reader)).status).toBe(303);
    expect(await exists(reader)).toBe(0);
  } finally {
    await away.stop();
  }
});

test('the last admin, who may not go, keeps what is paid for', async () => {
  const { stripe } = sandboxOf(dossier);
  const admin = await aSubscriber(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: admin.accountId }, data: { role: 'admin' } }),
  );
  const page = await ask(dossier, admin);
  expect(page.status).toBe(422);
  expect(await exists(admin)).toBe(1);
  expect((await stripe.subscriptions.retrieve(admin.subscription)).status).toBe('active');
});
