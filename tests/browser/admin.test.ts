import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { faultsOn } from '../support/browser/axe';
import { openBrowser } from '../support/browser/browser';
import { startDossier, type Dossier } from '../support/dossier';
import { once, SCRIPTS } from '../support/long';
import { entriesOf, somebody, type Somebody } from '../admin/support';

jest.setTimeout(180_000);

let browser: Browser;
let dossier: Dossier;
let admin: Somebody;
beforeAll(async () => {
  [browser, dossier] = await Promise.all([openBrowser(), startDossier()]);
  admin = await somebody(dossier, 'admin', { name: 'Ada Admin' });
});
afterAll(() => Promise.all([browser?.close(), dossier?.stop()]));

async function inContext<T>(options: BrowserContextOptions, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const [name, value] = admin.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: dossier.url }]);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** From the list to the member, and from there to the page that asks. */
async function find(page: Page, member: Somebody): Promise<void> {
  await page.goto(`${dossier.url}/account`);
  await page.getByRole('link', { name: 'Admin', exact: true }).click();
  await page.getByRole('link', { name: 'Members', exact: true }).click();
  await page.getByLabel('Name, address or Stripe id').fill(member.email);
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('row').getByRole('link').first().click();
  await page.waitForURL(`**/admin/members/${member.id}`);
}

const mean = async (page: Page, button: string, reason: string | null = 'they asked for it') => {
  if (reason !== null) await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: button }).click();
};

describe.each([true, false])('with JavaScript: %s', (javaScriptEnabled) => {
  once('a tier is given, extended and withdrawn', async () => {
    const member = await somebody(dossier);
    await inContext({ javaScriptEnabled }, async (page) => {
      await find(page, member);
      await page.getByRole('link', { name: 'Give a tier' }).click();
      await page.getByLabel('Tier').selectOption('Leadership Alliance');
      await page.getByLabel('Last day').fill('2030-03-31');
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await page.locator('.points').innerText()).toContain('up to and including Mar 31, 2030');
      await mean(page, 'Give it', '');
      expect(await page.locator('#reason-error').innerText()).toContain('Please write why');
      await mean(page, 'Give it');
      expect(await page.getByRole('status').innerText()).toBe('The tier was given.');
      expect(await page.locator('.standing').innerText()).toContain('until Mar 31, 2030');
      await page.getByRole('link', { name: /^Extend/ }).click();
      await page.getByLabel('Last day').fill('2031-03-31');
      await page.getByRole('button', { name: 'Continue' }).click();
      await mean(page, 'Extend it');
      expect(await page.locator('.standing').innerText()).toContain('until Mar 31, 2031');
      await page.getByRole('link', { name: /^Withdraw Leadership Alliance/ }).click();
      await mean(page, 'Withdraw it');
      expect(await page.getByRole('status').innerText()).toBe('The grant was withdrawn.');
      expect(await page.locator('.standing').innerText()).toContain('Strategy Circle');
    });
    expect((await entriesOf(dossier, member)).map(({ action }) => action)).toEqual(['comp', 'extend', 'revoke']);
  });

  if (SCRIPTS.includes(javaScriptEnabled))
    test('letters, sessions, suspension, role, deletion', async () => {
      const member = await somebody(dossier, 'reader', { verified: false });
      await inContext({ javaScriptEnabled }, async (page) => {
        await find(page, member);
        const done = () => page.getByRole('status').innerText();
        for (const [link, button, reason, words] of [
          ['Send a password letter', 'Send it', null, 'The letter for a new password is on its way.'],
          ['Send the confirmation again', 'Send it', null, 'The confirmation letter is on its way.'],
          ['End all sessions', 'End them', null, 'Every session was ended.'],
          ['Suspend', 'Suspend it', 'a stranger uses it', 'The account is suspended.'],
          ['Open again', 'Open it', 'it was their cousin', 'The account is open again.'],
        ] as const) {
          await page.getByRole('link', { name: link, exact: true }).click();
          await mean(page, button, reason);
          expect(await done()).toBe(words);
        }
        // Nobody is appointed whose address is not confirmed.
        await dossier.wall.write(accountsViewer, (db) =>
          db.account.update({ where: { id: member.id }, data: { verifiedAt: dossier.clock.now() } }),
        );
        await page.getByRole('link', { name: 'Change the role' }).click();
        await page.getByLabel('Role').selectOption('Editor');
        await page.getByRole('button', { name: 'Continue' }).click();
        await mean(page, 'Change it');
        expect(await done()).toBe('The role was changed.');
        await page.getByRole('link', { name: 'Delete', exact: true }).click();
        await page.getByRole('link', { name: 'Leave it as it is' }).click();
        await page.getByRole('link', { name: 'Delete', exact: true }).click();
        await mean(page, 'Delete it');
        expect(await done()).toBe('The account was deleted.');
        await page.getByRole('link', { name: 'Audit log' }).click();
        await page.getByLabel('To whom').fill(member.email);
        await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Show' }).click()]);
        const actions = await page.locator('tbody th .dense-name').allInnerTexts();
        expect(actions.filter((action) => action !== 'Looked at a member')).toEqual([
          'Deleted the account',
          'Changed the role',
          'Opened again',
          'Suspended',
          'Ended all sessions',
          'Sent the confirmation again',
          'Sent a password letter',
        ]);
      });
    });
});

once('a tier is given with the keyboard alone', async () => {
  const member = await somebody(dossier, 'reader', { name: 'Kim Keyboard' });
  await inContext({}, async (page) => {
    const to = async (label: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate<string>(
          '(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? "").trim()',
        );
        if (here.split('\n')[0] === label) return;
      }
      throw new Error(`the keyboard does not reach ${label}`);
    };
    await page.goto(`${dossier.url}/admin/members`);
    await to('Name, address or Stripe id');
    await page.keyboard.type('kim keyb');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/members?q=kim+keyb**');
    await to('Kim Keyboard');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/admin/members/${member.id}`);
    await to('Give a tier');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/comp');
    await to('Tier');
    await page.keyboard.press('ArrowDown');
    await to('Continue');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/comp?**');
    await to('Reason');
    await page.keyboard.type('typed, never clicked');
    await to('Give it');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?done=comp');
  });
  expect(await entriesOf(dossier, member)).toMatchObject([
    { action: 'comp', reason: 'typed, never clicked', after: { grant: 'leadership-alliance' } },
  ]);
});

once('the members are taken along as a table', async () => {
  await inContext({ acceptDownloads: true }, async (page) => {
    await page.goto(`${dossier.url}/admin/members`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^members-\d{4}-\d\d-\d\d\.csv$/);
  });
});

once('no page of these sections has anything axe objects to, or is wider than its window', async () => {
  const member = await somebody(dossier, 'reader', { name: 'Maximiliana Featherstonehaugh-Cholmondeley' });
  await dossier.wall.write(accountsViewer, async (db) => {
    const now = Date.now();
    const ago = (days: number) => new Date(now - days * 86_400_000);
    const grant = await db.grant.create({
      data: {
        accountId: member.id,
        tierSlug: 'leadership-alliance',
        source: 'COMP',
        from: ago(40),
        until: ago(-40),
        reason: 'a speaker at the autumn round table',
      },
    });
    await db.grant.create({
      data: { accountId: member.id, tierSlug: 'leadership-alliance', source: 'TRIAL', from: ago(90), until: ago(60) },
    });
    await db.letter.create({
      data: {
        accountId: member.id,
        key: grant.id,
        kind: 'verify-email',
        lang: 'en',
        recipient: member.email,
        data: {},
        createdAt: ago(80),
        sentAt: ago(80),
      },
    });
    await db.customer.create({
      data: {
        accountId: member.id,
        stripeId: 'cus_shown',
        invoices: {
          create: {
            stripeId: 'in_shown',
            number: 'DOSSIER-0001',
            status: 'paid',
            currency: 'eur',
            dueCents: 4900,
            paidCents: 4900,
            createdAt: ago(60),
            paidAt: ago(60),
          },
        },
        subscriptions: {
          create: {
            stripeId: 'sub_shown',
            status: 'active',
            tierSlug: 'leadership-alliance',
            interval: 'month',
            currency: 'eur',
            amountCents: 4900,
            startedAt: ago(60),
            accessUntil: ago(-9),
            accessReason: 'active',
            syncedAt: ago(0),
          },
        },
      },
    });
  });
  const { grants } = await dossier.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: member.id }, select: { grants: { where: { source: 'COMP' } } } }),
  );
  const at = `/admin/members/${member.id}`;
  const paths = [
    '/admin/members',
    '/es/admin/members?tier=leadership-alliance',
    '/admin/members?q=nobody&from=x',
    `${at}?done=comp`,
    `/es${at}`,
    `${at}/comp`,
    `${at}/comp?tier=leadership-alliance&until=x`,
    `${at}/comp?tier=leadership-alliance&until=2030-01-31`,
    `${at}/revoke?grant=${grants[0]!.id}`,
    `/es${at}/delete`,
    `${at}/unsuspend`,
    '/admin/audit',
    '/es/admin/audit?action=comp',
  ];
  const found: string[] = [];
  await inContext({}, async (page) => {
    for (const path of paths) {
      await page.goto(`${dossier.url}${path}`);
      found.push(...(await faultsOn(page)).map((fault) => `${path}: ${fault}`));
    }
  });
  expect(found).toEqual([]);
});
