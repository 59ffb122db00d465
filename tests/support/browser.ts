import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { watchPolicy } from './axe';

const ON_THE_MACHINE = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  .flatMap((name) => (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)))
  .concat(
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  );

/** A real headless Chromium: the machine's own, else the one from npm. @throws with how to get one when there is none. */
export async function openBrowser(): Promise<Browser> {
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
