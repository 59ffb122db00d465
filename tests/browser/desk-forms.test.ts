import { tmpdir } from 'node:os';
import path from 'node:path';
import { mkdtemp, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { accountsViewer } from '../../src/access/viewer';
import { faultsOn, violationsOn } from '../support/browser/axe';
import { beginDraft } from '../support/desk';
import { once, SCRIPTS } from '../support/long';
import { openDesk } from '../support/browser/desk-browser';
import { tabTo } from '../support/browser/keyboard';
import { withTwoFactors } from '../support/second-factor/two-factors';
import { until } from '../support/until';

jest.setTimeout(180_000);

const desk = openDesk();

once('without JavaScript, what was typed outlives the login it was typed under', async () => {
  const address = await beginDraft(desk.dossier, 'ended');
  const passDoors = await withTwoFactors(desk.dossier, desk.editor);
  await desk.atDesk({ javaScriptEnabled: false, viewport: { width: 320, height: 800 } }, async (page) => {
    await page.goto(address);
    await desk.dossier.wall.write(accountsViewer, (db) =>
      db.login.deleteMany({ where: { accountId: desk.editor.id! } }),
    );
    await page.locator('[name="body.es"]').fill('Escrito\n\nsin «sesión» <b>');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await page.locator('h1').innerText()).toBe('Your login has ended');
    expect(
      await page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
    ).toBe(true);
    expect(await page.locator('textarea').first().isVisible()).toBe(false);
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Log in in another tab' }).click();
    const other = await opened;
    await passDoors(other);
    // The login leads to the page that the form stood on.
    await other.waitForURL(address);
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.waitForURL(/done=saved/);
    expect(await page.locator('[name="body.es"]').inputValue()).toBe('Escrito\n\nsin «sesión» <b>');
  });
});

once('the page that keeps a form has nothing axe objects to, in either theme', async () => {
  await desk.atDesk({}, async (page) => {
    await page.goto(`${desk.dossier.url}/es/desk/import`);
    await desk.dossier.wall.write(accountsViewer, (db) =>
      db.login.deleteMany({ where: { accountId: desk.editor.id! } }),
    );
    await page.locator('#files').setInputFiles({ name: 'en.md', mimeType: 'text/markdown', buffer: Buffer.from('x') });
    await page.locator('main form button').click();
    expect(await page.locator('h1').innerText()).toBe('Su sesión ha terminado');
    expect(await faultsOn(page)).toEqual([]);
    await page.getByLabel('Elija el archivo otra vez').waitFor();
  });
});

describe('a cover is added with the keyboard alone', () => {
  const files = async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cover-'));
    const at = (name: string) => path.join(folder, name);
    await Promise.all([
      writeFile(
        at('harbour.jpg'),
        await sharp({ create: { width: 1200, height: 600, channels: 3, background: '#305070' } })
          .jpeg()
          .toBuffer(),
      ),
      writeFile(at('letter.png'), 'Dear editor'),
      writeFile(at('heavy.png'), Buffer.alloc(10 * 1024 * 1024 + 1, 'x')),
    ]);
    return at;
  };

  test.each(SCRIPTS)('with JavaScript: %s', async (javaScriptEnabled) => {
    const [address, at] = await Promise.all([beginDraft(desk.dossier, `covered-${javaScriptEnabled}`), files()]);
    await desk.atDesk({ javaScriptEnabled }, async (page) => {
      const choose = async (file: string) => {
        await tabTo(page, 'Picture');
        const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
        await chooser.setFiles(file);
      };
      const press = async (button: string) => {
        await tabTo(page, button);
        await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      };
      const wrong = async () => [
        await page.locator('#picture-error').innerText(),
        await page.locator('#picture').getAttribute('aria-describedby'),
      ];

      await page.goto(address);
      await press('Add a cover');
      await choose(at('letter.png'));
      await tabTo(page, 'English');
      await page.keyboard.type('A harbour at dusk.');
      await press('Save the cover');
      expect(await wrong()).toEqual([expect.stringContaining('This is no PNG'), 'picture-error picture-hint']);
      await choose(at('heavy.png'));
      await press('Save the cover');
      expect(await wrong()).toEqual([expect.stringContaining('larger than 10 MB'), 'picture-error picture-hint']);
      // What looks at the page needs its scripts.
      if (javaScriptEnabled) expect(await violationsOn(page)).toEqual([]);
      await choose(at('harbour.jpg'));
      await press('Save the cover');
      expect(await page.getByRole('status').innerText()).toContain('The cover is in the working copy.');
      await page.goto(`${address}/preview?as=public`);
      expect(await page.locator('img.cover').getAttribute('alt')).toBe('A harbour at dusk.');
      await until(
        async () => (await page.evaluate<number>('document.querySelector("img.cover").naturalWidth')) === 1200,
      );
    });
  });
});
