import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser/browser';
import { browse } from '../support/browser/browsing';
import { enterAll, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

jest.setTimeout(120_000);

const TELEPHONE = { width: 360, height: 800 };
let browser: Browser;
let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ samples: true })]);
  cast = await enterAll(dossier);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const address = () => `${dossier.url}/briefings/microsoft-mistral-azure`;
const topOf = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!.y;
const seen = (page: Page, selector: string) => page.locator(selector).first().isVisible();

test('on a telephone a briefing says within two screens what members read, and folds what stands behind it', async () => {
  await browse(browser, dossier.url, null, { viewport: TELEPHONE, javaScriptEnabled: false }, async (page) => {
    await page.goto(address());
    expect(await topOf(page, '.members-read')).toBeLessThan(2 * TELEPHONE.height);
    expect(await page.locator('.members-read').textContent()).toMatch(/Members also read here: .+passage/);
    expect(await seen(page, '.source')).toBe(false);
    await page.locator('#sources summary').click();
    expect(await seen(page, '.source')).toBe(true);
    await page.locator('.contents summary').focus();
    await page.keyboard.press('Enter');
    await page.locator('.contents a[href="#classification"]').click();
    expect(await seen(page, '#classification-heading')).toBe(true);
  });
});

test('on paper and where there is section nothing is folded, and notes that are open never are', async () => {
  await browse(browser, dossier.url, null, { viewport: TELEPHONE }, async (page) => {
    await page.goto(address());
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.source', '.organization-name', '.term-label']) expect(await seen(page, part)).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1280, height: 900 });
    for (const part of ['.source', '.organization-name', '.term-label']) expect(await seen(page, part)).toBe(true);
  });
  await browse(browser, dossier.url, cast.alliance.headers['Cookie']!, { viewport: TELEPHONE }, async (page) => {
    await page.goto(address());
    expect(await page.locator('.members-read').count()).toBe(0);
    expect(await seen(page, '.source .passage')).toBe(true);
    expect(await seen(page, '#organizations .passage')).toBe(true);
  });
});

test('print and share are buttons where scripts run, and a passage gives away its address', async () => {
  const cookie = cast.alliance.headers['Cookie']!;
  await browse(browser, dossier.url, cookie, { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await page.addInitScript('window.print = () => { document.title = "printed" }; delete Navigator.prototype.share');
    await page.goto(address());
    await page.getByRole('button', { name: 'Print' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.title()).toBe('printed');
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('The address was copied.').waitFor();
    await page.locator('.passage-way a').first().click();
    await page.waitForFunction('navigator.clipboard.readText().then((text) => text.includes("#"))');
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied.startsWith(`${address()}#`)).toBe(true);
    expect(await page.locator(`#${copied.split('#')[1]!}.passage`).count()).toBe(1);
  });
  await browse(browser, dossier.url, null, { javaScriptEnabled: false }, async (page) => {
    await page.goto(address());
    expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0);
    expect(await seen(page, '.tools a')).toBe(true);
  });
});
