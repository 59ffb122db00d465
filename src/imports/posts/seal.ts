import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what posts say until they are brought in: no statement, dump or replica shows it (docs/decisions/0054). */
export interface PostSealer {
  seal(encrypted: string | Uint8Array, name: string): Uint8Array<ArrayBuffer>;
  /** What was sealed under that name; null when none of our keys opens it there. */
  open(sealed: Uint8Array, name: string): Buffer | null;
  /** Signs of a name from which it cannot be told: one by each of our keys, the newest first. */
  marks(name: string): readonly [string, ...string[]];
}

/** AES-256-GCM, with nonce and tag of the lengths it is made for (NIST SP 800-38D, 5.2.1). */
const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Keys from the secrets that sign cookies; the first seals, all open.
 * @throws where there is no secret.
 */
export function openPostSealer(sessionSecrets: readonly string[]): PostSealer {
  const derived = (use: string) => sessionSecrets.map((one) => Buffer.from(hkdfSync('sha256', one, '', use, 32)));
  const keys = derived('dossier posts brought in');
  const [newest] = keys;
  const [newestMark, ...olderMarks] = derived('dossier names of pictures brought in');
  if (!newest || !newestMark) throw new Error('there is no secret to seal with');
  return {
    seal: (encrypted, name) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, newest, nonce, { authTagLength: TAG }).setAAD(Buffer.from(name));
      const bytes = typeof encrypted === 'string' ? Buffer.from(encrypted) : encrypted;
      const closed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), closed]));
    },
    open: (sealed, name) => {
      for (const key of keys) {
        try {
          const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
            .setAAD(Buffer.from(name))
            .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
          return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
        } catch {
          // Another key's, or another row's.
        }
      }
      return null;
    },
    marks: (name) => [mark(newestMark, name), ...olderMarks.map((key) => mark(key, name))],
  };
}

const mark = (key: Buffer, name: string): string => createHmac('sha256', key).update(name).digest('hex');
