import { hash, verify } from '@node-rs/argon2';
import { availableParallelism } from 'node:os';
import { Failure } from '../../lib/failure';

/**
 * argon2id, the package's default, at OWASP's cost (Password Storage Cheat Sheet; ASVS 11.4.2): 19 MiB, two passes, one
 * lane.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** No password gives this hash; checking one against it takes as long as against any other. */
const DUMMY_HASH = [
  '$argon2id$v=19',
  `$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}`,
  '$wgBqXEPn9JXpEVXQvJmTmw$9Cx3m0wzu1R6Qp8WlKoPCJcGJ8fTmTyS0H6mZ1sWQkE',
].join('');

/** Hashes made at a time: they share Node's four threads with files and compression, which must not wait for them. */
const MAX_CONCURRENT = Math.max(1, Math.min(3, availableParallelism()));

/** Hashes that may wait their turn, about two seconds' worth; more is a flood, and is sent away. */
const MAX_QUEUED = 200;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * The one form of a password, whatever keyboard it was typed on: canonically composed, every space the plain one (RFC
 * 8265, 4.2.2, profile OpaqueString). Nothing is folded or cut off; NFKC would make different passwords one.
 */
export const normalizePassword = (password: string): string => password.replace(/\p{Zs}/gu, ' ').normalize('NFC');

/** The hash under which a password is kept. @throws Failure 503 when too many are waiting. */
export function hashPassword(password: string): Promise<string> {
  return withHashSlot(() => hash(normalizePassword(password), COST));
}

/** `outdated`: right, but the hash is of another form than `normalizePassword` gives, as hashes used to be. */
export type PasswordCheck = 'right' | 'outdated' | 'wrong';

/**
 * Is this the password of that hash? Hashes older than the one form are of what a keyboard sent: composed on most,
 * decomposed on some. Without a hash the answer is wrong, after the same work (ASVS 6.3.8).
 * @throws Failure 503 when too many are waiting.
 */
export function checkPassword(password: string, hash: string | null): Promise<PasswordCheck> {
  const normalized = normalizePassword(password);
  const older = new Set([password, password.normalize('NFC'), password.normalize('NFD')]);
  older.delete(normalized);
  return withHashSlot(async () => {
    const matches = async (form: string): Promise<boolean> => (await verify(hash ?? DUMMY_HASH, form)) && hash !== null;
    if (await matches(normalized)) return 'right';
    for (const form of older) {
      if (await matches(form)) return 'outdated';
    }
    return 'wrong';
  });
}

/** Is this the password of that hash, in its form or an older one? @throws Failure 503 when too many are waiting. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  return (await checkPassword(password, hash)) !== 'wrong';
}

async function withHashSlot<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_CONCURRENT) {
    if (waiting.length >= MAX_QUEUED) throw new Failure(503, 'too many passwords wait to be checked');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    return await work();
  } finally {
    // The turn is handed on; only when nobody waits is it given back.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
