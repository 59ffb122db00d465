import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { settings } from '../../src/settings';
import { waitFor } from '../../src/lib/wait';
import { makeClone, temporaryFolder } from './support/clone';
import { endAll, living, Started } from './support/started';

const base = temporaryFolder();
let entry: string;
let count = 0;

beforeAll(() => {
  entry = makeClone(path.join(base, 'clone'));
});
afterEach(endAll);

const newDataDir = () => path.join(base, `data-${++count}`);
/** For tests that do not care whether the cluster is new. */
const usedDataDir = path.join(base, 'data');
const start = (dataDir: string, env: Record<string, string> = {}) =>
  new Started({ entry, dataDir, env, elsewhere: path.join(base, 'elsewhere') });

/** A request whose answer has begun; the rest of it, or how it broke off, is promised. */
async function begin(url: string): Promise<{ readonly answer: Promise<string> }> {
  const [response] = (await once(http.get(url), 'response')) as [http.IncomingMessage];
  await once(response, 'readable');
  return {
    answer: response.toArray().then(
      (parts) => parts.join(''),
      () => 'cut',
    ),
  };
}

describe('one after the other', () => {
  test("starts, serves as the application's role, turns away a second one, stops on SIGTERM", async () => {
    const dataDir = newDataDir();
    const asked = performance.now();
    const first = start(dataDir);
    const url = await first.ready();
    const took = performance.now() - asked;
    expect(await (await fetch(`${url}/role`)).text()).toBe('dossier_app');
    expect(first.out).toMatch(
      new RegExp(
        `^Dossier is ready: http://localhost:\\d+  \\(\\d+\\.\\d s\\)\nData: ${dataDir}  \\(embedded Postgres 18\\.\\d+ on 127\\.0\\.0\\.1:\\d+\\)\nStop with Ctrl-C\\.\n$`,
      ),
    );
    expect(first.err).toBe('');
    expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(first.cluster).mode & 0o777).toBe(0o700);

    const second = start(dataDir);
    expect(await second.end()).toMatchObject({ code: 1 });
    expect(second.out).toBe('');
    expect(second.err).toMatch(
      new RegExp(`^Dossier is already running at http://localhost:\\d+ \\(process ${first.pid}\\).*\n$`),
    );
    expect(await (await fetch(url)).text()).toBe('hello');

    const processes = first.postgres();
    expect(processes.length).toBeGreaterThan(3);
    const end = await first.end('SIGTERM');
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(living(processes)).toEqual([]);
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'secrets.json']);

    const begun = performance.now();
    await start(dataDir).ready();
    // Nothing has to be made or recovered any more.
    expect(performance.now() - begun).toBeLessThan(took);
  });

  test('takes over at once when the one before is still stopping', async () => {
    const dataDir = newDataDir();
    const first = start(dataDir);
    const url = await first.ready();
    const { answer } = await begin(`${url}/slow`);
    first.kill('SIGTERM');
    await start(dataDir).ready();
    expect(await answer).toBe('begun,finished');
    expect(await first.end()).toMatchObject({ code: 0 });
  });
});

describe('stopping', () => {
  test('lets a request in flight finish, and cuts one that does not', async () => {
    const one = start(usedDataDir);
    const url = await one.ready();
    const [slow, never] = [await begin(`${url}/slow`), await begin(`${url}/never`)];
    const end = await one.end('SIGINT');
    expect(await slow.answer).toBe('begun,finished');
    expect(await never.answer).toBe('cut');
    expect(end).toMatchObject({ code: 0 });
    expect(end.after).toBeGreaterThan(1_900);
  });

  test('takes the two signals that npm makes of one Ctrl-C for one', async () => {
    const one = start(usedDataDir);
    const { answer } = await begin(`${await one.ready()}/slow`);
    // Not the same twice: two that wait to be delivered at once would be one anyway.
    one.kill('SIGINT');
    expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(await answer).toBe('begun,finished');
  });

  test('is cut short by a second Ctrl-C', async () => {
    const one = start(usedDataDir);
    await begin(`${await one.ready()}/never`);
    const processes = one.postgres();
    await waitFor(() => (one.kill('SIGINT'), one.gone), 20_000);
    // Whoever waits for the requests in flight ends with 0.
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(living(processes)).toEqual([]);
  });

  test('while the cluster is being made leaves nothing half made', async () => {
    const dataDir = newDataDir();
    const one = start(dataDir);
    await waitFor(
      () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('postgres.new-')),
      10_000,
    );
    expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(one.err).toBe('');
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  });

  test('follows an error that nobody caught, with 1', async () => {
    const one = start(usedDataDir);
    const url = await one.ready();
    const processes = one.postgres();
    const ended = one.end();
    await fetch(`${url}/crash`).catch(() => undefined);
    expect(await ended).toMatchObject({ code: 1 });
    expect(one.out).toContain('nobody catches this');
    expect(living(processes)).toEqual([]);
  });

  test('follows the death of Postgres, with 1 and a sentence', async () => {
    const one = start(usedDataDir);
    await one.ready();
    process.kill(one.postmaster, 'SIGKILL');
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(/^The embedded Postgres has ended\..*start again to recover\.\n$/);
    await start(one.how.dataDir).ready();
  });
});

describe('after kill -9', () => {
  test('ends the orphaned Postgres and has lost nothing', async () => {
    const first = start(usedDataDir);
    await first.ready();
    await first.sql('CREATE TABLE kept (word text)');
    await first.sql("INSERT INTO kept VALUES ('here')");
    const orphans = first.postgres();
    await first.end('SIGKILL');
    expect(living(orphans)).toContain(orphans[0]);

    const second = start(first.how.dataDir);
    await second.ready();
    expect(await second.sql('SELECT word FROM kept')).toEqual([{ word: 'here' }]);
    expect(living(orphans)).toEqual([]);
    expect(second.postmaster).not.toBe(orphans[0]);
  });

  test('of both recovers what was committed', async () => {
    const first = start(usedDataDir);
    await first.ready();
    await first.sql('CREATE TABLE kept_too (word text)');
    await first.sql("INSERT INTO kept_too VALUES ('here')");
    const postmaster = first.postmaster;
    first.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await first.end();

    const second = start(first.how.dataDir);
    await second.ready();
    expect(await second.sql('SELECT word FROM kept_too')).toEqual([{ word: 'here' }]);
  });

  test('while the cluster was being made begins again', async () => {
    const dataDir = newDataDir();
    const first = start(dataDir);
    await waitFor(
      () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('postgres.new-')),
      10_000,
    );
    await first.end('SIGKILL');
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);

    await start(dataDir).ready();
    expect(readdirSync(dataDir).filter((name) => name.includes('new'))).toEqual([]);
  });
});

describe('what an earlier run may have left', () => {
  test('pid files that name strangers are stale, and the strangers live on', async () => {
    const first = start(usedDataDir);
    await first.ready();
    await first.end('SIGTERM');
    const { dataDir } = first.how;
    // This very process is the stranger: it lives, and is neither that Dossier nor that Postgres.
    writeFileSync(path.join(dataDir, 'dossier.pid'), JSON.stringify({ pid: process.pid, birth: 'another boot 1' }));
    writeFileSync(
      path.join(first.cluster, 'postmaster.pid'),
      `${process.pid}\n${first.cluster}\n0\n5432\n\n127.0.0.1\n  1 1\nready   \n`,
    );

    // Killed after the cluster was in its place, and before this was removed.
    writeFileSync(path.join(dataDir, 'postgres.new-0123.password'), '');

    const second = start(dataDir);
    await second.ready();
    expect(second.postmaster).not.toBe(process.pid);
    expect(existsSync(path.join(dataDir, 'postgres.new-0123.password'))).toBe(false);
  });

  test('half a cluster is made anew, and what stood in its place is kept aside', async () => {
    const dataDir = newDataDir();
    mkdirSync(path.join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '18\n');
    mkdirSync(path.join(dataDir, 'postgres.new-0123'));
    const one = start(dataDir);
    await one.ready();
    const aside = /It is now (\S+);/.exec(one.out)?.[1];
    expect(readFileSync(path.join(String(aside), 'PG_VERSION'), 'utf8')).toBe('18\n');
    expect(existsSync(path.join(dataDir, 'postgres.new-0123'))).toBe(false);
  });

  test('a cluster of another major version is refused by name', async () => {
    const first = start(newDataDir());
    await first.ready();
    await first.end('SIGTERM');
    writeFileSync(path.join(first.cluster, 'PG_VERSION'), '17\n');
    const second = start(first.how.dataDir);
    expect(await second.end()).toMatchObject({ code: 1 });
    expect(second.err).toMatch(/^The data in .* was made by Postgres 17, and Postgres 18 is installed\..*\n$/);
  });

  test('damaged secrets are refused, not replaced', async () => {
    const dataDir = newDataDir();
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'secrets.json'), '{"id": "a"');
    const one = start(dataDir);
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(/^\S+secrets\.json is damaged.*\n$/);
    expect(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')).toBe('{"id": "a"');
  });
});

describe('the port', () => {
  let stranger: Server;
  let failure: string | undefined;
  beforeEach(() => {
    stranger = createServer().on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code;
    });
  });
  afterEach(() => void stranger.close());

  test('that was asked for and is taken is one line and the end', async () => {
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const { port } = stranger.address() as AddressInfo;
    const dataDir = newDataDir();
    const one = start(dataDir, { PORT: String(port) });
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program. Stop it, or set PORT to another one.\n`,
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('that is only the default gives way to the next', async () => {
    // If this fails, somebody else has it: it is taken either way.
    stranger.listen(3000, '127.0.0.1');
    await waitFor(() => stranger.listening, 10_000);
    const one = start(usedDataDir, { PORT: '' });
    const url = await one.ready();
    expect(one.out).toMatch(
      /^Port 3000 is taken by another program, so this is (\d+)\.\nDossier is ready: http:\/\/localhost:\1 /,
    );
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('counts as taken when a stranger has it at the other address of localhost', async () => {
    stranger.listen(3000, '::1');
    await waitFor(() => stranger.listening || failure, 10_000);
    // A system without IPv6 has no other address.
    if (failure === 'EADDRNOTAVAIL' || failure === 'EAFNOSUPPORT') return;
    const one = start(usedDataDir, { PORT: '' });
    await one.ready();
    expect(one.out).toMatch(/^Port 3000 is taken by another program, so this is /);
  });
});

test('production without its settings is refused before anything is made', async () => {
  const dataDir = newDataDir();
  const one = start(dataDir, { NODE_ENV: 'production' });
  expect(await one.end()).toMatchObject({ code: 1 });
  const names = one.err
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(':')[0]);
  expect(names).toEqual(settings.filter((setting) => setting.requiredInProduction).map((setting) => setting.name));
  expect(names).toEqual(expect.arrayContaining(['DATABASE_URL', 'REDIS_URL', 'PUBLIC_URL']));
  expect(existsSync(dataDir)).toBe(false);
});
