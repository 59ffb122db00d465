import { validateEmailChange } from '../accounts/own/forms';
import { accountsViewer } from '../access/viewer';
import { listAdmins, makeAdmin } from '../admin/make-admin';
import { exitWhenUnavailable, command } from '../command';
import type { Config } from '../config';
import { takeMessage, type Taken } from '../issues/inbound/take';
import { systemClock } from '../lib/clock';
import { Failure } from '../lib/failure';
import { Refusal } from '../lib/refusal';
import { LARGEST_MESSAGE } from '../mail/reports/message';
import { handOver } from '../setup/announce';
import { issueSetupLink } from '../setup/link';
import type { Wall } from '../stores/postgres/wall';
import { readSessionSecret } from '../stores/session-secret';

const USAGE = `npm run admin -- create <email>   makes this account an admin; makes the account too, where there is none
npm run admin -- list             says who is an admin
npm run admin -- setup-link       makes a link to set up an installation that has no admin yet
npm run admin -- inbound-mail     takes a letter that came back, or that wants to leave, from standard input`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

command(process.env, process.argv.slice(2), async (work) => {
  const { args, config } = work;
  const [name, ...rest] = args;
  const doing =
    name === 'create' && rest.length === 1
      ? (wall: Wall) => create(wall, rest[0]!, config.publicUrl)
      : name === 'list' && rest.length === 0
        ? list
        : name === 'setup-link' && rest.length === 0
          ? (wall: Wall) => setupLink(wall, config)
          : name === 'inbound-mail' && rest.length === 0
            ? (wall: Wall) => inboundMail(wall, config)
            : null;
  if (!doing) throw new Refusal(USAGE);
  await exitWhenUnavailable(work, 'The database does not answer. Nothing was changed; run the command again.', doing);
});

async function create(wall: Wall, given: string, publicUrl: string): Promise<void> {
  const understood = validateEmailChange(given, '');
  if ('wrong' in understood) throw new Refusal(`${JSON.stringify(given)} is no e-mail address.`);
  const { email } = understood.values;
  const { outcome, token } = await wall.write(accountsViewer, (db) => makeAdmin(db, email, systemClock.now()));
  if (outcome === 'suspended') throw new Refusal(`The account ${email} is suspended. Another admin can open it again.`);
  say(
    {
      made: `${email} has an account now, and is an admin.`,
      promoted: `${email} is an admin now. Every session of the account was ended.`,
      already: `${email} is an admin already.`,
    }[outcome],
  );
  if (token !== null) say(`Choose a password within an hour, once: ${publicUrl}/reset/choose?token=${token}`);
  say("The role is in force once the account has a second factor: log in, then open the account's security page.");
}

async function setupLink(wall: Wall, { publicUrl, dataDir }: Pick<Config, 'publicUrl' | 'dataDir'>): Promise<void> {
  const token = await wall.write(accountsViewer, (db) => issueSetupLink(db, systemClock.now()));
  if (token === null) throw new Refusal('There is an admin, so there is nothing to set up.');
  say(handOver(token, { publicUrl, dataDir, terminal: process.stdout }));
}

const TAKEN: Readonly<Record<Taken, string>> = {
  bounce: 'A letter of ours came back: no letter to many goes to its address any more.',
  leave: 'Its sender gets no letters about briefings any more.',
  nothing: 'It is about no letter of ours, and was left.',
};

async function inboundMail(wall: Wall, { sessionSecrets, dataDir }: Config): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_MESSAGE) throw new Refusal(`A letter of more than ${LARGEST_MESSAGE} bytes is not taken.`);
    parts.push(part);
  }
  const own = readSessionSecret(dataDir);
  const secrets = sessionSecrets ?? (own === null ? [] : [own]);
  try {
    say(TAKEN[await takeMessage({ wall, sessionSecrets: secrets }, Buffer.concat(parts), systemClock.now())]);
  } catch (error) {
    if (error instanceof Failure) throw new Refusal('That is no letter that can be read.');
    throw error;
  }
}

async function list(wall: Wall): Promise<void> {
  const admins = await wall.read(accountsViewer, listAdmins);
  if (admins.length === 0) return say('Nobody is an admin.');
  for (const { email, state, secondFactor } of admins)
    say(
      `${email}${state === 'suspended' ? '  suspended' : ''}` +
        (secondFactor ? '' : '  without a second factor, so not in force'),
    );
}
