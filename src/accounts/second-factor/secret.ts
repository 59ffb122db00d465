import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';

/** Seals what must be read again, so that whoever reads the database cannot use it (docs/decisions/0009). */
export interface SecretSealer {
  /** The secret as a row keeps it, for this account's row alone. */
  seal(secret: string, accountId: string): string;
  /** The secret a row keeps, or null when none of our keys opens it there. What was never sealed is read as it is. */
  open(stored: string, accountId: string): string | null;
  /** How everything begins that is sealed with the newest key. Whatever does not is to be sealed anew. */
  readonly newest: string;
}

/** AES-256-GCM, with nonce and tag of the lengths it is made for (NIST SP 800-38D, 5.2.1). */
const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** `sealed.`, the name of the key, and nonce, tag and text in base64url. */
const FORM = /^sealed\.([\w-]{8})\.([\w-]+)$/;

/**
 * Keys for second factors, from the secrets that sign cookies; the first seals, all open.
 * @throws where there is no secret.
 */
export function openSecretSealer(sessionSecrets: readonly string[]): SecretSealer {
  const keys = sessionSecrets.map((secret) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'dossier second factor', 32));
    return { key, name: createHash('sha256').update(key).digest('base64url').slice(0, 8) };
  });
  const [newest] = keys;
  if (!newest) throw new Error('there is no secret to seal with');
  return {
    newest: `sealed.${newest.name}.`,
    seal: (secret, accountId) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, newest.key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(accountId));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `sealed.${newest.name}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open: (stored, accountId) => {
      const [, name, sealed] = FORM.exec(stored) ?? [];
      if (name === undefined || sealed === undefined) return stored.startsWith('sealed.') ? null : stored;
      const bytes = Buffer.from(sealed, 'base64url');
      const key = keys.find((one) => one.name === name)?.key;
      if (!key || bytes.length <= NONCE + TAG) return null;
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
          .setAAD(Buffer.from(accountId))
          .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch {
        // Changed, or moved here from another row.
        return null;
      }
    },
  };
}

/** Rows sealed anew in one transaction. */
const AT_ONCE = 200;

/**
 * Seals every second factor with the newest key, so that an old one can be given up. The number of those that no key
 * opens any more: their owners have their recovery codes.
 */
export async function resealSecrets(wall: Wall, secrets: SecretSealer): Promise<number> {
  let lost = 0;
  for (let last: string | null = null, more = true; more;) {
    const rows: { id: string; totpSecret: string | null }[] = await wall.write(accountsViewer, async (db) => {
      const found = await db.account.findMany({
        where: {
          totpSecret: { not: null },
          NOT: { totpSecret: { startsWith: secrets.newest } },
          ...(last === null ? {} : { id: { gt: last } }),
        },
        select: { id: true, totpSecret: true },
        orderBy: { id: 'asc' },
        take: AT_ONCE,
      });
      for (const { id, totpSecret } of found) {
        const secret = secrets.open(totpSecret!, id);
        if (secret === null) lost++;
        else await db.account.updateMany({ where: { id, totpSecret }, data: { totpSecret: secrets.seal(secret, id) } });
      }
      return found;
    });
    last = rows.at(-1)?.id ?? null;
    more = rows.length === AT_ONCE;
  }
  return lost;
}
