import type { Browser } from 'playwright-core';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { enter, logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const TELEPHONE = { width: 320, height: 800 };

test('an editor makes, orders and deletes a category on a telephone, without a script, and every page of it has nothing axe objects to', async () => {
  const context = await browser.newContext({ viewport: TELEPHONE });
  const [name, value] = (await logIn(dossier, (await enter(dossier, 'editor')).id!)).split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  await context.route('**/*.js', (route) => route.abort());
  try {
    const page = await context.newPage();
    const check = async () => {
      expect(await faultsOn(page)).toEqual([]);
      await page.setViewportSize(TELEPHONE);
    };
    await page.goto(`${dossier.url}/desk/categories`);
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.locator('#category-name-en[aria-invalid="true"]').waitFor();
    await check();
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
    await check();
    await page.getByRole('link', { name: 'Export Controls', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Export Controls' }).waitFor();
    await check();
    await page.getByRole('link', { name: 'Delete this category' }).click();
    await page.getByRole('heading', { level: 1, name: 'Delete this category' }).waitFor();
    await check();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL(/done=category-deleted/);
  } finally {
    await context.close();
  }
});
