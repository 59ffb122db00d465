// A sandbox in a process of its own, to be killed: its argument is the address of its database. It says where it
// answers.
import path from 'node:path';
import { pino } from 'pino';
import { loadLanguages } from '../../../src/lib/language';
import { startSandbox } from '../../../src/sandbox/start';
import { openPostgres } from '../../../src/stores/postgres/pool';
import { openWall } from '../../../src/stores/postgres/wall';

const log = pino({ level: 'silent' });
const wall = openWall(openPostgres(process.argv[2] ?? '', log));
const languages = loadLanguages(path.join(process.cwd(), 'views/languages'));
void startSandbox({ wall, languages, log }).then(({ apiKey, port }) => {
  process.stdout.write(`${JSON.stringify({ apiKey, port })}\n`);
});
