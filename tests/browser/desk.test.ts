import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { openSecretSealer } from '../../src/accounts/second-factor/secret';
import { listRestorePoints } from '../../src/briefings/writing/restore-points';
import { findEditable, addRestorePointOf } from '../../src/briefings/writing/working-copies';
import { faultsOn } from '../support/browser/axe';
import { original, SPANISH } from '../support/briefing';
import { openBrowser } from '../support/browser/browser';
import { enter, logIn, type Member } from '../support/cast';
import { idOf } from '../support/desk';
import { PASSWORD } from '../support/door';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let editor: Member;
let alliance: Member;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
  [editor, alliance] = [await enter(dossier, 'editor'), await enter(dossier, 'alliance')];
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function atDesk<T>(
  options: BrowserContextOptions,
  work: (page: Page, errors: string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const [name, value] = (await logIn(dossier, editor.id!)).split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    return await work(page, errors);
  } finally {
    await context.close();
  }
}

const box = (page: Page, name: string) => page.locator(`form[data-desk] [name="${name}"]`);
const state = (page: Page) => page.locator('[data-state]');

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  test('a briefing is written from nothing to published, in both languages, without a file', async () => {
    const title = javaScriptEnabled ? 'Chips move north' : 'Chips move south';
    const slug = title.toLowerCase().replaceAll(' ', '-');
    await atDesk({ javaScriptEnabled }, async (page, errors) => {
      const save = () =>
        javaScriptEnabled
          ? page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.status() === 200)
          : page.waitForURL(/done=saved|add=/);
      const press = async (name: string) => {
        const saved = save();
        await page.getByRole('button', { name, exact: true }).click();
        await saved;
      };
      await page.goto(`${dossier.url}/desk`);
      await page.getByLabel('Title', { exact: true }).fill(title);
      await page.getByRole('button', { name: 'Begin writing' }).click();
      await page.waitForURL(/\/desk\/briefings\//);
      await box(page, 'summary.en').fill('A plant is planned.');
      await box(page, 'title.es').fill('Los chips se mueven');
      await box(page, 'summary.es').fill('Se planea una planta.');
      await box(page, 'body.en').fill('Open to **all**.');
      await box(page, 'body.es').fill('Abierto a **todos**.');
      for (const [name, value] of Object.entries({
        impact: 'high',
        type: 'trend',
        domain: 'economy',
        relevance: 'low',
      }))
        await box(page, name).selectOption(value);
      await box(page, 'horizon').selectOption('near');
      await box(page, 'confidence').fill('0.62');
      for (const [button, fields] of [
        [
          'Add a source',
          {
            url: 'https://example.org/plant',
            risk: 'low',
            'title.en': 'The announcement',
            'title.es': 'El anuncio',
            'note.en': 'GATED on the source',
            'note.es': 'GATED sobre la fuente',
          },
        ],
        [
          'Add an organization',
          { name: 'Northern Chips', 'note.en': 'GATED on the organization', 'note.es': 'GATED sobre la organización' },
        ],
        ['Add: Trend context', { 'text.en': 'GATED trend', 'text.es': 'GATED tendencia' }],
        ['Add: Evidence', { 'text.en': 'GATED evidence', 'text.es': 'GATED evidencia' }],
      ] as const) {
        if (javaScriptEnabled) await page.getByRole('button', { name: button }).click();
        else await press(button);
        const row = page
          .locator('section', { has: page.getByRole('button', { name: button }) })
          .locator('[data-row]')
          .last();
        for (const [part, value] of Object.entries(fields)) {
          const field = row.locator(`[name$=".${part}"]`);
          if (part === 'risk') await field.selectOption(value);
          else await field.fill(value);
        }
      }
      if (javaScriptEnabled) await until(async () => (await state(page).innerText()).startsWith('Saved.'));
      else await press('Save');
      expect((await visit(`${dossier.url}/briefings/${slug}`)).status).toBe(404);
      await page.getByRole('button', { name: 'Save and go to the checklist' }).click();
      await page.waitForURL(/\/publish$/);
      for (const ask of await page
        .locator('form', { has: page.getByRole('button', { name: 'Publish now' }) })
        .getByRole('checkbox')
        .all())
        await ask.check();
      await page.getByRole('button', { name: 'Publish now' }).click();
      await page.waitForURL(/done=published/);
      expect(errors).toEqual([]);
    });
    for (const [prefix, heading, words] of [
      ['', title, ['GATED trend', 'GATED evidence', 'GATED on the source', 'GATED on the organization']],
      [
        '/es',
        'Los chips se mueven',
        ['GATED tendencia', 'GATED evidencia', 'GATED sobre la fuente', 'GATED sobre la organización'],
      ],
    ] as const) {
      const open = await visit(`${dossier.url}${prefix}/briefings/${slug}`);
      expect([open.status, said(open, 'h1'), open.text.includes('GATED')]).toEqual([200, heading, false]);
      const all = await visit(`${dossier.url}${prefix}/briefings/${slug}`, { headers: alliance.headers });
      for (const one of words) expect(all.text).toContain(one);
    }
  });
});

describe('saving by itself', () => {
  const begun = async (slug: string) => {
    await dossier.take(slug, { 'en.md': original({ slug, state: 'draft', published: null }), 'es.md': SPANISH });
    return `${dossier.url}/desk/briefings/${await idOf(dossier, slug)}`;
  };

  test('loses nothing to a dropped connection, and says truly whether it has saved', async () => {
    const address = await begun('dropped');
    await atDesk({}, async (page) => {
      await page.goto(address);
      await page.context().setOffline(true);
      await box(page, 'trend.trend.text.en').fill('GATED typed on a train');
      await until(async () => (await state(page).innerText()).startsWith('Not saved: no connection'));
      await page.context().setOffline(false);
      await until(async () => (await state(page).innerText()).startsWith('Saved.'));
      await page.reload();
      expect(await box(page, 'trend.trend.text.en').inputValue()).toBe('GATED typed on a train');
      // Nothing of it lies in the browser.
      expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');
    });
  });

  test('goes on after a login that ended, once there is a new one in another tab', async () => {
    const address = await begun('ended');
    const secret = new Secret({ size: 20 }).base32;
    const passwordHash = await hashPassword(PASSWORD);
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({
        where: { id: editor.id! },
        data: { passwordHash, totpSecret: openSecretSealer([SESSION_SECRET]).seal(secret, editor.id!) },
        select: { id: true },
      }),
    );
    await atDesk({}, async (page) => {
      await page.goto(address);
      await dossier.wall.write(accountsViewer, (db) => db.login.deleteMany({ where: { accountId: editor.id! } }));
      await box(page, 'lead.es').fill('Escrito sin sesión');
      await until(async () => (await state(page).innerText()).startsWith('Not saved: you are logged out'));
      const opened = page.context().waitForEvent('page');
      await state(page).getByRole('link', { name: 'Log in' }).click();
      const other = await opened;
      await other.getByLabel('E-mail address').fill(editor.email!);
      await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await other.getByRole('button', { name: 'Log in', exact: true }).click();
      await other.locator('input[name=code]').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
      await other.locator('main form button').first().click();
      await other.waitForURL(/\/desk$/);
      await until(async () => (await state(page).innerText()).startsWith('Saved.'), 20_000);
      await page.reload();
      expect(await box(page, 'lead.es').inputValue()).toBe('Escrito sin sesión');
    });
  });

  test('keeps the last words of a tab that is closed at once', async () => {
    const address = await begun('closed');
    await atDesk({}, async (page) => {
      await page.goto(address);
      await box(page, 'evidence.a-tie.text.en').fill('GATED last words');
      const another = await page.context().newPage();
      await page.close();
      await until(async () => {
        await another.goto(address);
        return (await box(another, 'evidence.a-tie.text.en').inputValue()) === 'GATED last words';
      });
    });
  });

  test('keeps rows where the keyboard has put them', async () => {
    const address = await begun('moved');
    await atDesk({}, async (page) => {
      await page.goto(address);
      const order = () =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll('form[data-desk] [name^="sources."][name$=".url"]')].map((one) => one.name)`,
        );
      const saved = () => until(async () => (await state(page).innerText()).startsWith('Saved.'));
      expect(await order()).toEqual(['sources.first.url', 'sources.second.url']);
      const up = page.getByRole('button', { name: 'Move up: Source 2' });
      await up.focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe(
        'Move up: Source 2',
      );
      await saved();
      await page.reload();
      expect(await order()).toEqual(['sources.second.url', 'sources.first.url']);
      const field = box(page, 'sources.second.title.en');
      const remove = page.getByRole('button', { name: 'Remove: Source 1' });
      await remove.press('Enter');
      await saved();
      const headers = { Cookie: await logIn(dossier, editor.id!) };
      const kept = async () => (await visit(address, { headers })).text.includes('sources.second.url');
      expect([await field.count(), await kept()]).toEqual([0, false]);
      // The way back stands where the row stood and has the focus, also after it was saved without it.
      await page.keyboard.press('Enter');
      await until(kept);
      expect(await field.inputValue()).toBe('The second source');
      await remove.press('Enter');
      await saved();
      await page.reload();
      expect(await order()).toEqual(['sources.first.url']);
      // Opened again, it still has the way back; what was just typed goes along.
      await box(page, 'title.en').fill('Typed meanwhile');
      await page.getByRole('button', { name: 'Put back: Source 1: The second source' }).click();
      await page.waitForURL(/#group-sources$/);
      expect(await order()).toEqual(['sources.second.url', 'sources.first.url']);
      expect([await box(page, 'title.en').inputValue(), await field.inputValue()]).toEqual([
        'Typed meanwhile',
        'The second source',
      ]);
    });
  });

  test('stops where somebody else has saved, and shows both texts', async () => {
    const address = await begun('two');
    await atDesk({}, (one) =>
      atDesk({}, async (other) => {
        await Promise.all([one.goto(address), other.goto(address)]);
        await box(one, 'title.en').fill('From the first');
        await until(async () => (await state(one).innerText()).startsWith('Saved.'));
        await box(other, 'title.en').fill('From the second');
        await until(async () => (await state(other).innerText()).startsWith('Not saved. You changed'));
        await other.getByRole('button', { name: 'Compare both texts' }).click();
        expect(await other.locator('.conflict > div').first().innerText()).toMatch(/From the first[^]*From the second/);
        await other.getByRole('button', { name: 'Save mine over it' }).click();
        await other.waitForURL(/done=saved/);
        expect(await box(other, 'title.en').inputValue()).toBe('From the second');
      }),
    );
  });

  test('takes over what somebody else has changed meanwhile, and goes on', async () => {
    const address = await begun('merged');
    await atDesk({}, (one) =>
      atDesk({}, async (other) => {
        await Promise.all([one.goto(address), other.goto(address)]);
        const saved = (page: Page) => until(async () => (await state(page).innerText()).startsWith('Saved.'));
        await box(one, 'title.en').fill('From the first');
        await saved(one);
        await box(other, 'lead.en').fill('From the second');
        await saved(other);
        expect(await box(other, 'title.en').inputValue()).toBe('From the first');
        await box(other, 'title.en').fill('From both');
        await until(async () => {
          const headers = { Cookie: await logIn(dossier, editor.id!) };
          const page = await visit(address, { headers });
          return page.html.querySelector('[name="title.en"]')!.getAttribute('value') === 'From both';
        });
      }),
    );
  });

  test('says what is wrong beside the field, and leaves the hint of the field where it was', async () => {
    const address = await begun('hinted');
    await atDesk({}, async (page) => {
      await page.goto(address);
      const confidence = box(page, 'confidence');
      const described = () => confidence.getAttribute('aria-describedby');
      expect(await described()).toBe('confidence-hint');
      await confidence.fill('7');
      await page.locator('#f-confidence-error').waitFor();
      expect(await described()).toBe('f-confidence-error confidence-hint');
      await confidence.fill('0.7');
      await page.locator('#f-confidence-error').waitFor({ state: 'detached' });
      expect(await described()).toBe('confidence-hint');
    });
  });

  test('asks before a page with unsaved words is left', async () => {
    const address = await begun('left');
    await atDesk({}, async (page) => {
      await page.goto(address);
      await page.context().setOffline(true);
      await box(page, 'title.en').pressSequentially('x');
      const asked = new Promise<string>((resolve) =>
        page.once('dialog', (dialog) => {
          resolve(dialog.type());
          void dialog.accept();
        }),
      );
      await page.close({ runBeforeUnload: true });
      expect(await asked).toBe('beforeunload');
    });
  });

  test('shows the preview beside the form, read anew after each save', async () => {
    const address = await begun('beside');
    await atDesk({}, async (page, errors) => {
      await page.goto(address);
      await page.getByRole('link', { name: 'Preview as Strategy Circle, English' }).click();
      const preview = page.frameLocator('iframe.desk-preview');
      await preview.locator('h1').waitFor();
      expect(await preview.locator('main').innerText()).toContain('GATED');
      await box(page, 'title.en').fill('Seen beside');
      await until(
        async () =>
          (await preview
            .locator('h1')
            .innerText()
            .catch(() => '')) === 'Seen beside',
      );
      expect(errors).toEqual([]);
    });
  });
});

test('no page of the desk has anything axe objects to, in either theme, or is wider than its window', async () => {
  await dossier.take('seen', {
    'en.md': original({ slug: 'seen', stricter: '\n    trend/trend: leadership-alliance' }),
    'es.md': SPANISH,
  });
  const id = await idOf(dossier, 'seen');
  const sections = [
    '/desk',
    '/es/desk?q=nothing',
    '/desk/calendar',
    '/es/desk/import',
    '/es/desk/confidence',
    `/desk/briefings/${id}`,
    `/es/desk/briefings/${id}?add=sources`,
    `/desk/briefings/${id}/publish`,
    `/es/desk/briefings/${id}/revisions`,
    `/desk/briefings/${id}/revisions/1`,
  ];
  const point = await dossier.wall.write(editorialViewer, async (db) => {
    await addRestorePointOf(db, (await findEditable(db, id))!, 'removal', { accountId: editor.id, now: new Date() });
    return (await listRestorePoints(db, id))[0]!.id;
  });
  sections.push(`/es/desk/briefings/${id}/points/${point}`);
  await atDesk({}, async (page) => {
    for (const section of sections) {
      await page.goto(`${dossier.url}${section}`);
      expect({ section, faults: await faultsOn(page, { tall: true }) }).toEqual({ section, faults: [] });
    }
  });
});
