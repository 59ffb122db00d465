import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './browser';
import { browse } from './browsing';
import { enter, logIn, type Member } from '../cast';
import { startDossier, type Dossier } from '../dossier';

/** A Dossier of a test file with an editor and a browser. What it holds is there from the first test on. */
export interface DeskBrowser {
  readonly dossier: Dossier;
  readonly editor: Member;
  /** Opens a page as the editor, newly logged in, in a context of its own; as `browse` does. */
  atDesk<T>(options: BrowserContextOptions, work: (page: Page, faults: string[]) => Promise<T>): Promise<T>;
}

/** Starts both before the tests of a file, and stops them after. */
export function openDesk(): DeskBrowser {
  let browser: Browser;
  let dossier: Dossier;
  let editor: Member;
  beforeAll(async () => {
    [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
    editor = await enter(dossier, 'editor');
  });
  afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));
  return {
    get dossier() {
      return dossier;
    },
    get editor() {
      return editor;
    },
    atDesk: async (options, work) => browse(browser, dossier.url, await logIn(dossier, editor.id!), options, work),
  };
}
