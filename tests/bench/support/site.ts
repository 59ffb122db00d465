// A Dossier with subscribers in a process of its own, so that whoever measures it does not share its time.
import { accountsViewer } from '../../../src/access/viewer';
import { noPayments } from '../../../src/billing/stripe/payments';
import { PACE } from '../../../src/app-options';
import { setUpStripe } from '../../../src/billing/stripe/setup';
import { openStripe } from '../../../src/billing/stripe/client';
import { syncCustomer } from '../../../src/billing/sync/sync-customer';
import { startDossier } from '../../support/dossier';
import { aCustomer, drained, priceOf, standingOf, type Subscriber } from '../../support/billing/subscriber';

const [, , port = '', apiKey = '', count = '40'] = process.argv;

export type AskSite = 'look' | 'settle' | 'stop';

const SECRET = 'whsec_of_the_benchmark';

async function serve(): Promise<void> {
  const stripe = openStripe({ key: apiKey, at: { host: '127.0.0.1', port: Number(port) } });
  const dossier = await startDossier({
    billing: { pace: PACE, payments: { ...noPayments(), stripe, webhookSecrets: [SECRET] } },
  });
  await dossier.stores.warm();
  await setUpStripe(dossier.app.billing, dossier.url);
  const prices = [await priceOf(dossier, 'month'), await priceOf(dossier, 'year')];
  const subscribers: Subscriber[] = [];
  const sessions: string[] = [];
  for (let one = 0; one < Number(count); one++) {
    const subscriber = await aCustomer(dossier);
    subscribers.push(subscriber);
    const { id } = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer: subscriber.customer,
      line_items: [{ price: prices[one % 2]!, quantity: 1 }],
      success_url: `${dossier.url}/done`,
      cancel_url: dossier.url,
    });
    sessions.push(id);
  }

  const answer = async (ask: AskSite): Promise<void> => {
    if (ask === 'look') {
      for (const { customer } of subscribers) await syncCustomer(dossier.app.billing, customer);
      process.send!('looked');
    } else if (ask === 'settle') {
      await drained(dossier, 120_000);
      const kept = await dossier.wall.read(accountsViewer, (db) =>
        db.inboxEvent.count({ where: { eventId: { startsWith: 'evt_bench' } } }),
      );
      const reads: boolean[] = [];
      for (const { accountId } of subscribers) reads.push((await standingOf(dossier, accountId)).rank >= 20);
      process.send!({ kept, reads });
    } else {
      await dossier.stop();
      process.disconnect();
    }
  };
  process.on('message', (ask: AskSite) => void answer(ask));
  process.send!({ url: dossier.url, sessions, prices, customers: subscribers.map(({ customer }) => customer) });
}

void serve();
