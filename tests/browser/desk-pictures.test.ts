import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { violationsOn } from '../support/browser/axe';
import { beginDraft } from '../support/desk';
import { openDesk } from '../support/browser/desk-browser';

jest.setTimeout(180_000);

const desk = openDesk();
let picture: Buffer;
let other: Buffer;
beforeAll(async () => {
  [picture, other] = (await Promise.all(
    [120, 40].map((b) =>
      sharp({ create: { width: 800, height: 400, channels: 3, background: { r: 20, g: 80, b } } })
        .png()
        .toBuffer(),
    ),
  )) as [Buffer, Buffer];
});

test('a picture chosen above a text, one pasted into it and one dropped on it are sent and stand in it, and the text is saved', async () => {
  const address = await beginDraft(desk.dossier, 'pictured');
  await desk.atDesk({}, async (page, faults) => {
    await page.goto(address);
    const body = page.locator('[name="body.en"]');
    const chosen = page.waitForEvent('filechooser');
    await page.locator('.box:has([name="body.en"]) .mark-picture').click();
    await (await chosen).setFiles({ name: 'Trade routes.png', mimeType: 'image/png', buffer: picture });
    await until(body, /!\[\]\(trade-routes\.png\)/);
    // What it shows is what is typed next.
    await page.keyboard.type('Two routes');
    await until(body, /!\[Two routes\]\(trade-routes\.png\)/);
    const note = page.locator('[name="evidence.a-tie.text.en"]');
    await bring(note, 'paste', picture, 'pasted.png');
    await until(note, /!\[\]\(trade-routes\.png\)/);
    const dropped = page.locator('[name="body.es"]');
    await bring(dropped, 'drop', other, 'Dropped.png');
    await until(dropped, /!\[\]\(dropped\.png\)/);
    await page.locator('[data-state]', { hasText: /^Saved/ }).waitFor();
    await page.reload();
    expect(await body.inputValue()).toContain('![Two routes](trade-routes.png)');
    expect(faults).toEqual([]);
  });
});

test.each([
  ['light', 320],
  ['dark', 1280],
] as const)('the section of pictures by its forms alone, in %s at %i', async (colorScheme, width) => {
  const address = await beginDraft(desk.dossier, `section-${colorScheme}`);
  await desk.atDesk({ colorScheme, viewport: { width, height: 900 } }, async (page) => {
    await page.context().route('**/*.js', (route) => route.abort());
    await page.goto(`${address}/pictures`);
    await page.getByRole('button', { name: 'Add the picture' }).click();
    expect(await page.locator('#picture-error').innerText()).toBe('Choose a picture.');
    await page
      .getByLabel('Picture', { exact: true })
      .setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: picture });
    await page.getByRole('button', { name: 'Add the picture' }).press('Enter');
    await page.waitForURL(/done=pictured/);
    expect((await violationsOn(page)).map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(
      await page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
    ).toBe(true);
    await page.getByRole('button', { name: 'Remove map.png' }).click();
    await page.waitForURL(/done=unpictured/);
    await page.getByText('There are no pictures yet.').waitFor();
  });
});

const WORD =
  '<html><head><style>p {}</style></head><body><p style="color: red">From <b>Word</b></p>\n<p>&amp; Excel</p></body></html>';

test('a picture that comes along with a text is not taken: the text is what was copied', async () => {
  const address = await beginDraft(desk.dossier, 'from-word');
  await desk.atDesk({}, async (page, faults) => {
    await page.goto(address);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/pictures')) sent.push(request.url());
    });
    const body = page.locator('[name="body.en"]');
    const textOf = async (how: 'paste' | 'drop', texts: Readonly<Record<string, string>>) => {
      await body.fill('');
      await bring(body, how, picture, 'image.png', texts);
      return body.inputValue();
    };
    // The browser itself puts the plain text in, which it does only for a person.
    expect(await textOf('paste', { 'text/plain': 'From Word', 'text/html': WORD })).toBe('');
    expect(await textOf('paste', { 'text/html': WORD })).toBe('From Word\n& Excel');
    expect(await textOf('drop', { 'text/plain': 'a\tb\r\nc', 'text/html': '<table></table>' })).toBe('a\tb\nc');
    expect(sent).toEqual([]);
    // What a browser copies of a picture is a page that holds nothing but it.
    await bring(body, 'paste', picture, 'Copied.png', {
      'text/html': '<img src="https://example.org/x.png" alt="A map">',
    });
    await until(body, /!\[\]\(copied\.png\)/);
    expect(faults).toEqual([]);
  });
});

/** Pastes a file into a field, or drops it there: Chromium lets no script do either but by telling the page of it. */
async function bring(
  field: ReturnType<Page['locator']>,
  how: 'paste' | 'drop',
  bytes: Buffer,
  name: string,
  texts: Readonly<Record<string, string>> = {},
): Promise<void> {
  await field.evaluate(
    (area, [kind, sent, called, beside]) => {
      type Made<It> = new (type: string, init: object) => It;
      interface Transfer {
        readonly items: { add(file: File): void };
        setData(type: string, text: string): void;
      }
      const { DataTransfer, ClipboardEvent, DragEvent } = globalThis as unknown as {
        DataTransfer: new () => Transfer;
        ClipboardEvent: Made<Event>;
        DragEvent: Made<Event>;
      };
      const data = new DataTransfer();
      for (const [type, text] of Object.entries(beside)) data.setData(type, text);
      data.items.add(new File([Uint8Array.from(sent)], called, { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true };
      (area as unknown as EventTarget).dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data }),
      );
    },
    [how, [...bytes], name, texts] as const,
  );
}

/** Waits until a field says this. */
async function until(field: ReturnType<Page['locator']>, text: RegExp): Promise<void> {
  const handle = await field.elementHandle();
  const says = ([area, source]: readonly [unknown, string]) =>
    new RegExp(source).test((area as { value: string }).value);
  await field.page().waitForFunction(says, [handle, text.source] as const);
}
