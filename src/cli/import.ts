import path from 'node:path';
import { bringInArchive } from '../archive/bring-in';
import { migrationsFor } from '../archive/older';
import { sayProgress } from '../archive/progress';
import { command, exitWhenUnavailable, openStores, type CommandContext } from '../command';
import { receiveFile, SOURCES, type FileSource } from '../imports/from-file';
import { openPostSealer } from '../imports/posts/seal';
import { systemClock } from '../lib/clock';
import { Refusal } from '../lib/refusal';
import { prepareDataDir } from '../stores/postgres/embedded/start';
import { BusyError } from '../stores/postgres/long-transaction';
import { openWall } from '../stores/postgres/wall';
import { keepSessionSecret } from '../stores/session-secret';

const USAGE = `npm run import -- archive <file>    makes the publication of an archive in an empty database
npm run import -- members <file>    takes in a table of members (CSV), to be checked and brought in at /admin/import
npm run import -- ghost <file>      the same with the posts of Ghost's export (JSON)
npm run import -- substack <file>   the same with the posts of Substack's export (zip)
  --content <folder>                with either: the pictures that the posts show, such as Ghost's folder "content"`;

const AWAY = 'The database does not answer. Nothing was brought in; run the command again.';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

command(process.env, process.argv.slice(2), async (work) => {
  const [what, file, ...rest] = work.args;
  const source = SOURCES.find((one) => one === what);
  if ((what !== 'archive' && source === undefined) || file === undefined) throw new Refusal(USAGE);
  const content = contentOf(rest, source);
  if (!source) return importArchive(work, path.resolve(file));
  await exitWhenUnavailable(work, AWAY, () => receive(work, { source, file: path.resolve(file), content }));
});

/** The folder of pictures that the command names; null: none. @throws Refusal where it says anything else. */
function contentOf(rest: readonly string[], source: FileSource | undefined): string | null {
  if (rest.length === 0) return null;
  const [option, folder, ...others] = rest;
  const posts = source === 'ghost' || source === 'substack';
  if (!posts || option !== '--content' || folder === undefined || others.length > 0) throw new Refusal(USAGE);
  return path.resolve(folder);
}

/** Takes a file in. What it becomes is chosen, checked and meant in the browser; there it is stopped and taken back. */
async function receive(work: CommandContext, what: Parameters<typeof receiveFile>[2]): Promise<void> {
  const wall = openWall(await openStores(work));
  const secrets = work.config.sessionSecrets ?? [keepSessionSecret(prepareDataDir(work.config.dataDir))];
  const { id, rows, pictures } = await receiveFile(wall, openPostSealer(secrets), what, systemClock.now());
  say(`Taken in: ${rows} ${what.source === 'members' ? 'rows' : 'posts'}. Nothing is done with them yet.`);
  if (pictures) say(`Pictures: ${pictures.taken} of the ${pictures.named} that the posts show.`);
  say(`Go on at ${new URL(`/admin/import/${id}`, work.config.publicUrl).href}`);
}

/** Brings an archive in; one of an older version into tables as of then, which are migrated on with what they hold. */
async function importArchive(work: CommandContext, file: string): Promise<void> {
  const only = await migrationsFor(file, work.database.ownerUrl);
  await exitWhenUnavailable(work, AWAY, () => bringIn(work, file), only ?? undefined);
  const after = 'The archive is brought in, and is not migrated on: the database does not answer. Run npm run migrate.';
  if (only !== null) await exitWhenUnavailable(work, after, () => Promise.resolve());
  say('Everybody logs in with the password they have. Staff set up their second factor anew before their role is in');
  say('force; whoever had nothing but a passkey asks for a new password.');
  say('Where members pay at Stripe: send its webhooks to the new address, then run npm run billing -- reconcile');
}

async function bringIn({ database }: CommandContext, file: string): Promise<void> {
  const progress = sayProgress('brought in');
  try {
    const { rows } = await bringInArchive(database.url, file, systemClock.now(), progress.say);
    progress.end();
    say(`Brought in: ${rows['accounts']} accounts, ${rows['briefings']} briefings, ${rows['pages']} pages.`);
  } catch (error) {
    progress.end();
    if (error instanceof BusyError) throw new Refusal('Another archive is being made or brought in. Wait for it.');
    throw error;
  }
}
