import { source } from 'axe-core';
import type { Browser, Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe objects to, and where. */
export interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly html: string }[];
}

/** What the console said of our content security policy, page by page, until somebody asks. */
const refused = new WeakMap<Page, string[]>();

/** Hears in every context of a browser what pages try that our content security policy forbids. */
export function watchPolicy(browser: Browser): Browser {
  browser.on('context', (context) => {
    context.on('console', (message) => {
      const page = message.page();
      if (!page || !message.text().includes('Content Security Policy')) return;
      refused.set(page, [...(refused.get(page) ?? []), message.text()]);
    });
  });
  return browser;
}

/**
 * What axe objects to on a page, and what our content security policy has refused it, once the page is whole: one that
 * is still on its way lacks whatever has not come.
 */
export async function violationsOn(page: Page): Promise<Violation[]> {
  await page.waitForLoadState();
  // Put into the page itself: through its package for Playwright it opens a page beside it and takes twice as long.
  for (const frame of page.frames()) await frame.evaluate(source);
  const options = { runOnly: { type: 'tag', values: RULES }, resultTypes: ['violations'] };
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) =>
      ({ id, nodes: nodes.map(({ target, html }) => ({ target: target.map(String), html })) })))`,
  );
  const policy = (refused.get(page) ?? []).map((text) => ({ html: text, target: [text] }));
  refused.delete(page);
  return policy.length === 0 ? violations : [...violations, { id: 'csp', nodes: policy }];
}

/** In each theme one end of the widths: colours do not depend on the width, nor widths on the colour. */
const ENDS = [
  { colorScheme: 'light', width: 320 },
  { colorScheme: 'dark', width: 1280 },
] as const;

export interface Wanted {
  /** The narrow end, where it is not 320 pixels. */
  readonly narrow?: number;
  /**
   * Is the window made as tall as the page? Then bars that stick to an edge lie over nothing that somebody could be
   * measured by.
   */
  readonly tall?: boolean;
}

/**
 * What is wrong with the page as it stands, narrow in light and wide in dark: what axe objects to, and whether it is
 * wider than its window. It is loaded once, since nothing of it depends on how it was when it was loaded. The page
 * stays wide and dark.
 */
export async function faultsOn(page: Page, { narrow = ENDS[0].width, tall = false }: Wanted = {}): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width } of [{ ...ENDS[0], width: narrow }, ENDS[1]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    if (tall && height > 900) await page.setViewportSize({ width, height });
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (wide > 0) found.push(`${wide} pixels wider than a window of ${width}`);
    for (const { id, nodes } of await violationsOn(page))
      found.push(`${colorScheme}, ${width}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
  return found;
}
