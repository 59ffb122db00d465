import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bringBack } from '../backup/bring-back';
import { secretsOf } from '../backup/fingerprints';
import { command, openStores } from '../command';
import { Refusal } from '../lib/refusal';
import { openBucket } from '../stores/bucket';
import { readSessionSecret } from '../stores/session-secret';

const USAGE = 'npm run restore -- <folder>   makes an empty database what it was when the backup was taken';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What another secret comes to. */
const EFFECTS: Readonly<Record<string, string>> = {
  SESSION_SECRET: 'everybody logs in anew, and staff need a recovery code; put the former one behind it to keep both',
  STRIPE_SECRET_KEY: 'where it is the key of another account at Stripe, its customers are unknown there',
  STRIPE_WEBHOOK_SECRET: 'webhooks are refused unless Stripe signs with the one that is set now',
  S3_SECRET_ACCESS_KEY: 'pictures went to the bucket that is set now',
};

command(process.env, process.argv.slice(2), async (work) => {
  const { args, config, database, opened, ending } = work;
  const [folder, ...rest] = args;
  if (folder === undefined || rest.length > 0) throw new Refusal(USAGE);
  const { ownerUrl } = database;
  if (ownerUrl === null)
    throw new Refusal("A backup is brought back as the owner's role: set DATABASE_OWNER_URL beside DATABASE_URL.");
  const bucket = config.bucket && openBucket(config.bucket);
  opened('the bucket', () => bucket?.close());
  const aside = path.join(os.tmpdir(), `dossier-restore-${process.pid}.list`);
  opened('the list', () => rmSync(aside, { force: true }));
  const secrets = secretsOf(config, readSessionSecret(config.dataDir));
  const { made, pictures, changed } = await bringBack(
    { bucket, ownerUrl, secrets, env: process.env, ending },
    path.resolve(folder),
    aside,
  );
  say(`Brought back as it was on ${made}${pictures > 0 ? `, with ${pictures} pictures in the bucket` : ''}.`);
  for (const name of changed) say(`${name} is another one than then: ${EFFECTS[name] ?? 'it is not the one of then'}.`);
  say('What has been paid or cancelled since is at Stripe: run npm run billing -- reconcile before readers come.');
  // What came since the backup was taken is applied as at an upgrade.
  await openStores(work);
});
