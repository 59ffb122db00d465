import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { violationsOn } from '../support/axe';
import { beginDraft } from '../support/desk';
import { openDesk } from '../support/desk-browser';

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
] as const)('the room of pictures by its forms alone, in %s at %i', async (colorScheme, width) => {
  const address = await beginDraft(desk.dossier, `room-${colorScheme}`);
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

/** Pastes a file into a field, or drops it there: Chromium lets no script do either but by telling the page of it. */
async function bring(
  field: ReturnType<Page['locator']>,
  how: 'paste' | 'drop',
  bytes: Buffer,
  name: string,
): Promise<void> {
  await field.evaluate(
    (area, [kind, sent, called]) => {
      type Made<It> = new (type: string, init: object) => It;
      const { DataTransfer, ClipboardEvent, DragEvent } = globalThis as unknown as {
        DataTransfer: new () => { items: { add(file: File): void } };
        ClipboardEvent: Made<Event>;
        DragEvent: Made<Event>;
      };
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(sent)], called, { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true };
      (area as unknown as EventTarget).dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data }),
      );
    },
    [how, [...bytes], name] as const,
  );
}

/** Waits until a field says this. */
async function until(field: ReturnType<Page['locator']>, text: RegExp): Promise<void> {
  const handle = await field.elementHandle();
  const says = ([area, source]: readonly [unknown, string]) =>
    new RegExp(source).test((area as { value: string }).value);
  await field.page().waitForFunction(says, [handle, text.source] as const);
}
