import type { Page } from 'playwright-core';
import { exportBriefing } from '../../src/briefings/file/export';
import { beginDraft, openSheet, sendSheet } from '../support/desk';
import { openDesk } from '../support/browser/desk-browser';
import { tabTo } from '../support/browser/keyboard';
import { SCRIPTS } from '../support/long';
import { visit } from '../support/page';
import { until } from '../support/until';

jest.setTimeout(180_000);

const desk = openDesk();

const asReader = (slug: string) => visit(`${desk.dossier.url}/briefings/${slug}`);
const heading = async (slug: string) => (await asReader(slug)).html.querySelector('h1')!.text.trim();

/** Presses what has the focus, and waits for the page it leads to. */
const enterOn = async (page: Page) => Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
const status = (page: Page) => page.getByRole('status').first().innerText();

/** Goes to a button by tabulator, and through it to what the next page says has been done. */
async function press(page: Page, button: string): Promise<string> {
  await tabTo(page, button);
  await enterOn(page);
  return status(page);
}

/** Ticks what one of the things that the checklist offers asks first. */
async function tick(page: Page, name: string): Promise<void> {
  const asks = page.locator('form', { has: page.getByRole('button', { name, exact: true }) }).locator('[name="sure"]');
  if ((await asks.count()) > 0 && !(await asks.isChecked())) await asks.press('Space');
}

/** Does one of the things that the checklist of a briefing offers. */
async function act(page: Page, address: string, name: string): Promise<string> {
  await page.goto(`${address}/publish`);
  await tick(page, name);
  return press(page, name);
}

/** The same, where it is asked first. */
async function actWhenAsked(page: Page, address: string, name: string): Promise<string> {
  await page.goto(`${address}/publish`);
  await tabTo(page, name);
  await enterOn(page);
  return press(page, name);
}

/** What has the focus, by its id; and whether it is seen. */
const focused = (page: Page) =>
  page.evaluate<[string, boolean]>(
    '(({ id, top, bottom }) => [id, top >= 0 && bottom <= innerHeight])({ id: document.activeElement.id, ...document.activeElement.getBoundingClientRect().toJSON() })',
  );

describe.each(SCRIPTS)('with the keyboard, JavaScript: %s', (javaScriptEnabled) => {
  /** Works on a new draft, whose slug is the name and more. */
  const onDraft = async (
    name: string,
    work: (page: Page, slug: string, address: string) => Promise<void>,
  ): Promise<void> => {
    const slug = `${name}-${javaScriptEnabled}`;
    const address = await beginDraft(desk.dossier, slug);
    await desk.atDesk({ javaScriptEnabled }, (page) => work(page, slug, address));
  };

  test('a draft is submitted, returned, scheduled and taken off the schedule', () =>
    onDraft('scheduled', async (page, slug, address) => {
      expect(await act(page, address, 'Submit for review')).toBe('Submitted for review.');
      expect(await act(page, address, 'Back to draft')).toBe('It is a draft again.');

      await page.goto(`${address}/publish`);
      const when = page.getByLabel('Date and time, UTC');
      const schedule = async (moment: string) => {
        await when.fill(moment);
        await tick(page, 'Schedule');
        await tabTo(page, 'Schedule');
        await enterOn(page);
      };
      await schedule('2020-01-01T10:00:00');
      expect([await page.locator('#when-error').innerText(), await when.inputValue()]).toEqual([
        expect.stringMatching(/\w/),
        expect.stringContaining('2020-01-01T10:00'),
      ]);
      await schedule('2999-01-01T10:00:30');
      expect(await status(page)).toBe('Scheduled. It opens by itself at that time.');
      await page.goto(`${desk.dossier.url}/desk/calendar`);
      expect(await page.locator('main').innerText()).toContain('2999');
      expect((await asReader(slug)).status).toBe(404);
      expect(await act(page, address, 'Take it off the schedule')).toBe('Taken off the schedule. It is a draft again.');
      await page.goto(`${desk.dossier.url}/desk/calendar`);
      expect(await page.locator('main').innerText()).not.toContain('2999');
    }));

  test('what is refused is said where the focus is, with the way to what is missing', () =>
    onDraft('refused', async (page, slug, address) => {
      await page.setViewportSize({ width: 900, height: 500 });
      await page.goto(`${address}/publish`);
      await tabTo(page, 'Publish now');
      await enterOn(page);
      expect(await focused(page)).toEqual(['wrong', true]);
      await page.getByRole('alert').getByRole('link').press('Enter');
      await until(async () => (await focused(page)).join() === 'sure-publish,true');
      await page.keyboard.press('Space');
      expect(await press(page, 'Publish now')).toBe('Published. Readers have it now.');
      await page.locator('.done').getByRole('link').press('Enter');
      await page.waitForURL(`${desk.dossier.url}/briefings/${slug}`);
      await page.getByRole('link', { name: 'Edit this page at the desk' }).press('Enter');
      await page.waitForURL(address);
      await page.goto(`${address}/revisions/1`);
      const id = address.split('/').at(-1)!;
      const sheet = await openSheet(desk.dossier, desk.editor, id);
      await sendSheet(desk.dossier, desk.editor, sheet, { 'title.en': 'Somebody else writes' });
      await tabTo(page, 'Restore this revision');
      await enterOn(page);
      expect(await focused(page)).toEqual(['wrong', true]);
    }));

  test('it is published, withdrawn, published again and archived', () =>
    onDraft('published', async (page, slug, address) => {
      expect(await act(page, address, 'Publish now')).toBe('Published. Readers have it now.');
      expect((await asReader(slug)).status).toBe(200);
      expect(await actWhenAsked(page, address, 'Unpublish now')).toBe('Withdrawn. No reader has it any more.');
      expect((await asReader(slug)).status).toBe(404);
      await act(page, address, 'Publish now');
      expect((await asReader(slug)).status).toBe(200);
      expect(await actWhenAsked(page, address, 'Archive')).toBe('Archived. No reader has it any more.');
      expect((await asReader(slug)).status).toBe(404);
    }));

  test('what was published is changed, and the text before is put back', () =>
    onDraft('changed', async (page, slug, address) => {
      await act(page, address, 'Publish now');
      const before = await heading(slug);
      await page.goto(address);
      await page.locator('[name="title.en"]').fill('Another title');
      await page.getByRole('button', { name: 'Save and go to the checklist' }).press('Enter');
      await page.waitForURL(/\/publish$/);
      expect(await heading(slug)).toBe(before);
      expect(await act(page, address, 'Publish the changes')).toBe('Published. Readers have it now.');
      expect(await heading(slug)).toBe('Another title');

      await page.goto(`${address}/revisions`);
      const [, second] = await page.locator('.desk-history .row-name').allInnerTexts();
      await tabTo(page, second!);
      await enterOn(page);
      expect(await press(page, 'Restore this revision')).toBe('Restored as a new revision.');
      expect(await heading(slug)).toBe(before);
    }));

  test('a correction is refused empty, shown to readers, and taken back', () =>
    onDraft('corrected', async (page, slug, address) => {
      await act(page, address, 'Publish now');
      await page.goto(`${address}/publish`);
      await tabTo(page, 'Add the correction');
      await enterOn(page);
      expect(await page.getByRole('alert').innerText()).toContain('Say it in one language at least');
      await page
        .locator('form', { has: page.getByRole('button', { name: 'Add the correction' }) })
        .locator('textarea')
        .first()
        .fill('The year was another one.');
      expect(await press(page, 'Add the correction')).toBe('The correction is on the reader’s page.');
      expect((await asReader(slug)).text).toContain('The year was another one.');
      await page.goto(`${address}/publish`);
      expect(await press(page, 'Take back')).toBe('The correction was taken back.');
      expect((await asReader(slug)).text).not.toContain('The year was another one.');
    }));

  test('its files are taken along, and come back as they went', () =>
    onDraft('exported', async (page, slug, address) => {
      await page.goto(address);
      await tabTo(page, 'Export its files');
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      expect(download.suggestedFilename()).toBe(`${slug}.zip`);
      const files = [...(await exportBriefing(desk.dossier.wall, slug))!].map(([name, text]) => ({
        name,
        mimeType: 'text/markdown',
        buffer: Buffer.from(text),
      }));
      await page.goto(`${desk.dossier.url}/desk/import`);
      await page.getByLabel('Files').setInputFiles(files);
      await page.getByRole('button', { name: 'Import' }).focus();
      await enterOn(page);
      expect(await status(page)).toContain(`${slug} is as it was`);
    }));

  test('a draft that was never published is kept after all, and then deleted', () =>
    onDraft('deleted', async (page, _slug, address) => {
      await page.goto(`${address}/publish`);
      await tabTo(page, 'Delete this draft');
      await enterOn(page);
      await tabTo(page, 'Keep it');
      await enterOn(page);
      expect((await page.goto(address))!.status()).toBe(200);
      await page.goto(`${address}/delete`);
      expect(await press(page, 'Delete it')).toBe('The draft was deleted.');
      expect((await page.goto(address))!.status()).toBe(404);
    }));
});
