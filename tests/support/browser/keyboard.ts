import type { Page } from 'playwright-core';

/**
 * Goes on with the tabulator until what has the focus says this, or begins so. @throws when the keyboard does not get
 * there in `most` steps.
 */
export async function tabTo(page: Page, label: string, most = 80): Promise<void> {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate<string>(
      '(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? "").trim()',
    );
    if (here.startsWith(label) && !/^\p{L}/u.test(here.slice(label.length))) return;
  }
  throw new Error(`the keyboard does not reach ${label}`);
}
