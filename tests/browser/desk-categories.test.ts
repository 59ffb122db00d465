import type { Browser, Page } from 'playwright-core';
import { violationsOn } from '../support/axe';
import { openBrowser } from '../support/browser';
import { enter, logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const violations = async (page: Page) =>
  (await violationsOn(page)).map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
const wide = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

test.each(['light', 'dark'] as const)(
  'an editor makes, orders and deletes a category on a telephone, without a script: %s',
  async (colorScheme) => {
    const context = await browser.newContext({ viewport: { width: 320, height: 800 }, colorScheme });
    const [name, value] = (await logIn(dossier, (await enter(dossier, 'editor')).id!)).split('=') as [string, string];
    await context.addCookies([{ name, value, url: dossier.url }]);
    await context.route('**/*.js', (route) => route.abort());
    try {
      const page = await context.newPage();
      await page.goto(`${dossier.url}/desk/categories`);
      await page.getByRole('button', { name: 'Make it' }).click();
      await page.locator('#category-name-en[aria-invalid="true"]').waitFor();
      expect([await violations(page), await wide(page)]).toEqual([[], false]);
      await page.locator('#category-name-en').fill('Export Controls');
      await page.getByRole('button', { name: 'Make it' }).click();
      await page.waitForURL(/done=category-made/);
      await page.getByRole('button', { name: 'Move Export Controls before Policy Watch' }).press('Enter');
      await page.waitForURL(/done=category-moved/);
      expect(await page.locator('.desk-category h2').allInnerTexts()).toEqual([
        'Cloud Service',
        'Export Controls',
        'Policy Watch',
      ]);
      expect([await violations(page), await wide(page)]).toEqual([[], false]);
      await page.getByRole('link', { name: 'Export Controls', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Export Controls' }).waitFor();
      expect([await violations(page), await wide(page)]).toEqual([[], false]);
      await page.getByRole('link', { name: 'Delete this category' }).click();
      await page.getByRole('heading', { level: 1, name: 'Delete this category' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Delete it' }).click();
      await page.waitForURL(/done=category-deleted/);
    } finally {
      await context.close();
    }
  },
);
