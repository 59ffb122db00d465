import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/**
 * Opens a page with the cookie of somebody, or of nobody, in a context of its own that is gone afterwards. `faults` are
 * what its scripts threw and what the console called an error.
 */
export async function browse<T>(
  browser: Browser,
  url: string,
  cookie: string | null,
  options: BrowserContextOptions,
  work: (page: Page, faults: string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    if (cookie !== null) {
      const [name, value] = cookie.split('=') as [string, string];
      await context.addCookies([{ name, value, url }]);
    }
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    // Dialogs are taken from the first on: told when it is asked for one, Chromium may hear of the key before it hears
    // of this.
    page.on('filechooser', () => undefined);
    page.on('pageerror', (error) => faults.push(error.message));
    return await work(page, faults);
  } finally {
    await context.close();
  }
}
