import type { Page } from 'playwright-core';

/** Goes on with Tab until what is focused has this name. @throws when the keyboard does not get there in `most` steps. */
export async function tabTo(page: Page, label: string, most = 60): Promise<void> {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate<string>('(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText ?? "").trim()');
    if (name === label) return;
  }
  throw new Error(`the keyboard does not reach ${label}`);
}
