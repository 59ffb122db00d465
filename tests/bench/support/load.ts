// Asks at a fixed rate, in a process of its own in which nothing else happens: what is measured are the others.
import http from 'node:http';
import Stripe from 'stripe';

/**
 * What to ask, and how often. With `events` each question is a signed event, new each time, about one customer after
 * the other.
 */
export interface AskLoad {
  readonly url: string;
  /** A second. */
  readonly rate: number;
  readonly seconds: number;
  readonly events?: { readonly secret: string; readonly customers: readonly string[]; readonly name: string };
}

interface Letter {
  readonly payload: string;
  readonly signature: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const stripe = new Stripe('sk_test_none');

/**
 * Sends at a fixed rate whatever the answers take, so none that is slow keeps a later one from being asked.
 * Milliseconds, the quickest first.
 */
async function load({ url, rate, seconds, events }: AskLoad): Promise<number[]> {
  const letters = Array.from({ length: rate * seconds }, (_, number) => events && signed(number, events));
  const times: number[] = [];
  const under: Promise<void>[] = [];
  const begun = performance.now();
  for (const [number, letter] of letters.entries()) {
    const due = begun + (number * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0)
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
      });
    const left = performance.now();
    under.push(
      ask(url, letter).then((status) => {
        if (status !== 200) throw new Error(`${url} answered ${status}`);
        times.push(performance.now() - left);
      }),
    );
  }
  await Promise.all(under);
  return times.sort((a, b) => a - b);
}

/** About a real customer: it is looked into like any other. */
function signed(number: number, { secret, customers, name }: NonNullable<AskLoad['events']>): Letter {
  const payload = JSON.stringify({
    id: `evt_${name}${number}`,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    type: 'customer.updated',
    request: { id: null, idempotency_key: null },
    data: { object: { id: customers[number % customers.length], object: 'customer' } },
  });
  return { payload, signature: stripe.webhooks.generateTestHeaderString({ payload, secret }) };
}

function ask(url: string, letter: Letter | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = letter
      ? {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(letter.payload),
          'Stripe-Signature': letter.signature,
        }
      : {};
    const request = http.request(url, { agent, method: letter ? 'POST' : 'GET', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode!));
    });
    request.on('error', reject);
    request.end(letter?.payload);
  });
}

process.on('message', (wish: AskLoad) => void load(wish).then((times) => process.send!(times)));
process.send!('ready');
