import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { makeClone, temporaryFolder } from './support/clone';
import { endAll, Started } from './support/started';

const isRoot = process.getuid?.() === 0;
const base = temporaryFolder();
const elsewhere = path.join(base, 'elsewhere');
const home = path.join(base, 'home');
const clone = path.join(home, 'dossier');
let entry: string;

beforeAll(() => {
  // As root's home is: nobody else may enter, so neither may the account Postgres runs as.
  mkdirSync(home, { mode: 0o700 });
  entry = makeClone(clone, { ownPostgres: true });
});
afterEach(endAll);

const start = (entryFile = entry, dataDir = path.join(path.dirname(path.dirname(entryFile)), '.data')) =>
  new Started({ entry: entryFile, dataDir, elsewhere });
const homes = () => readdirSync(elsewhere).map((name) => path.join(elsewhere, name));

(isRoot ? describe : describe.skip)('a clone that only root can enter', () => {
  test('puts Postgres and the data where its account can, says so, and finds them again', async () => {
    const first = start();
    await first.ready();
    const [place] = homes();
    expect(first.out).toMatch(
      new RegExp(
        `\nData: ${String(place)}  \\(embedded.*Postgres does not run as root, and the account "\\w+" it runs as cannot enter ${clone}/\\.data\\)\n`,
      ),
    );
    expect(readFileSync(path.join(clone, '.data/location'), 'utf8')).toBe(`${String(place)}\n`);
    expect(statSync(path.join(String(place), 'postgres')).mode & 0o777).toBe(0o700);
    expect(execFileSync('ps', ['-o', 'uid=', '-p', String(first.postmaster)], { encoding: 'utf8' }).trim()).not.toBe(
      '0',
    );
    await first.sql('CREATE TABLE kept ()');
    await first.end('SIGKILL');

    const second = start();
    await second.ready();
    expect(await second.sql('SELECT * FROM kept')).toEqual([]);
    expect(homes()).toEqual([place]);
  });

  test('takes its data along when it is moved, and shares them with no copy', async () => {
    const moved = path.join(home, 'moved');
    renameSync(clone, moved);
    const first = start(path.join(moved, 'dist/entry.js'));
    await first.ready();
    expect(await first.sql('SELECT * FROM kept')).toEqual([]);

    // While the first runs: a copy must not take its server for an orphan either.
    cpSync(moved, clone, { recursive: true, verbatimSymlinks: true });
    rmSync(path.join(clone, '.data/dossier.pid'));
    const copy = start();
    await copy.ready();
    await expect(copy.sql('SELECT * FROM kept')).rejects.toThrow(/does not exist/);
    expect(await first.sql('SELECT * FROM kept')).toEqual([]);
    await first.end('SIGTERM');
    rmSync(moved, { recursive: true });
  });

  test('made anew at the same path does not meet old data, and they are kept', async () => {
    rmSync(path.join(clone, '.data'), { recursive: true });
    for (const place of homes()) rmSync(place, { recursive: true });
    await start().ready();
    await endAll();
    rmSync(path.join(clone, '.data'), { recursive: true });
    const anew = start();
    await anew.ready();
    const aside = /belonged to another copy of Dossier\. It is now (\S+);/.exec(anew.out)?.[1];
    expect(existsSync(path.join(String(aside), 'PG_VERSION'))).toBe(true);
  });

  test('whose data folder has vanished is refused, not begun anew', async () => {
    for (const place of homes()) rmSync(place, { recursive: true });
    const one = start();
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(/^The data is in \S+, says \S+\/location, and that folder is gone\..*\n$/);
  });

  test('that could be entered when it was made brings its data along', async () => {
    const open = path.join(base, 'open');
    const entryFile = makeClone(open, { ownPostgres: true });
    const first = start(entryFile);
    await first.ready();
    expect(first.out).toContain(`Data: ${open}/.data `);
    await first.sql('CREATE TABLE kept ()');
    await first.end('SIGTERM');
    chmodSync(open, 0o700);
    const second = start(entryFile);
    await second.ready();
    expect(second.out).toContain(`The data has moved from ${open}/.data/postgres to ${elsewhere}/`);
    expect(await second.sql('SELECT * FROM kept')).toEqual([]);
  });

  test('with a data folder outside copies the programs there and nothing else anywhere', async () => {
    const dataDir = path.join(base, 'outside');
    const before = homes();
    const one = start(entry, dataDir);
    await one.ready();
    expect(one.out).toContain(`Data: ${dataDir} `);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('binaries-'))).toHaveLength(1);
    expect(homes()).toEqual(before);
  });
});

(isRoot ? describe.skip : describe)('a clone that only its owner can enter', () => {
  test('keeps everything in its own folder', async () => {
    const one = start();
    await one.ready();
    expect(one.out).toContain(`Data: ${clone}/.data `);
    expect(readdirSync(path.join(clone, '.data')).sort()).toEqual([
      'dossier.pid',
      'postgres',
      'postgres.log',
      'secrets.json',
    ]);
    expect(existsSync(elsewhere)).toBe(false);
  });
});
