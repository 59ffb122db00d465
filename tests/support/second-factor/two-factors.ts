import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { accountsViewer } from '../../../src/access/viewer';
import { hashPassword } from '../../../src/accounts/credentials/passwords';
import { openSecretSealer } from '../../../src/accounts/second-factor/secret';
import type { Member } from '../cast';
import { PASSWORD } from '../door';
import { SESSION_SECRET, type Dossier } from '../dossier';

/**
 * Gives a member a password and an authenticator app; answers with a way through both doors on a page that shows the
 * first.
 */
export async function withTwoFactors({ wall }: Dossier, { id, email }: Member): Promise<(page: Page) => Promise<void>> {
  const secret = new Secret({ size: 20 }).base32;
  const passwordHash = await hashPassword(PASSWORD);
  await wall.write(accountsViewer, (db) =>
    db.account.update({
      where: { id: id! },
      data: { passwordHash, totpLastStep: null, totpSecret: openSecretSealer([SESSION_SECRET]).seal(secret, id!) },
      select: { id: true },
    }),
  );
  return async (page) => {
    await page.getByLabel('E-mail address').fill(email!);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.locator('input[name=code]').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
    await page.locator('main form button').first().click();
  };
}
