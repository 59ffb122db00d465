import http from 'node:http';
import path from 'node:path';
import { parse } from 'node-html-parser';
import { pino } from 'pino';
import Stripe from 'stripe';
import { startSandbox, type RunningSandbox, type SandboxParts } from '../../../src/sandbox/start';
import { loadLanguages } from '../../../src/lib/language';
import { root } from '../../../src/lib/root';
import { visit, type Page } from '../page';

/** A sandbox with a shop: one product by the month and by the year, and the real SDK to speak with it. */
export interface Shop {
  readonly sandbox: RunningSandbox;
  readonly stripe: Stripe;
  readonly product: Stripe.Product;
  readonly monthly: Stripe.Price;
  readonly yearly: Stripe.Price;
  /** What was logged as an error. */
  readonly logged: unknown[];
  /** A checkout of the monthly price. */
  checkout(more?: Partial<Stripe.Checkout.SessionCreateParams>): Promise<Stripe.Checkout.Session>;
  /** A customer who has paid the monthly price with a good card. */
  subscriber(email?: string): Promise<{ customer: Stripe.Customer; subscription: Stripe.Subscription }>;
  close(): Promise<void>;
}

export const SUCCESS = 'http://127.0.0.1:9/welcome?session={CHECKOUT_SESSION_ID}';
export const CANCEL = 'http://127.0.0.1:9/pricing';

export const languages = () => loadLanguages(path.join(root, 'views/languages'));

/** The real SDK, speaking with a sandbox. */
export const sdkOf = ({ apiKey, port }: Pick<RunningSandbox, 'apiKey' | 'port'>): Stripe =>
  new Stripe(apiKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });

export async function openShop(parts: Partial<SandboxParts> = {}): Promise<Shop> {
  const logged: unknown[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const sandbox = await startSandbox({
    wall: null,
    languages: languages(),
    log,
    delivery: { retryAfter: [5, 5, 5] },
    ...parts,
  });
  const stripe = sdkOf(sandbox);
  const product = await stripe.products.create({ name: 'Leadership Alliance' });
  const price = (unit_amount: number, interval: 'month' | 'year') =>
    stripe.prices.create({
      product: product.id,
      currency: 'eur',
      unit_amount,
      recurring: { interval },
      lookup_key: `alliance_${interval}`,
    });
  const [monthly, yearly] = [await price(4900, 'month'), await price(49_000, 'year')];
  const shop: Shop = {
    sandbox,
    stripe,
    product,
    monthly,
    yearly,
    logged,
    checkout: (more) =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        line_items: [{ price: monthly.id, quantity: 1 }],
        success_url: SUCCESS,
        cancel_url: CANCEL,
        ...more,
      }),
    subscriber: async (email = 'ada@example.org') => {
      const customer = await stripe.customers.create({ email, name: 'Ada' });
      const session = await shop.checkout({ customer: customer.id });
      const { outcome } = sandbox.acts.payCheckout(session.id, { card: 'good' });
      if (outcome !== 'paid') throw new Error(`the good card has not paid: ${outcome}`);
      const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] });
      return { customer, subscription: paid.subscription as Stripe.Subscription };
    },
    close: () => sandbox.close(),
  };
  return shop;
}

/** Sends a form as a browser does that is on the sandbox's own pages. */
export function press(
  url: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Page> {
  return visit(url, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin', ...headers },
  });
}

/**
 * Presses the one button with these words, with whatever its form holds and what is filled in besides. Answers with the
 * page it leads to.
 */
export async function pressOn(
  page: Page & { readonly url: string },
  words: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Page & { readonly url: string }> {
  const buttons = page.html.querySelectorAll('button').filter((one) => one.text.trim() === words);
  if (buttons.length !== 1) throw new Error(`${buttons.length} buttons say "${words}" on ${page.url}`);
  const [button] = buttons;
  const form = button!.closest('form')!;
  const held: Record<string, string> = {};
  for (const input of form.querySelectorAll('input')) {
    const [name, type] = [input.getAttribute('name'), input.getAttribute('type')];
    if (name && (type !== 'radio' || input.hasAttribute('checked'))) held[name] = input.getAttribute('value') ?? '';
  }
  for (const select of form.querySelectorAll('select'))
    held[select.getAttribute('name')!] = (select.querySelector('option[selected]') ??
      select.querySelector('option'))!.getAttribute('value')!;
  const own = button!.getAttribute('name');
  const sent = { ...held, ...(own ? { [own]: button!.getAttribute('value') ?? '' } : {}), ...fields };
  const action = new URL(form.getAttribute('action')!, page.url);
  if (form.getAttribute('method') === 'get') {
    for (const [name, value] of Object.entries(sent)) action.searchParams.set(name, value);
    return at(action.href);
  }
  const answer = await press(action.href, sent);
  const location = answer.headers.get('location');
  return location?.startsWith('/') ? at(new URL(location, page.url).href) : { ...answer, url: location ?? action.href };
}

/** The page at an address, as a browser sees it. */
export async function at(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Page & { readonly url: string }> {
  return { ...(await visit(url, { headers })), url };
}

/** Asks under another name, which fetch does not let one do. */
export function atHost(url: string, host: string, method = 'GET'): Promise<Pick<Page, 'status' | 'text' | 'html'>> {
  return new Promise((resolve, reject) => {
    http
      .request(url, { method, headers: { Host: host, 'Sec-Fetch-Site': 'same-origin' } }, (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (part: string) => {
            text += part;
          })
          .on('end', () => resolve({ status: response.statusCode ?? 0, text, html: parse(text) }));
      })
      .on('error', reject)
      .end();
  });
}
