import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { watchPolicy } from './axe';
import { lay, whenFailed, whenOver } from '../failures';

const ON_THE_MACHINE = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  .flatMap((name) => (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)))
  .concat(
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  );

/**
 * A real headless Chromium: the machine's own, else the one from npm. Of a test that fails it leaves a picture of every
 * page, what stood in it and what it said. @throws with how to get one when there is none.
 */
export async function openBrowser(): Promise<Browser> {
  return witnessed(await launch());
}

async function launch(): Promise<Browser> {
  const own = ON_THE_MACHINE.find((file) => existsSync(file));
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  if (own) return watchPolicy(await chromium.launch({ executablePath: own, args }));
  if (process.platform === 'linux' && process.arch === 'x64') {
    const packaged = (await import('@sparticuz/chromium')).default;
    const executablePath = await packaged.executablePath();
    return watchPolicy(await chromium.launch({ executablePath, args, headless: true }));
  }
  throw new Error(
    'The browser tests need Chromium or Google Chrome. Install either one so that it is on the PATH and run the tests again.',
  );
}

/**
 * Contexts that a test has closed stay until the next one is opened or the test is over, so that a failure can be seen.
 */
function witnessed(browser: Browser): Browser {
  const logs = new Map<BrowserContext, string[]>();
  const closing = new Map<BrowserContext, () => Promise<void>>();
  const closeThem = async () => {
    const ends = [...closing.values()];
    for (const context of closing.keys()) logs.delete(context);
    closing.clear();
    await Promise.all(ends.map((end) => end()));
  };
  const [newContext, close] = [browser.newContext.bind(browser), browser.close.bind(browser)];
  browser.newContext = async (options) => {
    await closeThem();
    const context = await newContext(options);
    const end = context.close.bind(context);
    context.close = () => Promise.resolve(void closing.set(context, end));
    logs.set(context, logOf(context));
    return context;
  };
  browser.close = async (options) => {
    await closeThem();
    await close(options);
  };
  whenOver(closeThem);
  whenFailed(async (folder) => {
    let number = 0;
    for (const [context, log] of logs) {
      for (const page of context.pages()) {
        number++;
        log.push(`page ${number} is at ${page.url()}`);
        const picture = await page.screenshot({ fullPage: true, timeout: 5_000 }).catch(() => null);
        if (picture) lay(folder, `page-${number}.png`, picture);
        lay(folder, `page-${number}.html`, await page.content().catch(String));
      }
      lay(folder, `context-${[...logs.keys()].indexOf(context) + 1}.log`, log.join('\n'));
    }
  });
  return browser;
}

/** What the pages of a context ask for and say, line by line. */
function logOf(context: BrowserContext): string[] {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(`${new Date().toISOString()} ${line}`);
  context.on('console', (message) => note(`${message.type()}: ${message.text()}`));
  context.on('weberror', (error) => note(`thrown: ${error.error().message}`));
  context.on('response', (response) => note(`${response.status()} ${response.request().method()} ${response.url()}`));
  context.on('requestfailed', (request) => note(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`));
  return lines;
}
