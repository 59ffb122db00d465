import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { adminViewer } from '../../src/access/viewer';
import { faultsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { once, SCRIPTS } from '../support/long';
import { somebody, type Somebody } from '../admin/support';

jest.setTimeout(240_000);

let browser: Browser;
let dossier: Dossier;
let admin: Somebody;
let member: Somebody;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier({ billing: true })]);
  [admin, member] = [await somebody(dossier, 'admin', { name: 'Ada Admin' }), await somebody(dossier)];
  await dossier.take('a-signal', { 'en.md': original() });
  await dossier.take('b-signal', {
    'en.md': original({ slug: 'b-signal', stricter: '\n    trend/trend: leadership-alliance' }),
  });
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function inContext<T>(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<T>,
  who: Somebody = admin,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const [name, value] = who.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const readBy = (who: Somebody) =>
  inContext(
    {},
    async (page) => {
      await page.goto(`${dossier.url}/briefings/a-signal`);
      return page.locator('main').innerText();
    },
    who,
  );

/** Goes on with the tabulator until what has the focus says this. */
async function to(page: Page, label: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate<string>(
      '(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? "").trim()',
    );
    if (here.startsWith(label)) return;
  }
  throw new Error(`the keyboard does not reach ${label}`);
}

once('a kind is closed and made public with the keyboard alone, and members read accordingly', async () => {
  expect(await readBy(member)).toContain('GATED trend text');
  await inContext({}, async (page) => {
    await page.goto(`${dossier.url}/admin/members`);
    await to(page, 'Gate matrix');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/matrix');
    // The choice of the first kind; an arrow moves on within it.
    await to(page, 'Strategy Circle');
    await page.keyboard.press('ArrowRight');
    await to(page, 'Show what would change');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/matrix/change?**');
    expect(await page.locator('.shifts tbody tr').innerText()).toMatch(
      /Deeper trend context[\s\S]*1 passage in 1 published briefing[\s\S]*1 member no longer reads them/,
    );
    await to(page, 'Reason');
    await page.keyboard.type('typed, never clicked');
    await to(page, 'Change the matrix');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?done=matrix-changed');
    expect(await page.getByRole('status').innerText()).toBe('The gate matrix was changed. It is in force.');
  });
  expect(await readBy(member)).not.toContain('GATED trend text');

  await inContext({}, async (page) => {
    await page.goto(`${dossier.url}/admin/matrix`);
    await to(page, 'Leadership Alliance');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await to(page, 'Show what would change');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/matrix/change?**');
    expect(await page.getByRole('alert').innerText()).toContain('This makes text public: Deeper trend context');
    await to(page, 'Reason');
    await page.keyboard.type('for the spring');
    await to(page, 'Make it public');
    await page.keyboard.press('Enter');
    await page.locator('#public-error').waitFor();
    await to(page, 'Yes, anybody may read this');
    await page.keyboard.press('Space');
    await to(page, 'Make it public');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?done=matrix-changed');
  });
  expect(await readBy(member)).toContain('GATED trend text');
  await dossier.wall.write(adminViewer, (db) =>
    db.gate.update({ where: { kind: 'trend' }, data: { tierSlug: 'strategy-circle' } }),
  );
});

test.each(SCRIPTS)('the texts and the price of a tier are changed, with JavaScript: %s', async (javaScriptEnabled) => {
  const name = javaScriptEnabled ? 'Leadership Council' : 'Leadership House';
  await inContext({ javaScriptEnabled }, async (page) => {
    await page.goto(`${dossier.url}/admin/tiers`);
    await page.getByRole('link', { name: /^Edit the texts Leadership/ }).click();
    const english = page.getByRole('group', { name: 'English' });
    await english.getByLabel('Name').fill('');
    await english.getByLabel('Benefits').fill('Everything\nAnd more');
    await page.getByRole('button', { name: 'See how it looks' }).click();
    expect(await page.locator('#name-en-error').innerText()).toBe('Please write a name.');
    expect(await english.getByLabel('Benefits').inputValue()).toBe('Everything\nAnd more');
    await english.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'See how it looks' }).click();
    expect(await page.locator('.plan[lang=en]').innerText()).toContain('And more');
    await page.getByRole('button', { name: 'Change something' }).click();
    expect(await english.getByLabel('Name').inputValue()).toBe(name);
    await page.getByRole('button', { name: 'See how it looks' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await page.getByRole('status').innerText()).toBe('The texts were saved.');

    await page.getByRole('link', { name: /^Change the price/ }).click();
    await page.getByLabel('A month').fill(javaScriptEnabled ? '52' : '53');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Reason').fill('a new year');
    await page.getByRole('button', { name: 'Change the price' }).click();
    expect(await page.getByRole('status').innerText()).toBe('The price was changed.');
    await page.goto(`${dossier.url}/pricing`);
    expect(await page.locator('.plan.tier-gold').innerText()).toContain(javaScriptEnabled ? '€52' : '€53');
    expect((await page.locator('.plan.tier-gold .plan-name').textContent())?.trim()).toBe(name);
    await page.goto(`${dossier.url}/admin/audit`);
    expect((await page.locator('tbody th .dense-name').allInnerTexts()).slice(0, 2)).toEqual([
      'Changed the price of a tier',
      'Changed the texts of a tier',
    ]);
  });
});

once('no page of these sections has anything axe objects to, or is wider than its window', async () => {
  const paths = [
    '/admin/matrix',
    '/es/admin/matrix?done=matrix-changed',
    '/admin/matrix/change',
    '/admin/matrix/change?trend=nobody',
    '/admin/matrix/change?trend=leadership-alliance&evidence=strategy-circle',
    '/es/admin/matrix/change?trend=public&source-note=public',
    '/admin/tiers',
    '/es/admin/tiers?done=tier-priced',
    '/admin/tiers/leadership-alliance/texts',
    '/admin/tiers/leadership-alliance/price',
    '/es/admin/tiers/leadership-alliance/price?month=x&year=1',
    '/admin/tiers/leadership-alliance/price?month=99&year=999',
    '/admin/tiers/public/price',
  ];
  const found: string[] = [];
  await inContext({}, async (page) => {
    const judge = async (where: string) =>
      void found.push(...(await faultsOn(page)).map((fault) => `${where}: ${fault}`));
    for (const path of paths) {
      await page.goto(`${dossier.url}${path}`);
      await judge(path);
    }
    await page.goto(`${dossier.url}/admin/tiers/strategy-circle/texts`);
    await page.locator('#name-en').fill('A longer name for the very same circle of readers');
    await page.locator('form button').last().click();
    await page.locator('.before-after').waitFor();
    await judge('the texts before they are saved');
    await page.goto(`${dossier.url}/admin/tiers/strategy-circle/texts`);
    await page.locator('#name-en').fill('');
    await page.locator('#benefits-es').fill('');
    await page.locator('form button').last().click();
    await page.locator('#name-en-error').waitFor();
    await judge('the texts with what is wrong');
  });
  expect(found).toEqual([]);
});
