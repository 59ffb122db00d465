import { openBrowser } from './support/browser';
import { startDossier } from './support/dossier';
import { anAccount, PASSWORD } from './support/door';
import { logIn } from './support/cast';
import { registrar } from '../src/access/viewer';
import { AxeBuilder } from '@axe-core/playwright';
import { hashOfToken } from '../src/accounts/link-tokens';
jest.setTimeout(300_000);
test('shots', async () => {
  const browser = await openBrowser();
  const dossier = await startDossier();
  const { id, email } = await anAccount(dossier, { email: 'margarethe.hollingworth@example.org' });
  const now = Date.now(); const D = 86400000;
  await dossier.wall.write(registrar, async (db) => {
    await db.account.update({ where: { id }, data: { name: 'Margarethe Hollingworth' } });
    await db.grant.createMany({ data: [
      { accountId: id, tierSlug: 'leadership-alliance', source: 'SUBSCRIPTION', from: new Date(now - 40 * D), until: new Date(now + 300 * D) },
      { accountId: id, tierSlug: 'leadership-alliance', source: 'TRIAL', from: new Date(now - 90 * D), until: new Date(now - 60 * D) },
      { accountId: id, tierSlug: 'leadership-alliance', source: 'SEAT', from: new Date(now - 90 * D), revokedAt: new Date(now - 80 * D) },
    ] });
    await db.apiToken.create({ data: { accountId: id, name: 'The reading room’s dashboard', hash: 'x', scopes: ['briefings:read'] } });
    await db.linkToken.create({ data: { hash: hashOfToken('B'.repeat(43)), accountId: id, purpose: 'reset_password', expiresAt: new Date(now + D) } });
    await db.linkToken.create({ data: { hash: hashOfToken('C'.repeat(43)), accountId: id, purpose: 'verify_email', expiresAt: new Date(now + D) } });
    await db.linkToken.create({ data: { hash: hashOfToken('D'.repeat(43)), accountId: id, purpose: 'change_email', email: 'new-address-of-mine@elsewhere.example', expiresAt: new Date(now + D) } });
    for (const kind of ['verify-email', 'reset-password', 'email-changed']) await db.letter.create({ data: { accountId: id, key: kind, kind, lang: 'en', recipient: email, data: { token: 'E'.repeat(43) } } });
  });
  await logIn(dossier, id); await logIn(dossier, id);
  await dossier.wall.write(registrar, (db) => db.login.updateMany({ where: { accountId: id }, data: { device: 'Firefox on Linux' } }));
  const cookie = await logIn(dossier, id);
  const [name, value] = cookie.split('=') as [string, string];
  const letter = await dossier.wall.read(registrar, (db) => db.letter.findFirstOrThrow());
  const pages = ['/account', '/account/profile?done=email-asked', '/account/security', '/account/tokens', '/account/data', '/reset', '/reset/sent', `/reset/choose?token=${'B'.repeat(43)}`, `/verify?token=${'D'.repeat(43)}`, '/verify?token=x', '/dev/mail', `/dev/mail/${letter.id}`];
  const bad: string[] = [];
  for (const [width, scheme, lang] of [[1280, 'light', ''], [360, 'dark', '/es'], [1280, 'dark', '/es'], [360, 'light', '']] as const) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    await context.addCookies([{ name, value, url: dossier.url }]);
    const page = await context.newPage();
    page.on('console', (m) => { if (m.type() === 'error' && !m.text().includes('410')) bad.push(m.text()); });
    for (const one of pages) {
      const answer = await page.goto(`${dossier.url}${lang}${one}`);
      const file = one.replace(/\W+/g, '-').slice(0, 24);
      await page.screenshot({ path: `/tmp/shots/${file}-${width}-${scheme}.png`, fullPage: true });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      for (const v of violations) bad.push(`${one} ${width} ${scheme} ${v.id} ${v.nodes.map((n) => n.html).join(' | ')}`);
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      if (wide || ![200, 410].includes(answer!.status())) bad.push(`${one} ${width} wide=${wide} ${answer!.status()}`);
    }
    await context.close();
  }
  void PASSWORD;
  await browser.close(); await dossier.stop();
  expect([bad, dossier.logged]).toEqual([[], []]);
});
