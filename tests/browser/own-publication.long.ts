import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { slugOf } from '../../src/lib/slug';
import { issueSetupLink } from '../../src/setup/link';
import { faultsOn } from '../support/browser/axe';
import { sandboxOf } from '../support/billing/buyer';
import { openBrowser } from '../support/browser/browser';
import { sendForm, type Typed } from '../support/browser/send-form';
import { PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { VISITORS } from '../../src/leaks/visitors';
import { sceneOf, shortWalk } from '../leaks/site';
import { asSuperuserIn } from '../support/stores/cluster';

/** Two publications of their own, from the link of the setup to a member who pays and reads what neither began with. */
jest.setTimeout(600_000);

interface Publication {
  readonly name: string;
  readonly first: string;
  readonly languages: readonly string[];
  readonly zone: string;
  readonly currency: string;
  readonly accent: string;
  readonly tier: { readonly name: string; readonly slug: string; readonly price: string };
  readonly kind: { readonly name: string; readonly slug: string };
  readonly impact: string;
}

const PUBLICATIONS: readonly Publication[] = [
  {
    name: 'Hudson Climate Desk',
    first: 'en',
    languages: ['es', 'ar'],
    zone: 'America/New_York',
    currency: 'usd',
    accent: '#ffee00',
    tier: { name: 'Harbour Patrons', slug: 'harbour-patrons', price: '90' },
    kind: { name: 'Tide tables', slug: 'tide-tables' },
    impact: 'Once in a century',
  },
  {
    name: 'Basel Biotech Letter',
    first: 'en',
    languages: ['es', 'he'],
    zone: 'Europe/Zurich',
    currency: 'chf',
    accent: '#7a00aa',
    tier: { name: 'Laboratory Circle', slug: 'laboratory-circle', price: '120' },
    kind: { name: 'Trial readings', slug: 'trial-readings' },
    impact: 'Changes practice',
  },
];

let browser: Browser;
let dossier: Dossier;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const go = (path: string) => page.goto(`${dossier.url}${path}`);
const pathOf = () => new URL(page.url()).pathname;
const send = (typed: Typed, button?: string) => sendForm(page, typed, button);

/** Goes there, fills in, sends; where a page asks first, means it. */
async function fillIn(path: string, typed: Typed, meant?: Typed): Promise<void> {
  await go(path);
  await send(typed);
  if (meant) await send(meant);
  expect([path, await page.locator('.form-error').allInnerTexts()]).toEqual([path, []]);
}

async function setUp({ name, first, languages, zone, currency }: Publication): Promise<void> {
  const token = await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date()));
  await go(`/setup?token=${token}`);
  await send({});
  await send({ name, first, more: languages.filter((code) => code !== 'es').join(', '), zone, currency });
  expect(pathOf()).toBe('/setup/admin');
  await send({ name: 'Ada Admin', email: 'ada@house.example', password: PASSWORD });
  expect(pathOf()).toBe('/setup/factor');
  const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
  await send({ code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
  await page
    .getByRole('link', { name: 'I have kept them' })
    .or(page.getByRole('button', { name: 'I have kept them' }))
    .click();
  await page.getByRole('button', { name: 'Begin empty' }).click();
  expect(pathOf()).toBe('/setup/services');
  await page
    .getByRole('button', { name: 'Later' })
    .or(page.getByRole('link', { name: 'Later' }))
    .click();
  expect(pathOf()).toBe('/admin');
}

/** A tier above all others, its price, a kind that it opens, and a step of impact. */
async function shape({ tier, kind, impact, accent }: Publication): Promise<void> {
  const below = 'leadership-alliance';
  await fillIn('/admin/tiers/new', { name: tier.name, slug: tier.slug, below, joining: 'paid' }, { remark: '' });
  await fillIn(`/admin/tiers/${tier.slug}/price`, { month: tier.price }, { reason: 'It opens today.' });
  await fillIn('/admin/shape/kinds/new', { 'name-en': kind.name, 'passage-shape': 'one-text', tier: tier.slug });
  await fillIn('/admin/shape/impact/new', { 'name-en': impact });
  await fillIn('/admin/settings/looks', { accent, [`tiers.${tier.slug}`]: '#ff00ff' });
}

async function publishLegalPages(): Promise<void> {
  for (const title of ['Terms', 'Privacy', 'Imprint']) {
    await fillIn('/desk/pages', { title, slug: title.toLowerCase() });
    await send({ 'body.en': `${title}: what holds between us.` }, 'Save and go on to publishing');
    await send({ when: '' });
    expect(page.url()).toContain('done=published');
  }
}

const OPEN = 'Everybody reads this sentence.';
const GATED = 'Only who pays for it reads this one.';

async function publishBriefing({ kind, impact }: Publication): Promise<void> {
  await fillIn('/desk', { title: 'The first one' });
  const sheet = pathOf();
  const added = async (group: string, end: string) => {
    await page.locator(`[name=do][value="add ${group}"]`).click();
    return (await page.locator(`[name^="${group}."][name$="${end}"]`).getAttribute('name'))!;
  };
  await send({ [await added(`kind-${kind.slug}`, '.text.en')]: GATED }, 'Save');
  const source = (await added('sources', '.url')).slice(0, -'.url'.length);
  const axes = ['category', 'type', 'domain', 'topic', 'impact'];
  await send(
    {
      ...{ 'summary.en': 'In one sentence.', 'lead.en': 'In two.', 'body.en': OPEN, 'topic.en': 'A topic' },
      ...Object.fromEntries(axes.map((axis) => [`explanations.${axis}.en`, `Why this ${axis}.`])),
      ...{ type: 'signal', domain: 'technology', impact: slugOf(impact, 40), confidence: '0.60' },
      ...{ relevance: 'high', horizon: 'near', [`${source}.risk`]: 'low' },
      ...{ [`${source}.url`]: 'https://example.org/a-source', [`${source}.title.en`]: 'A source' },
    },
    'Save',
  );
  await go(`${sheet}/publish`);
  await page.locator('form:has([name=act][value=publish]) [name=sure]').check();
  await page.locator('[name=act][value=publish]').click();
  expect(page.url()).toContain('done=published');
}

const BRIEFING = '/briefings/the-first-one';

/** From the gate to the text, as somebody who has no account yet. */
async function joinAndPay({ tier, impact }: Publication): Promise<void> {
  await context.clearCookies();
  await go(BRIEFING);
  const read = await page.locator('main').innerText();
  expect([read.includes(OPEN), read.includes(impact), read.includes(GATED)]).toEqual([true, true, false]);
  await page.locator(`.gate a[href^="/join/${tier.slug}"]`).first().click();
  await page.getByRole('link', { name: 'Open a free account' }).click();
  await send({ name: 'Rae Reader', email: 'rae@reader.example', password: PASSWORD });
  expect(pathOf()).toBe(`/join/${tier.slug}`);
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  expect(new URL(page.url()).origin).toBe(sandboxOf(dossier).url);
  await page.locator('input[name=card][value=good]').check();
  await page.locator('main form button').last().click();
  expect(pathOf()).toBe(BRIEFING);
  expect(await page.locator('main').innerText()).toContain(GATED);
}

/** Pages in each language: its own way round, readable in both themes, and in nobody else's name. */
async function lookAround({ name, languages }: Publication): Promise<void> {
  const looking = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  for (const prefix of ['', ...languages.map((code) => `/${code}`)])
    for (const path of ['/', BRIEFING, '/pricing', '/terms', '/search?q=first']) {
      const at = `${prefix}${path}`.replace(/(.)\/$/, '$1');
      const answer = (await looking.goto(`${dossier.url}${at}`))!;
      const told = `${JSON.stringify(await answer.allHeaders())}${await answer.text()}`;
      const rightToLeft = /^.(?:ar|he)/.test(prefix);
      expect([at, answer.status(), await looking.locator('html').getAttribute('dir')]).toEqual([
        at,
        200,
        rightToLeft ? 'rtl' : 'ltr',
      ]);
      expect([at, told.includes(name), /dossier/i.exec(told.replace(/dossier=/g, ''))?.[0]]).toEqual([
        at,
        true,
        undefined,
      ]);
      expect([at, told.includes(GATED)]).toEqual([at, false]);
      expect([at, await faultsOn(looking)]).toEqual([at, []]);
    }
  await looking.context().close();
}

/** The oracle plants in what the publisher made, meets none of it, and sees where it stands open. */
async function walkAsStrangers({ first, languages, kind }: Publication): Promise<void> {
  const names = ['visitor', 'stranger', 'circle', 'lapsed', 'alliance', 'token, circle'];
  const routes = ['GET /briefings/:slug', 'GET /api/v1/briefings/:slug', 'GET /search', 'GET /feed.xml'];
  const plans = VISITORS.filter((one) => names.includes(one.name));
  const scene = await sceneOf(dossier, plans, [first, ...languages]);
  expect(scene.uncovered).toEqual([]);
  const prefixes = ['', ...languages.map((code) => `/${code}`)];
  const walk = async () => (await shortWalk(dossier, scene, { names, routes, prefixes, all: true })).recorder.findings;
  expect(await walk()).toEqual([]);
  const gate = `UPDATE gates SET tier_slug = 'public' WHERE kind = '${kind.slug.replaceAll('-', '_')}'`;
  await asSuperuserIn(dossier.urls.superuser, (client) => client.query(gate));
  const open = (await walk()).map(({ what }) => what);
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter((what) => !what.includes(kind.slug))).toEqual([]);
}

test.each(PUBLICATIONS)('$name', async (publication) => {
  dossier = await startDossier({ setup: true, billing: true });
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  page = await context.newPage();
  try {
    await setUp(publication);
    await shape(publication);
    await publishLegalPages();
    await publishBriefing(publication);
    await joinAndPay(publication);
    await lookAround(publication);
    await walkAsStrangers(publication);
  } finally {
    await context.close();
    await dossier.stop();
  }
});
