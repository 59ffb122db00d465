import { existsSync, rmSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { secretsOf } from '../backup/fingerprints';
import { takeBackup } from '../backup/take';
import { command, exitWhenUnavailable, type CommandContext } from '../command';
import { systemClock } from '../lib/clock';
import { Refusal } from '../lib/refusal';
import { MissingPictureError } from '../briefings/pictures/stored-picture';
import { openBucket } from '../stores/bucket';
import { BucketUnavailableError } from '../stores/bucket-unavailable';
import { readSessionSecret } from '../stores/session-secret';
import type { Wall } from '../stores/postgres/wall';

const USAGE = "npm run backup -- <folder>   writes the database and the bucket's pictures into a folder of that name";

command(process.env, process.argv.slice(2), async (work) => {
  const [folder, ...rest] = work.args;
  if (folder === undefined || rest.length > 0) throw new Refusal(USAGE);
  await exitWhenUnavailable(work, 'The database does not answer. Nothing was backed up.', (wall) =>
    backUp(work, wall, path.resolve(folder)),
  );
});

async function backUp(work: CommandContext, wall: Wall, folder: string): Promise<void> {
  const { config, database, opened, ending } = work;
  const { ownerUrl } = database;
  if (ownerUrl === null)
    throw new Refusal(
      "A backup is taken as the owner's role, whom no policy keeps from a row: set DATABASE_OWNER_URL.",
    );
  if (existsSync(folder)) throw new Refusal(`${folder} is there already. Name another folder.`);
  const part = `${folder}.part`;
  // Whatever ends the command, half a backup is none.
  opened('the backup', () => rmSync(part, { recursive: true, force: true }));
  const bucket = config.bucket && openBucket(config.bucket);
  opened('the bucket', () => bucket?.close());
  await mkdir(part, { recursive: true, mode: 0o700 });
  const secrets = secretsOf(config, readSessionSecret(config.dataDir));
  const { pictures } = await takeBackup(
    { wall, bucket, ownerUrl, secrets, env: process.env, ending },
    part,
    systemClock.now(),
  ).catch(sayAway);
  await rename(part, folder);
  process.stdout.write(
    `${folder}: the database${pictures > 0 ? `, and ${pictures} pictures of the bucket` : ''}. ` +
      'Keep it elsewhere, and the secrets apart from it: they are not in it.\n',
  );
}

/** A bucket that has not what it was given, or does not answer, is something the operator can see to. */
function sayAway(error: unknown): never {
  if (error instanceof BucketUnavailableError || error instanceof MissingPictureError)
    throw new Refusal(`${error.message}. Nothing was backed up.`);
  throw error;
}
