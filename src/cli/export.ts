import { createWriteStream, existsSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeArchive } from '../archive/make';
import { sayProgress } from '../archive/progress';
import { MissingPictureError } from '../briefings/pictures/stored-picture';
import { command, exitWhenUnavailable, type CommandContext } from '../command';
import { systemClock } from '../lib/clock';
import { Refusal } from '../lib/refusal';
import { openBucket } from '../stores/bucket';
import { BucketUnavailableError } from '../stores/bucket-unavailable';
import { writeAudit } from '../stores/postgres/audit';
import { BusyError } from '../stores/postgres/long-transaction';
import type { Wall } from '../stores/postgres/wall';
import { accountsViewer } from '../access/viewer';

const USAGE =
  'npm run export -- <file>   writes everything of the publication into one archive, such as publication.tar.gz';

command(process.env, process.argv.slice(2), async (work) => {
  const [file, ...rest] = work.args;
  if (file === undefined || rest.length > 0) throw new Refusal(USAGE);
  await exitWhenUnavailable(work, 'The database does not answer. Nothing was written; run the command again.', (wall) =>
    exportTo(work, wall, path.resolve(file)),
  );
});

async function exportTo(work: CommandContext, wall: Wall, file: string): Promise<void> {
  const { config, database, opened, ending } = work;
  if (existsSync(file)) throw new Refusal(`${file} is there already. Name another file.`);
  const bucket = config.bucket && openBucket(config.bucket);
  opened('the bucket', () => bucket?.close());
  const part = `${file}.part`;
  // Whatever ends the command, half an archive is none.
  opened('the archive', () => rmSync(part, { force: true }));
  const to = createWriteStream(part, { mode: 0o600 });
  ending.addEventListener('abort', () => to.destroy());
  const progress = sayProgress('taken out');
  const made = systemClock.now();
  try {
    await makeArchive({ wall, bucket, databaseUrl: database.url }, to, made, { progress: progress.say });
  } catch (error) {
    await rm(part, { force: true });
    throw plain(error);
  } finally {
    progress.end();
  }
  const actor = { id: null, name: 'command line' };
  await wall.write(accountsViewer, (db) =>
    writeAudit(db, { at: made, actor, action: 'archive-exported', target: null }),
  );
  await rename(part, file);
  process.stdout.write(`${file}: everything of the publication. Keep it as you keep the database.\n`);
}

/** What the operator can see to, as a sentence. */
function plain(error: unknown): unknown {
  if (error instanceof BusyError) return new Refusal('Another archive is being made. Wait for it, or end it.');
  if (error instanceof BucketUnavailableError || error instanceof MissingPictureError)
    return new Refusal(`${error.message}. Without its pictures an archive is none; nothing was written.`);
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EACCES' || code === 'ENOENT'
    ? new Refusal(`${message}. Nothing was written.`)
    : error;
}
