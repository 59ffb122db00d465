import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { adminViewer } from '../../src/access/viewer';
import { setUpStripe } from '../../src/billing/stripe/setup';
import { root } from '../../src/lib/root';
import { original, SPANISH } from '../support/briefing';
import { aBuyer, sandboxOf, see, sessionIn, type Buyer } from '../support/billing/buyer';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit, type Page } from '../support/page';
import { until } from '../support/until';
import { fieldsOf, somebody } from '../admin/support';

/** A third tier that is paid for, between the two, and one above all: nothing but rows. */
const BETWEEN = {
  slug: 'harbour-desk',
  rank: 15,
  monthlyCents: 1_900,
  yearlyCents: 19_000,
  hue: 'violet',
  joining: 'paid',
} as const;
const ABOVE = { slug: 'harbour-board', rank: 30, monthlyCents: 19_900, hue: 'plain', joining: 'paid' } as const;

let dossier: Dossier;
let buyer: Buyer;
const at = (path: string): Promise<Page> => visit(`${dossier.url}${path}`);
const textsOf = ({ html }: Page, selector: string) => html.querySelectorAll(selector).map((one) => one.text.trim());

beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await dossier.wall.write(adminViewer, async (db) => {
    await db.tier.createMany({ data: [BETWEEN, ABOVE] });
    await db.tierText.createMany({
      data: [
        { tierSlug: BETWEEN.slug, lang: 'en', name: 'Harbour Desk', blurb: 'For the harbour.', benefits: ['Evidence'] },
        { tierSlug: ABOVE.slug, lang: 'en', name: 'Harbour Board', blurb: 'For the board.', benefits: ['Everything'] },
      ],
    });
    for (const [kind, tierSlug] of [
      ['evidence', BETWEEN.slug],
      ['source_note', ABOVE.slug],
    ] as const)
      await db.gate.update({ where: { kind }, data: { tierSlug }, select: { kind: true } });
  });
  await setUpStripe(dossier.app.billing, dossier.url);
  buyer = await aBuyer(dossier);
});
afterAll(() => dossier.stop());

test('every tier has its gate, its price and its page, in its own colour', async () => {
  await until(async () => textsOf(await at('/pricing'), '.plan-name').length === 5);
  const gates = (await at('/briefings/a-signal')).html
    .querySelectorAll('.gate')
    .map((gate) => [gate.id, gate.classNames.split(' ').at(-1), gate.querySelector('.gate-do a')!.text]);
  expect(gates).toEqual([
    ['gate-strategy-circle', 'tier-green', 'Join the Strategy Circle'],
    ['gate-harbour-desk', 'tier-violet', 'Join Harbour Desk'],
    ['gate-leadership-alliance', 'tier-gold', 'Join the Leadership Alliance'],
    ['gate-harbour-board', 'tier-plain', 'Join Harbour Board'],
  ]);
  expect(textsOf(await at('/pricing'), '.plan-figure').slice(1)).toEqual(['Free', '€19', '€49', '€199']);
  const join = await at('/es/join/harbour-desk');
  expect([join.status, textsOf(join, 'h1'), textsOf(join, '.dek'), /19\s€/u.test(join.text)]).toEqual([
    200,
    ['Unirse a Harbour Desk'],
    ['For the harbour.'],
    true,
  ]);
});

test('somebody buys the one in between, reads what it opens, and changes to a year of the same', async () => {
  const { acts, world } = sandboxOf(dossier);
  const session = sessionIn(await send(dossier, '/join/harbour-desk', { per: 'month' }, { cookie: buyer.cookie }));
  expect(acts.payCheckout(session, { card: 'good' }).outcome).toBe('paid');
  const done = await see(dossier, buyer, `/join/harbour-desk/done?session_id=${session}`);
  expect([done.status, textsOf(done, 'h1')]).toEqual([200, ['Welcome to Harbour Desk']]);

  const page = await see(dossier, buyer, '/briefings/a-signal');
  expect([textsOf(page, '.gate-tier > span:first-of-type'), page.html.querySelector('#evidence') !== null]).toEqual([
    ['Leadership Alliance', 'Harbour Board'],
    true,
  ]);
  const subscription = world.checkoutSessions.get(session)!.subscription as string;
  const change = await see(dossier, buyer, `/account/billing/plan?subscription=${subscription}&to=year`);
  expect([change.status, change.text.includes('€190')]).toEqual([200, true]);
  const section = await see(dossier, buyer, '/account/billing');
  expect(section.text).toContain('Harbour Desk');
  // Up to the board, whose month is ten times as dear, and what that opens is read at once.
  const up = section.html.querySelectorAll('a').find(({ text }) => text === 'Change to Harbour Board')!;
  const asked = await see(dossier, buyer, up.getAttribute('href')!);
  expect([asked.status, textsOf(asked, 'h2')[0], asked.text.includes('€180')]).toEqual([
    200,
    'Change to Harbour Board',
    true,
  ]);
  const answer = await send(dossier, '/account/billing/plan', fieldsOf(asked), { cookie: buyer.cookie });
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/account/billing?done=plan-changed']);
  const board = await see(dossier, buyer, '/briefings/a-signal');
  expect(textsOf(board, '.gate-tier > span:first-of-type')).toEqual([]);
  // A tier that is not sold is none to change to.
  for (const tier of ['strategy-circle', 'public', 'nobodys'])
    expect([
      tier,
      (await see(dossier, buyer, `/account/billing/plan?subscription=${subscription}&to=month&tier=${tier}`)).status,
    ]).toEqual([tier, 409]);
});

test('whoever pays for nothing is shown the choice', async () => {
  const { html } = await see(dossier, await aBuyer(dossier), '/account/billing');
  expect(html.querySelector('#join ~ * .button, section[aria-labelledby=join] .button')!.getAttribute('href')).toBe(
    '/pricing',
  );
});

test('the admin sections and the desk know them', async () => {
  const { cookie } = await somebody(dossier, 'admin');
  const see = (path: string) => visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });
  expect(textsOf(await see('/admin/tiers'), '.tier-head')).toEqual([
    'Public',
    'Strategy Circle',
    'Harbour Desk',
    'Leadership Alliance',
    'Harbour Board',
  ]);
  const found = await see('/admin/members?tier=harbour-board');
  expect([found.status, textsOf(found, '.reads')]).toEqual([200, ['Harbour Board']]);
  for (const path of ['/admin/matrix', '/admin/numbers', '/desk', '/admin/tiers/harbour-board/texts'])
    expect([path, (await see(path)).status]).toEqual([path, 200]);
});

/** Who may name a tier of the first migration: samples, examples and the walk of the leak oracle over them. */
const NAMING =
  /^src\/(api\/examples\.ts|leaks\/surfaces\/[a-z-]+\.ts|leaks\/(?:variants|own-publication)\.ts|membership\/demo\.ts)$/;

test('no page, style sheet, phrase or code names a tier by its slug', () => {
  const files = ['src', 'views', 'public'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js|css|ejs|json)$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  expect(files.length).toBeGreaterThan(500);
  const naming = files.filter((file) =>
    /strategy-circle|leadership-alliance/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(naming.filter((file) => !NAMING.test(file))).toEqual([]);
});
