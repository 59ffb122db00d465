import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { wcagContrast } from 'culori';
import { adminViewer } from '../../src/access/viewer';
import { accentIn, tierIn } from '../../src/site/looks/colours';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import type { SettingName, SettingValue } from '../../src/site/settings/schemas';
import { faultsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';
import { visit } from '../support/page';
import { somebody, type Somebody } from '../admin/support';

jest.setTimeout(240_000);

let browser: Browser;
let dossier: Dossier;
let admin: Somebody;

async function set<Name extends SettingName>(name: Name, change: Partial<SettingValue<Name>>): Promise<void> {
  const before = await dossier.wall.read(adminViewer, (db) => loadSetting(db, name));
  const by = { actor: { id: null, name: 'a test' } };
  const value = { ...before, ...change };
  await saveSetting(dossier.wall, {
    name,
    value,
    expectedVersion: settingVersion(before),
    submissionId: randomUUID(),
    at: new Date(),
    by,
  });
}

const UGLY = { accent: '#ffee00', tiers: { 'strategy-circle': '#00ff66', 'leadership-alliance': '#ff00ff' } };

beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ billing: true })]);
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
  await set('identity', { name: { en: 'The Basin' }, tagline: { en: 'Water, read early.' } });
  const heading = { en: 'The house' };
  const footer = ['/pricing', '/search'].map((href, at) => ({
    href,
    label: { en: href },
    heading: at === 0 ? heading : {},
  }));
  await set('navigation', {
    footer,
    announcement: { en: 'We have moved to the harbour.' },
    announcementLink: '/pricing',
  });
  await set('looks', { ...UGLY, typefaces: 'plex' });
  await until(async () => (await visit(dossier.url)).text.includes('/looks/1/'));
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

const SECTIONS = ['', '/identity', '/looks', '/pictures', '/navigation', '/joining', '/discovery', '/mail'].map(
  (at) => `/admin/settings${at}`,
);
const PAGES = ['/', '/briefings/a-signal', '/pricing', '/join/strategy-circle', ...SECTIONS];

/** Pictures of the page in three widths and two themes, where somebody asks for them. */
async function pictures(page: Page, name: string): Promise<void> {
  const folder = process.env['SETTINGS_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 768, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
}

test('a house in ugly colours, and the sections of its settings, can be read in both themes', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const [name, value] = admin.cookie.split('=') as [string, string];
  const page = await context.newPage();
  for (const at of PAGES) {
    // Whoever is logged in meets no gates.
    await context.clearCookies();
    if (at.startsWith('/admin')) await context.addCookies([{ name, value, url: dossier.url }]);
    const answer = await page.goto(`${dossier.url}${at}`);
    expect([at, answer?.status()]).toEqual([at, 200]);
    await pictures(page, at.replaceAll('/', '_'));
    expect([at, await faultsOn(page)]).toEqual([at, []]);
  }
  await context.close();
});

test('a preview opens beside the form, which keeps what was typed, without a script', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const [name, value] = admin.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  const page = await context.newPage();
  await page.goto(`${dossier.url}/admin/settings/identity`);
  await page.getByRole('textbox', { name: 'English' }).first().fill('The Imagined');
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: 'Preview' }).click(),
  ]);
  await opened.getByRole('heading', { level: 1, name: 'The Imagined' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'English' }).first().inputValue()).toBe('The Imagined');
  await context.close();
});

test.each(['#ffee00', '#ffffff', '#000000', '#808080', '#00ff66', '#ff00ff', '#1b463a', '#123456'])(
  'a chosen colour is held to contrast in both themes: %s',
  (chosen) => {
    for (const [theme, paper] of [
      ['light', '#faf8f3'],
      ['dark', '#16171a'],
    ] as const) {
      const { act, onAct } = accentIn(theme, chosen);
      const { ground, ink, line } = tierIn(theme, chosen);
      expect(wcagContrast(act, paper)).toBeGreaterThanOrEqual(4.5);
      expect(wcagContrast(onAct, act)).toBeGreaterThanOrEqual(4.5);
      for (const one of [ground, paper]) {
        expect(wcagContrast(ink, one)).toBeGreaterThanOrEqual(7);
        expect(wcagContrast(line, one)).toBeGreaterThanOrEqual(3);
      }
    }
  },
);
