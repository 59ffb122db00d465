import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { issueSetupLink } from '../../src/setup/link';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { PASSWORD } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { tabTo } from '../support/browser/keyboard';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ setup: true })]);
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

test('from the link to an admin with a second factor and on to the sections, by keyboard and without JavaScript', async () => {
  const token = await dossier.wall.write(accountsViewer, (db) => issueSetupLink(db, new Date()));
  // Without JavaScript no page can be asked for its faults, so they are looked for in a window beside it.
  const [context, beside] = await Promise.all([
    browser.newContext({ viewport: { width: 360, height: 800 }, javaScriptEnabled: false }),
    browser.newContext({ viewport: { width: 1280, height: 900 } }),
  ]);
  const page = await context.newPage();
  const looking = await beside.newPage();
  const type = async (label: string, text: string) => {
    await tabTo(page, label);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  };
  const go = async (path: string) => {
    await page.keyboard.press('Enter');
    await page.waitForURL(`${dossier.url}${path}`);
  };
  const hasNoFaults = async (path: string) => {
    await beside.addCookies(await context.cookies());
    await looking.goto(`${dossier.url}${path}`);
    expect([path, await faultsOn(looking)]).toEqual([path, []]);
  };

  await hasNoFaults('/');
  await hasNoFaults(`/setup?token=${token}`);
  await page.goto(`${dossier.url}/setup?token=${token}`);
  await tabTo(page, 'Begin');
  await go('/setup/publication');
  await hasNoFaults('/setup/publication');
  await type('Name of the publication', 'Basel Biotech');
  await tabTo(page, 'Time zone');
  await page.keyboard.type('Europe/Zurich');
  await tabTo(page, 'Continue');
  await go('/setup/admin');
  await hasNoFaults('/setup/admin');
  await type('Name', 'Ada Admin');
  await type('E-mail address', 'ada@house.example');
  await type('Password', PASSWORD);
  await tabTo(page, 'Continue');
  await go('/setup/factor');
  await hasNoFaults('/setup/factor');
  const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
  await type('Code from the app', new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await page.keyboard.press('Enter');
  await page.locator('.secret-list li').nth(9).waitFor();
  await tabTo(page, 'I have kept them');
  await go('/setup/content');
  await hasNoFaults('/setup/content');
  await tabTo(page, 'Begin empty');
  await go('/setup/services');
  await hasNoFaults('/setup/services');
  await tabTo(page, 'Later');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${dossier.url}/admin`);
  expect(await page.locator('.mark').first().innerText()).toContain('Basel Biotech');
  expect(await page.locator('.tabs').count()).toBe(1);
  await Promise.all([context.close(), beside.close()]);
});
