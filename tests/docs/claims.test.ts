import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readBriefing } from '../../src/briefings/file/read';
import { settings } from '../../src/settings';
import { root } from '../../src/lib/root';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
];
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);

test('there are documents to hold to their word', () => {
  expect(DOCS.length).toBeGreaterThan(8);
});

test.each(DOCS)('every command that %s names exists', (file) => {
  for (const [, name] of read(file).matchAll(/npm run ([a-z:]+)/g))
    expect([file, name, scripts.includes(name!)]).toEqual([file, name, true]);
});

test('every command of package.json is in the README', () => {
  const readme = read('README.md');
  for (const name of scripts)
    expect([name, readme.includes(['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`)]).toEqual([
      name,
      true,
    ]);
});

test.each(DOCS)('every file that %s points to exists', (file) => {
  for (const [, target] of read(file)
    .replace(/`!\[[^`]*`/g, '')
    .matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)\)/g)) {
    // Examples of a briefing's own links and pictures are not the document's.
    if (target!.startsWith('/')) continue;
    expect([file, target, existsSync(path.join(root, path.dirname(file), target!))]).toEqual([file, target, true]);
  }
  for (const [, target] of read(file).matchAll(/`((?:src|docs|tests|views|public|prisma|scripts)\/[\w./-]+)`/g)) {
    expect([file, target, existsSync(path.join(root, target!))]).toEqual([file, target, true]);
  }
});

test('the map names every section and no other', () => {
  const sections = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  const [, map] = /```\nsrc\/\n([^]*?)views\//.exec(read('docs/architecture.md'))!;
  expect([...map!.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name).sort()).toEqual(sections);
});

test('every setting is documented, and every documented one exists', () => {
  const documented = [...read('docs/settings.md').matchAll(/^\| `([A-Z\d_]+)`/gm)].map(([, name]) => name);
  expect(documented).toEqual(settings.map(({ name }) => name));
  for (const setting of settings)
    for (const words of [setting.meaning, setting.default, setting.allowed])
      expect(read('docs/settings.md')).toContain(words);
});

test('the README sets everything that production needs', () => {
  const [, example] = /```sh\nNODE_ENV=production([^]*?)```/.exec(read('README.md'))!;
  for (const { name } of settings.filter(({ requiredInProduction }) => requiredInProduction))
    expect([name, example!.includes(`${name}=`)]).toEqual([name, true]);
});

test("the example in the format's description is a briefing that would be taken", () => {
  const [english, spanish] = [...read('docs/briefing-format.md').matchAll(/```markdown\n([^]*?)```/g)].map(([, text]) =>
    Buffer.from(text!),
  );
  const house = {
    shape: DELIVERED_SHAPE,
    categories: ['cloud-service'],
    formerCategories: new Map(),
    authors: new Map(),
    formerAuthors: new Map(),
    matrix: {
      tiers: [
        { slug: 'strategy-circle', rank: 10 },
        { slug: 'leadership-alliance', rank: 20 },
      ],
      opens: {
        trend: 'strategy-circle',
        organization: 'strategy-circle',
        evidence: 'leadership-alliance',
        'failure-path': 'leadership-alliance',
        'source-note': 'leadership-alliance',
      },
    },
    organizations: new Map(),
    formerOrganizations: new Map(),
    slugs: new Map(),
  };
  expect(
    readBriefing(
      {
        path: 'eu-data-act-switching',
        files: new Map([
          ['en.md', english!],
          ['es.md', spanish!],
        ]),
      },
      house,
    ),
  ).toHaveProperty('content');
});

test('the languages say the same things', () => {
  const dir = path.join(root, 'views/languages');
  const phrases = (file: string) =>
    JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as Record<string, string | Record<string, string>>;
  const english = phrases('en.json');
  const placeholders = (phrase: string | Record<string, string>) =>
    [...new Set(JSON.stringify(phrase).match(/\{\w+\}/g) ?? [])].filter((one) => one !== '{n}').sort();
  const others = readdirSync(dir).filter((one) => one !== 'en.json');
  expect(others.length).toBeGreaterThan(0);
  for (const file of others) {
    const other = phrases(file);
    expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort());
    for (const [key, phrase] of Object.entries(other))
      expect([key, placeholders(phrase)]).toEqual([key, placeholders(english[key]!)]);
  }
});

test('every phrase is used somewhere, and every phrase that is used exists', () => {
  const sources = ['src', 'views']
    .flatMap((dir) =>
      readdirSync(path.join(root, dir), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|ejs)$/.test(file) && !file.includes('stores/prisma'))
        .map((file) => read(path.join(dir, file))),
    )
    .join('\n');
  const keys = Object.keys(JSON.parse(read('views/languages/en.json')) as object);
  // A key may be put together: its beginning then stands in the source before a variable part, or by itself.
  const beginnings = (key: string) =>
    key
      .split('.')
      .map((_, index, parts) => parts.slice(0, index).join('.'))
      .filter(Boolean);
  const used = (key: string) =>
    sources.includes(`'${key}'`) ||
    beginnings(key).some((start) =>
      [`${start}.\${`, `'${start}.'`, `'${start}'`].some((form) => sources.includes(form)),
    ) ||
    sources.includes(`'.${key.split('.').slice(1).join('.')}'`) ||
    /^(join|login|language|relevance|impact|step)\./.test(key);
  expect(keys.filter((key) => !used(key))).toEqual([]);
  for (const [, key] of sources.matchAll(/say\('([a-z][\w.-]*[a-z0-9])'/g))
    expect([key, keys.includes(key!)]).toEqual([key, true]);
});
