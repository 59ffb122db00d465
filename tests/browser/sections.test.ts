import type { Browser, BrowserContext, Page } from 'playwright-core';
import { somebody } from '../admin/support';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';

jest.setTimeout(240_000);

let browser: Browser;
let dossier: Dossier;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ samples: true, billing: true })]);
  const [name, value] = (await somebody(dossier, 'admin')).cookie.split('=') as [string, string];
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies([{ name, value, url: dossier.url }]);
  page = await context.newPage();
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const isFlawless = async (path: string) => {
  const answer = await page.goto(`${dossier.url}${path}`);
  expect([path, answer?.status()]).toEqual([path, 200]);
  expect([path, await faultsOn(page)]).toEqual([path, []]);
};

test.each([
  ...['/terms', '/es/contact', '/desk/pages', '/admin/subscribers', '/admin/staff', '/admin/staff/invite'],
  ...[
    '/account/letters',
    '/account/follow?q=signal',
    '/account/feed',
    '/account/reading-list',
    '/briefings/microsoft-mistral-azure/cite',
  ],
  ...['/account/gifts', '/account/gifts/new?briefing=microsoft-mistral-azure'],
  ...['/desk/issues', '/desk/front', '/desk/authors', '/admin/health'],
  ...['/desk/organizations', '/desk/organizations/mistral-ai', '/desk/organizations/mistral-ai/merge?other=microsoft'],
  ...['/admin/letters', '/admin/webhooks', '/admin/webhooks/new', '/admin/settings/mail'],
  ...['/admin/shape', '/admin/shape/kinds/new', '/admin/import', '/admin/import/prices', '/admin/export'],
])('%s can be read in both themes, at both ends of the widths', (path) => isFlawless(path));

test('a wide table of members is matched beside its first rows, in a window of any width', async () => {
  const columns = ['Where to write', 'Called', 'Since', 'A column with a long name', 'Another with a longer one yet'];
  const rows = Array.from(
    { length: 9 },
    (_, n) => `r${n}@example.org,Reader ${n},2024-01-01,${'text '.repeat(20)},${n}`,
  );
  await page.goto(`${dossier.url}/admin/import`);
  await page.locator('input[type=file]').setInputFiles({
    name: 'members.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from([columns.join(','), ...rows].join('\n')),
  });
  await page.getByRole('button', { name: 'Read the table' }).click();
  await page.getByRole('region', { name: 'The first rows' }).waitFor();
  expect(await faultsOn(page)).toEqual([]);
});
