import { hash, verify } from '@node-rs/argon2';
import { availableParallelism } from 'node:os';
import { Failure } from '../lib/failure';

/** argon2id, the package's default, at OWASP's cost (Password Storage Cheat Sheet; ASVS 11.4.2): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** No password gives this hash; checking one against it takes as long as against any other. */
const NOBODYS = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$wgBqXEPn9JXpEVXQvJmTmw$9Cx3m0wzu1R6Qp8WlKoPCJcGJ8fTmTyS0H6mZ1sWQkE`;

/** Hashes made at a time: they share Node's four threads with files and compression, which must not wait for them. */
const AT_ONCE = Math.max(1, Math.min(3, availableParallelism()));

/** Hashes that may wait their turn, about two seconds' worth; more is a flood, and is sent away. */
const MOST_WAITING = 200;

let running = 0;
const waiting: (() => void)[] = [];

/** The hash under which a password is kept. @throws Failure 503 when too many are waiting. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST));
}

/**
 * Is this the password of that hash? Without a hash the answer is no, after the same work (ASVS 6.3.8).
 * @throws Failure 503 when too many are waiting.
 */
export function isPassword(password: string, kept: string | null): Promise<boolean> {
  return inTurn(async () => (await verify(kept ?? NOBODYS, password)) && kept !== null);
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new Failure(503, 'too many passwords wait to be checked');
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
