import path from 'node:path';
import { hashPassword } from '../accounts/credentials/passwords';
import { newToken } from '../accounts/credentials/link-tokens';
import type { AccountRole, GrantSource } from '../access/account-access';
import { accountsViewer } from '../access/viewer';
import { readIfThere, writePrivate } from '../stores/postgres/embedded/private-file';
import type { Wall } from '../stores/postgres/wall';

interface Demonstrator {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly grant: { readonly tierSlug: string; readonly source: GrantSource } | null;
}

/** One of each kind of reader, at addresses that belong to nobody (RFC 2606). */
const DEMONSTRATORS: readonly Demonstrator[] = [
  {
    email: 'circle@dossier.example',
    name: 'Clara of the Circle',
    role: 'reader',
    grant: { tierSlug: 'strategy-circle', source: 'JOINED' },
  },
  {
    email: 'alliance@dossier.example',
    name: 'Amal of the Alliance',
    role: 'reader',
    grant: { tierSlug: 'leadership-alliance', source: 'COMP' },
  },
  { email: 'editor@dossier.example', name: 'Edith the Editor', role: 'editor', grant: null },
  { email: 'admin@dossier.example', name: 'Adrián the Admin', role: 'admin', grant: null },
];

/**
 * For development alone: makes the demo accounts beside freshly loaded samples, and says as whom one can log in. Their
 * one password is invented here and kept in the data folder, so no installation has a default one (ASVS 6.3.2).
 */
export async function introduceDemo(wall: Wall, dataDir: string, fresh: boolean, now: Date): Promise<string[]> {
  const file = path.join(dataDir, 'demo-password');
  if (fresh) {
    const password = newToken().slice(0, 16);
    const passwordHash = await hashPassword(password);
    await wall.write(accountsViewer, async (db) => {
      for (const { email, name, role, grant } of DEMONSTRATORS) {
        await db.account.upsert({
          where: { email },
          update: { passwordHash },
          create: {
            email,
            name,
            role,
            lang: 'en',
            passwordHash,
            verifiedAt: now,
            ...(grant ? { grants: { create: { ...grant, from: now, reason: 'demo' } } } : {}),
          },
        });
      }
    });
    writePrivate(file, `${password}\n`);
  }
  const password = readIfThere(file)?.trim();
  // The data folder may have met another database before.
  const there = await wall.read(accountsViewer, (db) =>
    db.account.count({ where: { email: { in: DEMONSTRATORS.map(({ email }) => email) } } }),
  );
  return password && there === DEMONSTRATORS.length
    ? [
        `Log in as ${DEMONSTRATORS.map(({ email }) => email).join(', ')}`,
        `with the password ${password} (the editor and the admin then set up a second factor)`,
      ]
    : [];
}
