import { zipSync } from 'fflate';
import { mkdirSync } from 'node:fs';
import { Client } from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type Stripe from 'stripe';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { somebody } from '../admin/support';
import { CHOSEN } from '../imports/support';
import { sandboxOf } from '../support/billing/buyer';
import { standingOf } from '../support/billing/subscriber';
import { original } from '../support/briefing';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { aPicture } from '../support/pictures';
import { until } from '../support/until';

/** Somebody moves in with a running publication, by clicking: who pays, two prices of others, posts with pictures. */
jest.setTimeout(600_000);

const MEMBERS = 200;
const PAYERS = 4;
const POSTS = 20;

let dossier: Dossier;
let stripe: Stripe;
let browser: Browser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  ({ stripe } = dossier.app.billing);
  await dossier.take('a-signal', { 'en.md': original() });
  const admin = await somebody(dossier, 'admin');
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const [name, value] = admin.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await dossier?.stop();
});

const go = (path: string) => page.goto(`${dossier.url}${path}`);
const formFaults = () => page.locator('.form-error, .field-error').allInnerTexts();
const state = () => page.locator('dl.known dd').first().innerText();

/** Pictures of the pages for whoever wants to look at them. */
async function shoot(name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function sendFile(name: string, content: string | Uint8Array): Promise<void> {
  await page
    .locator('#file')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
  await page.locator('main form:has(#file) button').click();
  expect(await formFaults()).toEqual([]);
}

/** Chooses in the form of an import, checks, and waits until its page says that this is done. */
async function check(chosen: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, value] of Object.entries(chosen)) {
    const field = page.locator(`main form [name="${name}"]`);
    if ((await field.evaluate((one) => `${one.tagName}`)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator('main form:has([name=version]) button').last().click();
  expect(await formFaults()).toEqual([]);
  await waitFor('Checked');
}

/** The page asks again by itself while something is under way. */
const waitFor = (said: string): Promise<void> =>
  page.locator('dl.known dd', { hasText: new RegExp(`^${said}$`) }).waitFor({ timeout: 180_000 });

/** Presses what can be done with an import, and means it. */
async function act(name: string, meant: string): Promise<void> {
  await page.locator('.do-list').getByRole('link', { name, exact: true }).click();
  await page.locator('main form').getByRole('button', { name: meant, exact: true }).click();
}

/** Somebody who pays a price that nothing says is ours. */
async function payer(price: string, email: string): Promise<string> {
  const customer = await stripe.customers.create({ email });
  const address = 'http://127.0.0.1:9/';
  const session = await stripe.checkout.sessions.create({
    ...{ mode: 'subscription', customer: customer.id, success_url: address, cancel_url: address },
    line_items: [{ price, quantity: 1 }],
  });
  expect(sandboxOf(dossier).acts.payCheckout(session.id, { card: 'good' }).outcome).toBe('paid');
  return customer.id;
}

async function foreignPrice(name: string): Promise<string> {
  const product = await stripe.products.create({ name });
  const price = { currency: 'eur', unit_amount: 700, recurring: { interval: 'month' } } as const;
  return (await stripe.prices.create({ product: product.id, ...price })).id;
}

const rankOf = async (email: string): Promise<number> => {
  const { id } = await dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }));
  return (await standingOf(dossier, id)).rank;
};

test('200 members with two prices of a former platform are moved in, and go on paying what they paid', async () => {
  await go('/admin/tiers/new');
  const tier = { name: 'Harbour Patrons', slug: 'harbour-patrons', below: 'leadership-alliance', joining: 'paid' };
  for (const [name, value] of Object.entries(tier)) {
    const field = page.locator(`main form [name="${name}"]`).first();
    if ((await field.evaluate((one) => `${one.tagName}`)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator('main form button').last().click();
  await page.locator('main form button').last().click();
  const prices = [await foreignPrice('Gold'), await foreignPrice('Silver')];
  const customers = new Map<number, string>();
  for (let n = 0; n < PAYERS; n++) customers.set(n, await payer(prices[n % 2]!, `reader${n}@moved.example`));
  const rows = Array.from(
    { length: MEMBERS },
    (_none, n) => `reader${n}@moved.example,Reader ${n},${n % 2 ? 'vip' : ''},${customers.get(n) ?? ''}`,
  );
  await go('/admin/import');
  await sendFile('members.csv', `email,name,labels,stripe_customer_id\n${rows.join('\n')}\n`);
  await check();
  expect(await page.locator('main').innerText()).toContain('4 members pay a price that opens no tier here.');
  await act('Begin', 'Bring them in');
  await waitFor('Brought in');
  for (const [name, to] of [
    ['Gold', 'harbour-patrons'],
    ['Silver', 'leadership-alliance'],
  ] as const) {
    await go('/admin/import/prices');
    await page.locator('tr', { hasText: name }).getByRole('link').click();
    await page.locator('main form [name=tier]').selectOption(to);
    await page.locator('main form button').last().click();
    await page.locator('main form button').last().click();
    expect(page.url()).toContain('done=price-adopted');
  }
  await until(async () => {
    const ranks = [await rankOf('reader0@moved.example'), await rankOf('reader1@moved.example')];
    return ranks[0]! > 20 && ranks[1] === 20;
  }, 60_000);
  expect(await rankOf('reader5@moved.example')).toBe(10);
  await go('/admin/members');
  await page.locator('#label').selectOption('vip');
  await page.locator('main form:has(#label) button').last().click();
  expect(await page.locator('main').innerText()).toContain('100 members');
  const letters = await dossier.wall.read(accountsViewer, (db) =>
    db.letter.findMany({ where: { recipient: { endsWith: '@moved.example' } }, select: { kind: true } }),
  );
  expect(letters).toEqual([]);
});

const GATED = 'Only who pays reads this';

const posts = Array.from({ length: POSTS }, (_none, n) => ({
  ...{ id: `${n}`, title: `Moved ${n}`, slug: `moved-${n}`, type: n === POSTS - 1 ? 'page' : 'post' },
  ...{ status: 'published', visibility: n % 2 && n < POSTS - 1 ? 'paid' : 'public' },
  ...{
    published_at: '2024-03-01 09:00:00',
    feature_image: n === 0 ? '__GHOST_URL__/content/images/2024/head.png' : '',
  },
  html:
    `<p>Body ${n}</p><!--members-only--><p>${n % 2 && n < POSTS - 1 ? GATED : 'Open'} ${n}</p>` +
    (n === 1 ? '<img src="__GHOST_URL__/content/images/2024/route.png" alt="The route">' : ''),
}));

test('20 posts with pictures are moved in, stopped in the middle and resumed', async () => {
  await go('/admin/import');
  await sendFile('ghost.json', JSON.stringify({ db: [{ data: { posts } }] }));
  await page.getByRole('link', { name: 'Pictures of the posts' }).click();
  expect(await page.locator('main').innerText()).toContain('The posts show 2 pictures; 0 of them are here.');
  expect(await faultsOn(page)).toEqual([]);
  await shoot('pictures-missing');
  const zip = zipSync({
    'content/images/2024/head.png': await aPicture('png', 1, true),
    'content/images/2024/route.png': await aPicture('png', 2, true),
  });
  await sendFile('content.zip', zip);
  expect(await page.locator('main').innerText()).toContain('Nothing is missing.');
  await page.getByRole('link', { name: 'Back to the import' }).click();
  await check(CHOSEN);
  await shoot('posts-checked');
  await act('Begin', 'Bring them in');
  // Whoever writes briefings waits for each other: so the middle lasts until it was stopped.
  const moved = () =>
    dossier.wall.read(editorialViewer, (db) => db.briefing.count({ where: { slug: { startsWith: 'moved-' } } }));
  await until(async () => (await moved()) >= 3, 60_000);
  const holder = new Client({ connectionString: dossier.urls.app });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query("SELECT pg_advisory_lock(hashtext('dossier.import'))");
  // In another window: this one loads itself again and again, and would do so between two clicks.
  const at = new URL(page.url()).pathname;
  await page.close();
  page = await context.newPage();
  await go(`${at}/stop`);
  await page.locator('main form').getByRole('button', { name: 'Stop', exact: true }).click();
  await holder.end();
  expect(await state()).toBe('Stopped');
  const before = await moved();
  expect(before < POSTS - 1).toBe(true);
  await act('Go on', 'Go on');
  await waitFor('Brought in');
  expect(await moved()).toBe(POSTS - 1);
  await go('/briefings/moved-0');
  expect(await page.locator('img[alt="Moved 0"]').count()).toBeGreaterThan(0);
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(`${dossier.url}/briefings/moved-1`);
  const read = await visitor.locator('main').innerText();
  expect([
    read.includes('Body 1'),
    read.includes(GATED),
    await visitor.locator('img[alt="The route"]').count(),
  ]).toEqual([true, false, 0]);
  await visitor.goto(`${dossier.url}/moved-1`);
  expect(new URL(visitor.url()).pathname).toBe('/briefings/moved-1');
  await go('/desk/pages');
  expect(await page.locator('main').innerText()).toContain(`/moved-${POSTS - 1}`);
});
