import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

/** What axe objects to on a page, once the page is whole: one that is still on its way lacks whatever has not come. */
export async function violationsOn(page: Page): Promise<Violations> {
  await page.waitForLoadState();
  return (await new AxeBuilder({ page }).withTags(RULES).analyze()).violations;
}
