import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../lib/refusal';
import { readIfThere, writePrivate } from './private-file';

const Secrets = z.object({
  /** Ties the cluster to this data folder, wherever the cluster stands. */
  id: z.string().min(1),
  superuser: z.string().min(1),
  owner: z.string().min(1),
  app: z.string().min(1),
});

/** The embedded Postgres's passwords, one per role, and its name. */
export type Secrets = z.infer<typeof Secrets>;

/**
 * Reads the data folder's secrets, and invents them the first time. @throws Refusal when the file is not what was
 * written.
 */
export function keepSecrets(dataDir: string): Secrets {
  const known = readSecrets(dataDir);
  if (known) return known;
  const invented: Secrets = { id: secret(12), superuser: secret(24), owner: secret(24), app: secret(24) };
  writePrivate(fileIn(dataDir), `${JSON.stringify(invented, null, 2)}\n`);
  return invented;
}

/** The data folder's secrets, or undefined when none were invented yet. @throws Refusal as above. */
export function readSecrets(dataDir: string): Secrets | undefined {
  const text = readIfThere(fileIn(dataDir));
  if (text === undefined) return undefined;
  try {
    return Secrets.parse(JSON.parse(text));
  } catch {
    throw new Refusal(
      `${fileIn(dataDir)} is damaged, and without it the data beside it cannot be opened. Put the file back ` +
        'from a copy, or move it away to begin with an empty database.',
    );
  }
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'secrets.json');

// base64url: needs no quoting in a URL, in SQL or in a shell.
const secret = (bytes: number): string => randomBytes(bytes).toString('base64url');
