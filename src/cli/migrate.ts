import { command } from '../command';
import { Refusal } from '../lib/refusal';
import { markRolledBack, migrate } from '../stores/postgres/migrate';

const USAGE =
  'npm run migrate                          applies what is pending\nnpm run migrate -- --rolled-back <name>  ' +
  'says that a failed migration was cleaned up after';

command(process.env, process.argv.slice(2), async ({ args, config, database, log }) => {
  if (database.ownerUrl === null)
    throw new Refusal(
      "Migrations are applied by the owner's role: set DATABASE_OWNER_URL (docs/roles.sql makes the role).",
    );
  const [option, name, ...rest] = args;
  if (option === undefined) {
    const applied = await migrate(database.ownerUrl, {
      log,
      edited: config.mode === 'production' ? 'warning' : 'error',
    });
    process.stdout.write(applied.length > 0 ? `Applied: ${applied.join(', ')}\n` : 'Nothing to apply.\n');
  } else if (option === '--rolled-back' && name !== undefined && rest.length === 0) {
    await markRolledBack(database.ownerUrl, name);
    process.stdout.write(`${name} will be tried again.\n`);
  } else {
    throw new Refusal(USAGE);
  }
});
