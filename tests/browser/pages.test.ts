import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { adminViewer } from '../../src/access/viewer';
import { faultsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { importCategories } from '../../src/briefings/categories';
import { openBrowser } from '../support/browser/browser';
import { enter } from '../support/cast';
import { idOf } from '../support/desk';
import { startDossier, type Dossier } from '../support/dossier';
import { LONG, once } from '../support/long';

jest.setTimeout(120_000);

let browser: Browser;
let closed: Dossier;
let open: Dossier;

beforeAll(async () => {
  [browser, closed, open] = await Promise.all([
    openBrowser(),
    startDossier({ samples: true }),
    startDossier({ samples: true }),
  ]);
  // The same house with every gate opened by its own matrix: what a member of the highest tier sees.
  await open.wall.write(adminViewer, (db) => db.gate.updateMany({ data: { tierSlug: 'public' } }));
  const english = original({ slug: 'all-of-markdown' })
    .replaceAll('one-org', 'markdown-org')
    .replace('The open body.', MARKDOWN);
  const gated = english.replace('GATED trend text.', MARKDOWN).replace('GATED evidence text.', MARKDOWN);
  for (const dossier of [closed, open]) await dossier.take('all-of-markdown', { 'en.md': gated });
});
afterAll(() => Promise.all([browser?.close(), closed?.stop(), open?.stop()]));

/** Everything that a text can be written with, for the body and for passages of one page. */
const MARKDOWN = `# A heading

Words with a note[^1] and **more**[^two], and [a report](<https://example.org/annual report.pdf>).

| Left | Centre | Right |
| :--- | :---: | ---: |
| a | b | 1 |

- [ ] to be done, says a note[^1]
- [x] done
- an item

> A quotation

[^1]: The first note.
[^two]: The second note,

    in two paragraphs.`;

interface Seen {
  readonly errors: string[];
  readonly foreign: string[];
}

/** Opens a page in a context of its own and gathers what a reader should never cause. */
async function reading<T>(
  url: string,
  options: BrowserContextOptions,
  work: (page: Page, seen: Seen) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const seen: Seen = { errors: [], foreign: [] };
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('dialog', (dialog) => {
    seen.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) seen.foreign.push(request.url());
  });
  try {
    await page.goto(url, { waitUntil: 'load' });
    return await work(page, seen);
  } finally {
    await context.close();
  }
}

/** One of each kind; in the long tests the others, in the other language. */
const PAGES = LONG
  ? [
      '/es',
      '/es/categories/cyber-resilience',
      '/es/briefings/microsoft-mistral-azure',
      '/es/briefings/xz-utils-maintainer-funding',
      '/es/join/leadership-alliance',
    ]
  : [
      '/',
      '/categories/cloud-service',
      '/briefings/microsoft-mistral-azure',
      '/es/briefings/all-of-markdown',
      '/login',
      '/es/join/strategy-circle',
      '/join/leadership-alliance',
      '/nothing-here',
    ];

test.each(PAGES)('%s has nothing axe objects to, in either theme, and is never wider than its window', async (path) => {
  await reading(`${closed.url}${path}`, {}, async (page, seen) => {
    expect(await faultsOn(page)).toEqual([]);
    await expectToFit(page);
    expect(seen.errors.filter((text) => !text.includes('404'))).toEqual([]);
    expect(seen.foreign).toEqual([]);
  });
});

once('neither has the briefing with everything open, in either language, nor the grade table', async () => {
  for (const path of ['/briefings/microsoft-mistral-azure', '/es/briefings/nexperia-goods-availability-order'])
    await reading(`${open.url}${path}`, {}, (page) => expectToFit(page));
  for (const path of ['/es/briefings/microsoft-mistral-azure', '/es/briefings/all-of-markdown'])
    await reading(`${open.url}${path}`, {}, async (page) => {
      expect(await faultsOn(page)).toEqual([]);
    });
  await reading(`${closed.url}/briefings/microsoft-mistral-azure`, {}, async (page) => {
    await page.locator('main [popovertarget], main summary').first().click();
    expect(await faultsOn(page)).toEqual([]);
  });
});

async function expectToFit(page: Page): Promise<void> {
  for (const width of [320, 360, 768, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect([page.url(), width, scroll <= client]).toEqual([page.url(), width, true]);
  }
}

describe('a briefing', () => {
  const path = '/briefings/microsoft-mistral-azure';

  once('weighs at most 100 kB with everything, of which at most 5 kB are scripts', async () => {
    for (const one of [`${closed.url}${path}`, `${closed.url}/es${path}`, `${open.url}${path}`]) {
      await reading('about:blank', {}, async (page) => {
        const client = await page.context().newCDPSession(page);
        const sizes = new Map<string, { type: string; bytes: number }>();
        await client.send('Network.enable');
        client.on('Network.responseReceived', ({ requestId, type }) => sizes.set(requestId, { type, bytes: 0 }));
        client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
          const found = sizes.get(requestId);
          if (found) found.bytes = encodedDataLength;
        });
        await page.goto(one, { waitUntil: 'networkidle' });
        const all = [...sizes.values()];
        const bytes = (types: string[]) =>
          all.filter(({ type }) => types.includes(type)).reduce((sum, { bytes: n }) => sum + n, 0);
        expect(bytes(['Document'])).toBeGreaterThan(5_000);
        expect(bytes(['Font'])).toBeGreaterThan(5_000);
        expect(all.reduce((sum, { bytes: n }) => sum + n, 0)).toBeLessThanOrEqual(100_000);
        expect(bytes(['Script'])).toBeLessThanOrEqual(5_000);
      });
    }
  });

  once('reads the same without JavaScript', async () => {
    const text = (javaScriptEnabled: boolean) =>
      reading(`${open.url}${path}`, { javaScriptEnabled }, (page) => page.locator('main').innerText());
    // The tools that only a script can be are there with scripts alone.
    expect(await text(false)).toBe((await text(true)).replace(/\n*^Print$\n*^Share$/m, ''));
  });

  once.each([true, false])(
    'opens its grade table by mouse and by keyboard (JavaScript: %s)',
    async (javaScriptEnabled) => {
      await reading(`${closed.url}${path}`, { javaScriptEnabled }, async (page) => {
        const table = page.locator('#grades');
        const ask = page.locator('[popovertarget=grades]');
        expect(await table.isVisible()).toBe(false);
        await ask.click();
        expect(await table.isVisible()).toBe(true);
        expect(await table.locator('tbody tr').count()).toBe(6);
        await page.keyboard.press('Escape');
        expect(await table.isVisible()).toBe(false);
        await ask.focus();
        await page.keyboard.press('Enter');
        expect(await table.isVisible()).toBe(true);
      });
    },
  );

  once('lets the keyboard skip to the text first, and shows where it is at every step', async () => {
    await reading(`${closed.url}${path}`, {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('#content');
      const stops = await page.locator('a[href]:visible, button:visible, summary:visible').count();
      const unseen: string[] = [];
      for (let stop = 0; stop < stops; stop++) {
        const drawn = await page.evaluate<{ name: string; seen: boolean }>(
          `(() => { const one = document.activeElement; const style = getComputedStyle(one); return { name: one.outerHTML.slice(0, 80), seen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none' }; })()`,
        );
        if (!drawn.seen) unseen.push(drawn.name);
        await page.keyboard.press('Tab');
      }
      expect(unseen).toEqual([]);
    });
  });

  once("prints its sources' addresses, and no buttons", async () => {
    await reading(`${closed.url}${path}`, {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('nav').first().isVisible()).toBe(false);
      const printed = await page.evaluate<string>(
        `getComputedStyle(document.querySelector('.source-title a'), '::after').content`,
      );
      expect(printed).toContain('http');
    });
  });

  once('aligns its columns, and leads to its footnotes and back, each text to its own', async () => {
    await reading(`${open.url}/briefings/all-of-markdown`, {}, async (page, seen) => {
      const ids = await page.evaluate<string[]>('[...document.querySelectorAll("[id]")].map((one) => one.id)');
      expect(new Set(ids).size).toBe(ids.length);
      const align = 'getComputedStyle(document.querySelector(".prose tbody td:last-child")).textAlign';
      expect(await page.evaluate(align)).toBe('right');
      const trend = page.locator('#trend .prose');
      await trend.getByRole('link', { name: 'Footnote 1' }).first().click();
      const [here, there] = ['#fn-trend-trend_1', '#fnref-trend-trend_1_1'];
      expect(new URL(page.url()).hash).toBe(here);
      expect(await page.locator(here).innerText()).toContain('The first note.');
      await page.locator(here).getByRole('link', { name: 'Back to the text, footnote 1' }).first().click();
      expect(new URL(page.url()).hash).toBe(there);
      expect(await trend.getByRole('checkbox', { name: 'done', exact: true }).isChecked()).toBe(true);
      expect(seen.errors).toEqual([]);
    });
    await reading(`${closed.url}/briefings/all-of-markdown`, {}, async (page) => {
      expect(
        await page.locator('[id^="fn"]').evaluateAll((all) => all.map((one) => (one as { id: string }).id)),
      ).toEqual(['fnref-body_1_1', 'fnref-body_2_1', 'fnref-body_1_2', 'fn-body_1', 'fn-body_2']);
    });
  });

  once('runs nothing that a text brings along', async () => {
    await closed.take('inert', {
      'en.md': original({
        slug: 'inert',
        organizations: '\n    - key: one-org\n      name: "<img src=x onerror=alert(1)>"',
      }).replace('The open body.', '<script>alert(1)</script><img src=x onerror=alert(2)>\n\n<svg onload=alert(3)>'),
    });
    await reading(`${closed.url}/briefings/inert`, {}, async (page, seen) => {
      expect(await page.locator('main').innerText()).toContain('<script>alert(1)</script>');
      expect(seen.errors).toEqual([]);
    });
  });
});

once(
  'a reader gets from the front page to a briefing and back, and into the other language, by links alone',
  async () => {
    await reading(`${closed.url}/`, { javaScriptEnabled: false }, async (page) => {
      await page.getByRole('link', { name: 'Cloud Service' }).first().click();
      await page.locator('main').getByRole('link').filter({ hasText: 'Azure' }).first().click();
      expect(new URL(page.url()).pathname).toBe('/briefings/microsoft-mistral-azure');
      await page.locator('a[hreflang=es]').first().click();
      expect(new URL(page.url()).pathname).toBe('/es/briefings/microsoft-mistral-azure');
      await page.locator('.gate a').first().click();
      expect(new URL(page.url()).pathname).toBe('/es/join/strategy-circle');
    });
  },
);

once('nothing scrolls on paper, and in a low window the bars of the desk leave the room to the text', async () => {
  const wide = `| ${'A long heading of a column | '.repeat(12)}\n| ${'--- | '.repeat(12)}\n| ${'Averylongwordofacell | '.repeat(12)}`;
  const code = `\`\`\`\n${'a line of code that goes on and on '.repeat(20)}\n\`\`\``;
  await closed.take('wide', {
    'en.md': original({ slug: 'wide', organizations: null }, '').replace('The open body.', `${wide}\n\n${code}`),
  });
  await reading(`${closed.url}/briefings/wide`, { viewport: { width: 680, height: 960 } }, async (page) => {
    const cut = `[...document.querySelectorAll('.prose :is(pre, table, td, th, code)')].filter((one) => {
      const section = document.querySelector('.prose').getBoundingClientRect();
      return getComputedStyle(one).display !== 'inline' && one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > section.right + 1;
    }).map((one) => one.tagName)`;
    expect(await page.evaluate(cut)).toEqual(expect.arrayContaining(['PRE', 'TABLE']));
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(cut)).toEqual([]);
  });

  const { headers } = await enter(closed, 'editor');
  const desk = `${closed.url}/desk/briefings/${await idOf(closed, 'wide')}`;
  await reading('about:blank', {}, async (page) => {
    const [name, value] = headers['Cookie']!.split('=') as [string, string];
    await page.context().addCookies([{ name, value, url: closed.url }]);
    // 1280 x 1024 at 400 %, two telephones lying down, and a window of every day.
    for (const [width, height, free] of [
      [320, 256, 1],
      [667, 375, 1],
      [844, 390, 1],
      [1280, 900, 0.8],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(desk);
      const taken = await page.evaluate<number>(`(() => {
        scrollTo({ top: document.querySelector('#part-facts').getBoundingClientRect().top + scrollY, behavior: 'instant' });
        const fixed = [...document.querySelectorAll('body *')].filter((one) => ['sticky', 'fixed'].includes(getComputedStyle(one).position));
        return fixed.map((one) => one.getBoundingClientRect()).filter(({ top, bottom }) => bottom > 0 && top < innerHeight).reduce((sum, { height }) => sum + height, 0);
      })()`);
      expect([width, height, taken <= height * (1 - free)]).toEqual([width, height, true]);
    }
  });
});

once(
  'with fifteen categories the header is a row more on a telephone, one row on a desk, and leads to each of them',
  async () => {
    const names = [...'abcdefghijk'].map((letter) => `category-${letter}`);
    await importCategories(
      closed.wall,
      'categories.yaml',
      Buffer.from(names.map((one) => `${one}:\n  name: {en: Of some length ${one.slice(-1)}}\n`).join('')),
    );
    for (const category of names)
      await closed.take(`in-${category}`, {
        'en.md': original(
          { slug: `in-${category}`, category, organizations: null, published: '2020-01-01T00:00:00Z' },
          '',
        ),
      });
    for (const [width, most] of [
      [1280, 64],
      [390, 100],
    ] as const)
      await reading(`${closed.url}/briefings/in-category-k`, { viewport: { width, height: 844 } }, async (page) => {
        const { height } = (await page.locator('header.top').boundingBox())!;
        expect([width, height <= most, height]).toEqual([width, true, height]);
        await page.locator('.top-all summary').click();
        expect(await page.locator('.top-all a:visible').count()).toBe(15);
        expect(await faultsOn(page)).toEqual([]);
      });
  },
);
