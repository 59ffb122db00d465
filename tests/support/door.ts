import { randomBytes, randomInt } from 'node:crypto';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { accountsViewer } from '../../src/access/viewer';
import type { Dossier } from './dossier';
import { visit, type Page } from './page';

/** Good enough for every rule. */
export const PASSWORD = 'a quiet harbour at four';

/** An address nobody else in the suite has knocked from. A Dossier started with `trustProxy: 1` believes it. */
export const anyIp = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

export const anyEmail = (): string => `reader-${randomBytes(5).toString('hex')}@example.org`;

export interface Knocking {
  readonly ip?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a form as a browser on our own page does. */
export function send(
  dossier: Dossier,
  path: string,
  fields: Readonly<Record<string, string>> | string,
  { ip, cookie, headers }: Knocking = {},
): Promise<Page> {
  return visit(`${dossier.url}${path}`, {
    method: 'POST',
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: dossier.url,
      // Whom nobody would believe need not say it: a Dossier without a proxy complains of it.
      ...(ip === undefined && dossier.trustProxy === 0 ? {} : { 'X-Forwarded-For': ip ?? anyIp() }),
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...headers,
    },
  });
}

/** The cookies an answer sets, as the next request sends them. */
export function cookiesOf({ headers }: Page): string {
  return headers
    .getSetCookie()
    .map((one) => one.split(';')[0]!)
    .filter((one) => !one.endsWith('='))
    .join('; ');
}

/** An account with `PASSWORD`, made through the stores. */
export async function anAccount(
  dossier: Dossier,
  more: Partial<{
    email: string;
    state: 'active' | 'suspended';
    passwordHash: string | null;
    totpConfirmedAt: Date;
    verifiedAt: Date;
  }> = {},
): Promise<{ id: string; email: string }> {
  const passwordHash = more.passwordHash === undefined ? await hashPassword(PASSWORD) : more.passwordHash;
  return dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: {
        email: anyEmail(),
        name: 'A reader',
        lang: 'en',
        ...more,
        passwordHash,
        grants: { create: { tierSlug: 'strategy-circle', source: 'JOINED', from: new Date(0) } },
      },
      select: { id: true, email: true },
    }),
  );
}
