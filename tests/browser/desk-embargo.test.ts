import type { Browser, Page } from 'playwright-core';
import { violationsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { enter, logIn, type Member } from '../support/cast';
import { idOf } from '../support/desk';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let editor: Member;
let circle: Member;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
  [editor, circle] = [await enter(dossier, 'editor'), await enter(dossier, 'circle')];
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function as<T>(member: Member, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const [name, value] = (await logIn(dossier, member.id!)).split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const violations = async (page: Page) =>
  (await violationsOn(page)).map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);

test('an editor holds a passage back until a moment, and the page says to its readers when it opens', async () => {
  await dossier.take('a-signal', { 'en.md': original() });
  const id = await idOf(dossier, 'a-signal');
  await as(editor, async (page) => {
    await page.goto(`${dossier.url}/desk/briefings/${id}`);
    const trend = page.locator('#group-trend');
    await trend.getByLabel('Who reads it').selectOption('leadership-alliance');
    await trend.getByLabel('Only until (UTC)').fill('2999-01-01T08:00:00');
    await until(async () => (await page.locator('[data-state]').innerText()).startsWith('Saved.'), 60_000);
    await page.reload();
    expect(await trend.getByLabel('Only until (UTC)').inputValue()).toBe('2999-01-01T08:00');
    expect(await trend.locator('.gated-who').first().innerText()).toContain('from January 1, 2999 at 08:00 UTC');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${dossier.url}/desk/briefings/${id}/publish`);
    await page.locator('button[name=act][value=keep]').waitFor();
    const sure = page.locator('form', { has: page.locator('button[value=keep]') }).locator('input[name=sure]');
    if ((await sure.count()) > 0) await sure.check();
    await page.locator('button[name=act][value=keep]').click();
    await page.waitForURL(/done=published/);
    await page.goto(`${dossier.url}/desk/calendar`);
    expect(await page.locator('main').innerText()).toContain('1 passage opens for Strategy Circle');
    expect(await violations(page)).toEqual([]);
  });
  await as(circle, async (page) => {
    await page.goto(`${dossier.url}/briefings/a-signal`);
    expect(await page.locator('.gate-opens').innerText()).toBe(
      'Opens for Strategy Circle on January 1, 2999 at 08:00 UTC',
    );
    expect(await page.content()).not.toContain('GATED trend text.');
    expect(await violations(page)).toEqual([]);
  });
});
