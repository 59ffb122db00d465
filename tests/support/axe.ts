import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

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
 * What axe objects to on a page, and what our content security policy has refused it, once the page is whole: one that is
 * still on its way lacks whatever has not come.
 */
export async function violationsOn(page: Page): Promise<Violations> {
  await page.waitForLoadState();
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const policy = (refused.get(page) ?? []).map((text) => ({ ...NOTHING, html: text, target: [text] }));
  refused.delete(page);
  if (policy.length === 0) return violations;
  const words = 'the content security policy refused something';
  return [...violations, { id: 'csp', description: words, help: words, helpUrl: '', tags: [], nodes: policy }];
}

const NOTHING = { any: [], all: [], none: [] };
