import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** What lies in the folder of a backup. */
export const DESCRIPTION = 'backup.json';
export const DUMP = 'database.dump';
export const PICTURES = 'pictures';

export const VERSION = 1;

export const descriptionSchema = z.object({
  format: z.literal('dossier-backup'),
  version: z.number(),
  /** When it was begun, in ISO 8601. */
  made: z.string(),
  /** The first part of the version of the server, and of the program that wrote the dump. */
  server: z.number(),
  program: z.number(),
  /** SHA-256 of the dump, in hexadecimal. */
  dump: z.string(),
  /** Pictures that lay in the bucket. */
  pictures: z.number(),
  salt: z.string(),
  secrets: z.record(z.string(), z.array(z.string())),
});
export type Description = z.infer<typeof descriptionSchema>;

/** SHA-256 of a file, in hexadecimal, however large it is. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
