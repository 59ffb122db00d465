import { removeSamples } from '../briefings/file/sample-removal';
import { bringSamples, findSamples } from '../briefings/file/samples';
import { command, exitWhenUnavailable } from '../command';
import { systemClock } from '../lib/clock';
import { Refusal } from '../lib/refusal';
import type { Wall } from '../stores/postgres/wall';

const USAGE = `npm run samples -- load                brings the sample briefings that are not there
npm run samples -- remove              takes those away that nobody has changed, with every trace
npm run samples -- remove --changed    takes the others under their slugs away too
npm run samples -- list                says which there are`;

const COMMAND_LINE = { id: null, name: 'command line' };

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

command(process.env, process.argv.slice(2), async (work) => {
  const doing = { load, list, remove: remove(false), 'remove --changed': remove(true) }[work.args.join(' ')];
  if (!doing) throw new Refusal(USAGE);
  await exitWhenUnavailable(work, 'The database does not answer. Run the command again.', doing);
});

async function load(wall: Wall): Promise<void> {
  const { loaded, kept, pages } = await bringSamples(wall, { actor: COMMAND_LINE, at: systemClock.now() });
  say(`Loaded: ${loaded.length} sample briefings, ${pages.length} pages.`);
  if (kept.length > 0) say(`Left as they were, because their slugs are taken: ${kept.join(', ')}.`);
}

async function list(wall: Wall): Promise<void> {
  const { untouched, changed } = await findSamples(wall);
  for (const slug of untouched) say(slug);
  for (const slug of changed) say(`${slug}  changed, or your own`);
  if (untouched.length + changed.length === 0) say('There are no samples.');
}

function remove(changed: boolean): (wall: Wall) => Promise<void> {
  return async (wall) => {
    const { briefings, categories, organizations, pages, left } = await removeSamples(
      wall,
      COMMAND_LINE,
      changed,
      systemClock.now(),
    );
    say(
      `Removed: ${briefings.length} briefings, ${categories.length} categories, ` +
        `${organizations.length} organizations, ${pages.length} pages.`,
    );
    if (left.length > 0)
      say(`Left, because they were changed or are your own: ${left.join(', ')}. To take them too: remove --changed`);
  };
}
