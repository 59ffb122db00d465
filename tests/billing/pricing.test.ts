import { adminViewer, editorialViewer, accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enter } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { jsonLd, meta, said, visit, type Page } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
});
afterAll(() => dossier.stop());

const at = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  visit(`${dossier.url}${path}`, { headers });
const plan = (page: Page, hue: string, part: string) => said(page, `.plan.tier-${hue} ${part}`);
const flat = (text: string | null) => text?.replace(/\u00a0/g, ' ');

describe('the prices', () => {
  test('the tiers stand side by side as the database has them, each with its way on', async () => {
    const page = await at('/pricing');
    expect([page.status, said(page, 'h1'), page.html.querySelectorAll('.plan').length]).toEqual([
      200,
      'Read as far as you need to',
      3,
    ]);
    expect([
      plan(page, 'plain', '.plan-price'),
      plan(page, 'green', '.plan-price'),
      plan(page, 'gold', '.plan-price'),
      plan(page, 'gold', '.plan-note'),
    ]).toEqual(['Open', 'Free', '€49 a month', 'Or €490 a year: 2 months free.']);
    expect(page.html.querySelectorAll('.tier-gold .plan-benefits li').map((one) => one.text.trim())).toContain(
      'Failure paths',
    );
    expect(page.html.querySelectorAll('.plan-do a').map((one) => one.getAttribute('href'))).toEqual([
      '/',
      '/join/strategy-circle',
      '/join/leadership-alliance?per=month',
    ]);
  });

  test('by the year they say what a year spares, in either language', async () => {
    const [english, spanish] = [await at('/pricing?per=year'), await at('/es/pricing?per=year')];
    expect([plan(english, 'gold', '.plan-price'), plan(english, 'gold', '.plan-note')]).toEqual([
      '€490 a year',
      '2 months free',
    ]);
    expect([flat(plan(spanish, 'gold', '.plan-price')), plan(spanish, 'gold', '.plan-note')]).toEqual([
      '490 € al año',
      '2 meses gratis',
    ]);
    expect(english.html.querySelector('.periods [aria-current]')!.text).toBe('Yearly');
    expect(english.html.querySelector('.top-who a[lang=es]')?.getAttribute('href') ?? '/es/pricing?per=year').toBe(
      '/es/pricing?per=year',
    );
    expect(spanish.html.querySelector('.tier-gold .plan-do a')!.getAttribute('href')).toBe(
      '/es/join/leadership-alliance?per=year',
    );
  });

  test('what each tier opens is said by the gate matrix', async () => {
    const opens = (page: Page) =>
      Object.fromEntries(
        page.html
          .querySelectorAll('.opens tbody tr')
          .map((row) => [
            row.querySelector('th')!.text.trim(),
            row.querySelectorAll('td .hidden').map((one) => one.text),
          ]),
      );
    expect(opens(await at('/pricing'))).toEqual({
      'Signal, facts, confidence and sources': ['open', 'open', 'open'],
      'Deeper trend context': ['not open', 'open', 'open'],
      'Linked-organization notes': ['not open', 'open', 'open'],
      'Relationship evidence': ['not open', 'not open', 'open'],
      'Failure paths': ['not open', 'not open', 'open'],
      'Source notes': ['not open', 'not open', 'open'],
    });
    await dossier.wall.write(adminViewer, (db) =>
      db.gate.update({ where: { kind: 'evidence' }, data: { tierSlug: 'strategy-circle' } }),
    );
    await until(async () => opens(await at('/pricing'))['Relationship evidence']![1] === 'open');
    await dossier.wall.write(adminViewer, (db) =>
      db.gate.update({ where: { kind: 'evidence' }, data: { tierSlug: 'leadership-alliance' } }),
    );
  });

  test('a changed price is on the next page, in its own currency', async () => {
    await at('/pricing');
    await dossier.wall.write(adminViewer, (db) =>
      db.tier.update({
        where: { slug: 'leadership-alliance' },
        data: { currency: 'usd', monthlyCents: 1999, yearlyCents: 19_999 },
      }),
    );
    await until(async () => plan(await at('/pricing'), 'gold', '.plan-price') === '$19.99 a month');
    expect(plan(await at('/pricing?per=year'), 'gold', '.plan-note')).toBe('$39.89 less');
    await dossier.wall.write(adminViewer, (db) =>
      db.tier.update({
        where: { slug: 'leadership-alliance' },
        data: { currency: 'eur', monthlyCents: 4900, yearlyCents: 49_000 },
      }),
    );
    await until(async () => plan(await at('/pricing'), 'gold', '.plan-price') === '€49 a month');
  });

  test('machines read a price as its currency is counted', async () => {
    const price = async (currency: string, monthlyCents: number) => {
      await dossier.wall.write(adminViewer, (db) =>
        db.tier.update({ where: { slug: 'leadership-alliance' }, data: { currency, monthlyCents, yearlyCents: null } }),
      );
      await until(async () => JSON.stringify(jsonLd(await at('/pricing'))).includes(currency.toUpperCase()));
      return /"price":"([^"]+)"/.exec(JSON.stringify(jsonLd(await at('/pricing'))))?.[1];
    };
    expect([await price('jpy', 500), await price('huf', 490_000), await price('kwd', 15_500)]).toEqual([
      '500',
      '4900.00',
      '15.500',
    ]);
    await dossier.wall.write(adminViewer, (db) =>
      db.tier.update({
        where: { slug: 'leadership-alliance' },
        data: { currency: 'eur', monthlyCents: 4900, yearlyCents: 49_000 },
      }),
    );
    await until(async () => plan(await at('/pricing'), 'gold', '.plan-price') === '€49 a month');
  });

  test('whoever has a tier is not asked to join it', async () => {
    const [circle, alliance] = [await enter(dossier, 'circle'), await enter(dossier, 'alliance')];
    const ways = async (headers: Readonly<Record<string, string>>) =>
      (await at('/pricing', headers)).html.querySelectorAll('.plan-do a').map((one) => one.getAttribute('href'));
    expect([await ways(circle.headers), await ways(alliance.headers)]).toEqual([
      ['/', '/account', '/join/leadership-alliance?per=month'],
      ['/', '/account', '/account'],
    ]);
  });

  test('it is kept for visitors, and says nothing of who asks', async () => {
    const [first, second] = [await at('/pricing'), await at('/pricing')];
    expect(second.headers.get('ETag')).toMatch(/^"/);
    expect([second.headers.get('ETag'), second.text]).toEqual([first.headers.get('ETag'), first.text]);
    expect((await at('/pricing', { 'If-None-Match': first.headers.get('ETag')! })).status).toBe(304);
  });

  test('a period there is none of is refused, and nothing but reading is done there', async () => {
    for (const path of ['/pricing?per=week', '/pricing?per=', '/pricing?per=year&per=month'])
      expect([path, (await at(path)).status]).toEqual([path, 400]);
    expect((await visit(`${dossier.url}/pricing`, { method: 'POST', headers: { Origin: dossier.url } })).status).toBe(
      405,
    );
    for (const prefix of ['', '/es'])
      expect((await fetch(`${dossier.url}${prefix}/join`, { redirect: 'manual' })).headers.get('location')).toBe(
        `${prefix}/pricing`,
      );
    expect((await visit(`${dossier.url}/join`, { method: 'POST', headers: { Origin: dossier.url } })).status).toBe(405);
  });

  test('machines read the offers, and people find the page from every other one and from the gates', async () => {
    const page = await at('/es/pricing');
    expect(meta(page, 'og:title')).toContain('Lea hasta donde lo necesite');
    expect(JSON.stringify(jsonLd(page))).toContain('"price":"49.00","priceCurrency":"EUR","unitCode":"MON"');
    expect((await at('/es/login')).html.querySelector('.foot-nav a[href="/es/pricing"]')!.text).toBe(
      'Membresías y precios',
    );
    await dossier.take('a-signal', { 'en.md': original({}), 'es.md': SPANISH });
    expect(
      (await at('/briefings/a-signal')).html.querySelectorAll('.gate-price a').map((one) => one.getAttribute('href')),
    ).toEqual(['/pricing']);
  });
});

test("prices are nobody's to read but the registrar's", async () => {
  await dossier.wall.write(accountsViewer, (db) =>
    db.price.create({
      data: {
        stripeId: 'price_x',
        productId: 'prod_x',
        tierSlug: 'leadership-alliance',
        lookupKey: 'x',
        interval: 'month',
        currency: 'eur',
        amountCents: 1,
      },
    }),
  );
  expect(await dossier.wall.read(editorialViewer, (db) => db.price.count())).toBe(0);
});
