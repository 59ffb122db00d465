import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { original, SPANISH } from '../support/briefing';
import { createDatabase, type Cluster } from '../support/stores/cluster';
import { ran, spawned } from '../support/command';
import { aPicture, PLACE } from '../support/pictures';

let database: Cluster & { drop(): Promise<void> };
let folder: string;

beforeAll(async () => {
  database = await createDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-briefings-'));
  write('categories.yaml', 'cloud-service:\n  name: {en: Cloud Service}\n');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function write(file: string, text: string | Uint8Array): void {
  const at = path.join(folder, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, text);
}

/** Runs `npm run briefing -- …` against the test's database; `how` in a process of its own, or in this one. */
const briefing = (...args: string[]) => runBy(ran, args);
const runBy = (how: typeof ran, args: readonly string[]) =>
  how('briefing', args, {
    PATH: process.env['PATH'],
    HOME: folder,
    DATABASE_URL: database.app,
    DATABASE_OWNER_URL: database.owner,
  });

const plain = (slug: string) => original({ slug, organizations: null }, '');

test('imports a tree of folders and says how far it is', async () => {
  write('good/one/en.md', plain('one'));
  write('good/one/es.md', SPANISH.replace(/\n::: trend[^]*/, '\n'));
  write('good/deeper/two/en.md', plain('two'));
  const { code, out, err } = await runBy(spawned, ['import', folder]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('categories.yaml: 1 categories');
  expect(out).toContain('[1/2] two: created, revision 1');
  expect(out).toContain('[2/2] one: created, revision 1');
  expect(out).toContain('2 created, 0 updated, 0 unchanged, 0 refused');
  expect((await briefing('import', path.join(folder, 'good'))).out).toContain(
    '0 created, 0 updated, 2 unchanged, 0 refused',
  );
});

test('takes the good, refuses the bad with every fault, and ends with 1', async () => {
  write('mixed/three/en.md', plain('three'));
  write(
    'mixed/bad/en.md',
    plain('bad').replace('confidence: 0.94', 'confidence: 1.2').replace('impact: high', 'impact: huge'),
  );
  const { code, out, err } = await briefing('import', path.join(folder, 'mixed'));
  expect(code).toBe(1);
  expect(out).toContain('three: created');
  expect(out).toContain('1 created, 0 updated, 0 unchanged, 1 refused');
  expect(err).toMatch(/mixed\/bad\/en\.md:9 briefing\.impact: found "huge"; allowed: one of low, medium, high/);
  expect(err).toMatch(/mixed\/bad\/en\.md:10 briefing\.confidence: found "1\.2"/);
});

test('one slug twice in an import is taken once, and the second folder named', async () => {
  write('twice/a/four/en.md', plain('four'));
  write('twice/b/four/en.md', plain('four').replace('A signal in English', 'Another'));
  const { code, err, out } = await briefing('import', path.join(folder, 'twice'));
  expect(code).toBe(1);
  expect(err).toMatch(
    /twice\/b\/four slug: found the same slug as .*twice\/a\/four; allowed: each slug once in an import/,
  );
  expect(out).toContain('1 created, 0 updated, 0 unchanged, 1 refused');
});

test('exports what it imported, byte for byte once it is in canonical form', async () => {
  expect((await briefing('format', path.join(folder, 'good/one'))).code).toBe(0);
  const { code, out } = await briefing('export', 'one', path.join(folder, 'out'));
  expect({ code, out }).toMatchObject({ code: 0 });
  for (const file of ['en.md', 'es.md'])
    expect(readFileSync(path.join(folder, 'out/one', file), 'utf8')).toBe(
      readFileSync(path.join(folder, 'good/one', file), 'utf8'),
    );
  expect((await briefing('format', path.join(folder, 'good/one'))).out).toContain('in canonical form already');
});

test('what parts words in a file parts them still, a space set on purpose stays, and what is not seen goes', async () => {
  const texts = plain('spaces')
    .replace('A signal in English', 'Un 50\u00a0% m\u00e1s, \u5927\u3000\u5c0f')
    .replace('A lead in English.', '"one\\vtwo\\fthree"')
    .replace('The open body.', 'The\u000copen\u202e body.\n\n50\u00a0%');
  write('spaces/spaces/en.md', texts.replace('A summary in English.', 'Soft\u00adly, un\u200bseen\u2060.'));
  expect((await briefing('format', path.join(folder, 'spaces'))).code).toBe(0);
  const read = () => readFileSync(path.join(folder, 'spaces/spaces/en.md'), 'utf8');
  for (const words of [
    'title: Un 50\u00a0% m\u00e1s, \u5927\u3000\u5c0f\n',
    'summary: Softly, unseen.',
    'lead: one two three',
    'The open\u2067 body.\n\n50\u00a0%',
  ])
    expect(read()).toContain(words);
  expect((await briefing('format', path.join(folder, 'spaces'))).out).toContain('in canonical form already');
  write(
    'spaces/spaces/en.md',
    texts
      .replace('A topic', 'Turned \u202earound')
      .replace('https://example.org/second', 'https://example.org/se\u200bcond'),
  );
  const { code, err } = await briefing('format', path.join(folder, 'spaces'));
  expect(code).toBe(1);
  expect(err).toMatch(/topic: found "Turned \\u\{202E\}around"; allowed: text without control characters/);
  expect(err).toMatch(/url: found "https:\/\/example.org\/se\\u\{200B\}cond"; allowed: an http or https address/);
});

test("what a folder's pictures hold besides the picture does not come in, and an unchanged folder is no change", async () => {
  const [cover, chart, bare] = [
    await aPicture('jpg', 10, true),
    await aPicture('png', 20, true),
    await aPicture('webp', 30, false),
  ];
  expect([cover.includes(PLACE), (await sharp(cover).metadata()).exif === undefined]).toEqual([true, false]);
  write(
    'placed/harbour/en.md',
    original({ slug: 'harbour', organizations: null, cover: 'cover.jpg' }, '')
      .replace('title: A', 'cover-alt: A harbour.\ntitle: A')
      .replace('The open body.', 'The open body.\n\n![A chart](chart.png)'),
  );
  for (const [name, bytes] of [
    ['cover.jpg', cover],
    ['chart.png', chart],
    ['map.webp', bare],
  ] as const)
    write(`placed/harbour/${name}`, bytes);
  expect((await briefing('import', path.join(folder, 'placed'))).out).toContain(
    'harbour: created, revision 1; drawn anew, without EXIF or other words: chart.png, cover.jpg\n',
  );
  expect(readFileSync(path.join(folder, 'placed/harbour/cover.jpg'))).toEqual(cover);

  await briefing('export', 'harbour', path.join(folder, 'drawn'));
  const kept = (name: string) => readFileSync(path.join(folder, 'drawn/harbour', name));
  for (const name of ['cover.jpg', 'chart.png'])
    expect([
      name,
      kept(name).includes(PLACE),
      (await sharp(kept(name)).metadata()).exif,
      (await sharp(kept(name)).metadata()).width,
    ]).toEqual([name, false, undefined, 700]);
  expect(kept('map.webp')).toEqual(bare);

  for (const from of ['placed', 'drawn'])
    expect((await briefing('import', path.join(folder, from))).out).toContain('harbour: unchanged\n');
  await briefing('export', 'harbour', path.join(folder, 'again'));
  for (const name of ['en.md', 'cover.jpg', 'chart.png', 'map.webp'])
    expect(readFileSync(path.join(folder, 'again/harbour', name))).toEqual(kept(name));
});

test('a picture that cannot be drawn anew is refused together with everything else that is wrong', async () => {
  const whole = await aPicture('jpg', 40, true);
  write(
    'half/broken/en.md',
    original({ slug: 'broken', organizations: null, cover: 'cover.jpg' }, '')
      .replace('impact: high', 'impact: huge')
      .replace('title: A', 'cover-alt: A harbour.\ntitle: A'),
  );
  write('half/broken/cover.jpg', whole.subarray(0, whole.length - 300));
  const { code, err } = await briefing('import', path.join(folder, 'half'));
  expect(code).toBe(1);
  expect(err).toMatch(/en\.md:\d+ briefing\.impact: found "huge"/);
  expect(err).toContain(
    `${path.join('half/broken/cover.jpg')} picture: found EXIF or other words in it, and it cannot be drawn anew without them; allowed: a picture saved without them`,
  );
});

test.each([
  [['export', 'nobody', 'out'], 'There is no briefing with the slug "nobody".'],
  [['import', '/nowhere/at/all'], '/nowhere/at/all: no briefing folder'],
  [['import'], 'npm run briefing -- import'],
  [['sing'], 'npm run briefing -- import'],
  [[], 'npm run briefing -- import'],
])('%j ends with 1 and a sentence', async (args, said) => {
  const { code, err } = await briefing(...args);
  expect(code).toBe(1);
  expect(err).toContain(said);
  expect(err).not.toMatch(/ at .*:\d+:\d+/);
});
