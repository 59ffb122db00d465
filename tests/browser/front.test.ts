import type { Browser, Page } from 'playwright-core';
import { Client } from 'pg';
import { faultsOn } from '../support/browser/axe';
import { original, SPANISH } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { browse } from '../support/browser/browsing';
import { startDossier, type Dossier } from '../support/dossier';
import { aPicture } from '../support/pictures';

jest.setTimeout(120_000);

/** Pixels that the front page may be high at 1280 with sixty briefings. */
const HIGHEST = 4_500;
const NAMES = ['Cloud Service', 'Semiconductors', 'Technology Policy', 'Cyber Resilience', 'Energy and Grids'];
const TITLE = 'TSMC Arizona: the CHIPS award turns construction dates into payment dates';
const SUMMARY = 'What was a subsidy becomes a schedule, and a schedule can slip in public, with the courts watching. '
  .repeat(3)
  .trim();

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  const categories = Array.from(
    { length: 15 },
    (_, n) => `area-${n}:\n  name: {en: ${NAMES[n % 5]}${n > 4 ? ` ${n}` : ''}}\n`,
  );
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ categories: categories.join('') })]);
  const cover = await aPicture('jpg', 90, false);
  for (const area of [0, 1, 2, 3, 0]) {
    const slug = `with-cover-${area}-${Math.random().toString(36).slice(2, 6)}`;
    const text = original({
      slug,
      category: `area-${area}`,
      published: `2026-07-0${area + 1}T08:00:00Z`,
      cover: 'cover.jpg',
    })
      .replace(/^title: .*$/m, `title: "${TITLE}"\ncover-alt: A picture`)
      .replace(/^summary: .*$/m, `summary: "${SUMMARY}"`);
    await dossier.take(slug, { 'en.md': text, 'cover.jpg': cover, ...(area > 1 ? { 'es.md': SPANISH } : {}) });
  }
  const client = new Client({ connectionString: dossier.urls.superuser });
  await client.connect();
  await client.query(`INSERT INTO briefings (slug, state, published_at, type, category_slug, domain, impact, confidence,
      relevance, horizon, original_lang, revision)
    SELECT 'briefing-' || n, 'published', timestamptz '2026-06-01' - n * interval '10 hours', 'signal', 'area-' || n % 15,
      'technology', 'high', (n % 100) / 100.0, 'medium', 'longer', 'en', 1 FROM generate_series(1, 55) n`);
  await client.query(
    `INSERT INTO editions (briefing_id, lang, title, summary, body)
     SELECT id, 'en', $1, $2, 'A body.' FROM briefings WHERE slug LIKE 'briefing-%'`,
    [TITLE, SUMMARY],
  );
  await client.end();
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const heightOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollHeight');

test('with sixty briefings in fifteen categories the front page is no higher than is read, and nothing sticks out', async () => {
  for (const width of [1280, 768, 360]) {
    await browse(browser, dossier.url, null, { viewport: { width, height: 900 } }, async (page, faults) => {
      await page.goto(dossier.url);
      expect(await page.locator('.shelf .card').count()).toBe(12);
      expect(await page.locator('.front-other').count()).toBe(11);
      if (width === 1280) expect(await heightOf(page)).toBeLessThanOrEqual(HIGHEST);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const [lead, other] = await Promise.all([
        page.locator('.card-lead img').boundingBox(),
        page.locator('.card-first img').first().boundingBox(),
      ]);
      expect(lead!.width).toBeGreaterThanOrEqual(other!.width);
      if (width !== 768) expect(await faultsOn(page)).toEqual([]);
      expect(faults).toEqual([]);
    });
  }
});
