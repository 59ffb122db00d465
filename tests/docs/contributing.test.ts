import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../src/lib/root';

/** `docs/contributing.md`: what each of the ten everyday changes touches. */
const page = readFileSync(path.join(root, 'docs/contributing.md'), 'utf8');
const changes = [...page.matchAll(/^\| (?!change|---)([^|]+) \| (.+) \|$/gm)].map(([, change, files]) => ({
  change: change!,
  files: [...files!.matchAll(/`((?:src|views|public|docs|prisma)\/[^`<*]+)`/g)].map(([, file]) => file!),
}));

/** Of those that may touch more than five: how many. */
const MOST: Readonly<Record<string, number>> = { 'a field of a briefing': 8 };

test('the ten everyday changes are described', () => {
  expect(changes).toHaveLength(10);
});

test.each(changes)('the files of $change exist, and are few', ({ change, files }) => {
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(MOST[change] ?? 5);
});
