import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { birthOf, commandOf } from '../../src/lib/processes';
import { holderOf, takeLock } from '../../src/stores/postgres/embedded/lock';
import { temporaryFolder } from './support/clone';

const folder = temporaryFolder();
const file = path.join(folder, 'dossier.pid');

test('is held by one, and free again once released', () => {
  const lock = takeLock(folder);
  expect(lock).toBeDefined();
  expect(takeLock(folder)).toBeUndefined();
  lock?.publish('http://localhost:1');
  expect(holderOf(folder)).toEqual({ pid: process.pid, birth: birthOf(process.pid), url: 'http://localhost:1' });
  lock?.release();
  expect(holderOf(folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('passes on when its holder has died, even if another process has its id now', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, birth: `${birthOf(process.pid) ?? ''}0` }));
  expect(holderOf(folder)).toBeUndefined();
  const lock = takeLock(folder);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, birth: birthOf(process.pid) });
  lock?.release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', 'nonsense', 'null', '{"pid":-1}', '{"pid":"1"}', '{}'])(
  'passes on when its file holds %j',
  (content) => {
    writeFileSync(file, content);
    expect(holderOf(folder)).toBeUndefined();
    takeLock(folder)?.release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('a process that is not there has neither birth nor command', () => {
  expect(birthOf(2 ** 22 + 1)).toBeUndefined();
  expect(commandOf(2 ** 22 + 1)).toBeUndefined();
  expect(birthOf(process.pid)).toBe(birthOf(process.pid));
  expect(commandOf(process.pid)).toContain('jest');
});
