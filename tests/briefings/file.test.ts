import { formatFault } from '../../src/briefings/file/fault';
import type { ImportContext } from '../../src/briefings/file/import-context';
import { readBriefing } from '../../src/briefings/file/read';
import { writeBriefing } from '../../src/briefings/file/write';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { renderMarkdown, saysSomething } from '../../src/lib/markdown';
import { slugOf } from '../../src/lib/slug';
import { GIF, PNG } from '../support/pictures';
import { original, SPANISH } from '../support/briefing';

const site: ImportContext = {
  shape: DELIVERED_SHAPE,
  categories: ['cloud-service'],
  formerCategories: new Map(),
  authors: new Map(),
  formerAuthors: new Map(),
  matrix: {
    tiers: [
      { slug: 'public', rank: 0 },
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
  organizations: new Map([['known-org', { name: 'Known Org', url: 'https://known.example' }]]),
  formerOrganizations: new Map(),
  slugs: new Map([
    ['taken', 'taken'],
    ['was-taken', 'taken'],
  ]),
};

const read = (files: Readonly<Record<string, string | Uint8Array>>, slug = 'a-signal') =>
  readBriefing(
    {
      path: `in/${slug}`,
      files: new Map(
        Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? Buffer.from(text) : text]),
      ),
    },
    site,
  );

const faults = (files: Readonly<Record<string, string | Uint8Array>>, slug?: string): string[] => {
  const result = read(files, slug);
  return 'faults' in result ? result.faults.map(formatFault) : [];
};

const content = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const result = read(files);
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'));
  return result.content;
};

test('a good briefing has no fault', () => {
  expect(faults({ 'en.md': original(), 'es.md': SPANISH })).toEqual([]);
});

describe('a score', () => {
  const allowed = 'a decimal from 0.00 to 1.00 with at most two places';
  test.each([
    ['1.2', '"1.2"'],
    ['high', '"high"'],
    ['0.955', '"0.955"'],
    ['-0.1', '"-0.1"'],
    ['1e-1', '"1e-1"'],
    ['.5', '".5"'],
    ['1.01', '"1.01"'],
    ['0,94', '"0,94"'],
    ['', 'nothing'],
    ['[1]', 'a list of 1'],
  ])('%j is refused', (score, found) => {
    expect(faults({ 'en.md': original({ confidence: score }) })).toEqual([
      `in/a-signal/en.md:10 briefing.confidence: found ${found}; allowed: ${allowed}`,
    ]);
  });

  test.each([
    ['0', 0],
    ['1', 100],
    ['0.9', 90],
    ['0.90', 90],
    ['"0.07"', 7],
    ['1.00', 100],
    ['0.29', 29],
  ])('%s is %i hundredths', (score, hundredths) => {
    expect(content({ 'en.md': original({ confidence: score }) }).confidence).toBe(hundredths);
  });
});

describe('is refused, with file, line, field, what was found and what is allowed:', () => {
  const at = (line: number) => `in/a-signal/en.md:${line}`;
  test.each<[string, Record<string, string | Uint8Array>, string[]]>([
    [
      'an unknown field',
      { 'en.md': original({ colour: 'red' }) },
      [`${at(24)} briefing.colour: found a field that does not exist; allowed: one of slug, formerly, state`],
    ],
    [
      'an unknown text field',
      { 'en.md': original().replace('title: A', 'heading: x\ntitle: A') },
      [`${at(24)} heading: found a field that does not exist; allowed: one of briefing, title`],
    ],
    [
      'an unknown tier',
      { 'en.md': original({ stricter: '\n    trend/trend: gold' }) },
      [
        `${at(25)} briefing.stricter.trend/trend: found "gold"; allowed: one of public, strategy-circle, leadership-alliance`,
      ],
    ],
    [
      'a looser tier',
      { 'en.md': original({ stricter: '\n    evidence/a-tie: strategy-circle' }) },
      [
        `${at(25)} briefing.stricter.evidence/a-tie: found "strategy-circle"; allowed: a tier above leadership-alliance`,
      ],
    ],
    [
      'a stricter passage that is not there',
      { 'en.md': original({ stricter: '\n    evidence/none: strategy-circle' }) },
      [`briefing.stricter.evidence/none: found a passage no file of this briefing has`, 'a tier above'],
    ],
    [
      'an end that is no time',
      {
        'en.md': original({ stricter: '\n    trend/trend: leadership-alliance', until: '\n    trend/trend: tomorrow' }),
      },
      [`${at(27)} briefing.until.trend/trend: found "tomorrow"; allowed: a UTC time to the second`],
    ],
    [
      'an end with parts of a second',
      {
        'en.md': original({
          stricter: '\n    trend/trend: leadership-alliance',
          until: '\n    trend/trend: 2026-12-01T08:00:00.5Z',
        }),
      },
      [`${at(27)} briefing.until.trend/trend: found "2026-12-01T08:00:00.5Z"; allowed: a UTC time to the second`],
    ],
    [
      'an end without a tier',
      { 'en.md': original({ until: '\n    trend/trend: 2026-12-01T08:00:00Z' }) },
      [`${at(25)} briefing.until.trend/trend: found a time without a tier; allowed: none: stricter names no passage`],
    ],
    [
      'an end for another passage than the tier',
      {
        'en.md': original({
          stricter: '\n    trend/trend: leadership-alliance',
          until: '\n    evidence/a-tie: 2026-12-01T08:00:00Z',
        }),
      },
      [
        `${at(27)} briefing.until.evidence/a-tie: found a time without a tier; allowed: one of those in stricter: trend/trend`,
      ],
    ],
    [
      'early for an unknown tier',
      { 'en.md': original({ early: '\n    tier: gold\n    until: 2026-12-01T08:00:00Z' }) },
      [`${at(25)} briefing.early.tier: found "gold"; allowed: one of strategy-circle, leadership-alliance`],
    ],
    [
      'early for everybody',
      { 'en.md': original({ early: '\n    tier: public\n    until: 2026-12-01T08:00:00Z' }) },
      [`${at(25)} briefing.early.tier: found "public"; allowed: one of strategy-circle, leadership-alliance`],
    ],
    [
      'early without an end',
      { 'en.md': original({ early: '\n    tier: strategy-circle' }) },
      [`${at(24)} briefing.early.until: found nothing; allowed: a UTC time to the second`],
    ],
    [
      'early without a tier',
      { 'en.md': original({ early: '\n    until: 2026-12-01T08:00:00Z' }) },
      [`${at(24)} briefing.early.tier: found nothing; allowed: the slug of a tier`],
    ],
    [
      'an unknown category',
      { 'en.md': original({ category: 'weather' }) },
      [`${at(7)} briefing.category: found "weather"; allowed: one of cloud-service`],
    ],
    [
      'an impact out of the set',
      { 'en.md': original({ impact: 'huge' }) },
      [`${at(9)} briefing.impact: found "huge"; allowed: one of low, medium, high`],
    ],
    [
      'no impact',
      { 'en.md': original({ impact: null }) },
      [`${at(2)} briefing.impact: found nothing; allowed: one of low, medium, high`],
    ],
    [
      'two sources with one URL',
      {
        'en.md': original({
          sources:
            '\n    - key: first\n      url: https://example.org/x\n      risk: low\n    - key: second\n      url: https://EXAMPLE.org/x\n      risk: low',
        }),
      },
      [`${at(18)} briefing.sources.1.url: found the address of row 1 again; allowed: each address once`],
    ],
    [
      'two sources with one key',
      {
        'en.md': original({
          sources:
            '\n    - key: first\n      url: https://example.org/x\n      risk: low\n    - key: first\n      url: https://example.org/y\n      risk: low',
        }),
      },
      [`${at(17)} briefing.sources.1.key: found the key of row 1 again`, 'sources.second'],
    ],
    [
      'no sources',
      { 'en.md': original({ sources: '[]' }) },
      [`briefing.sources: found a list of 0; allowed: one source or more`],
    ],
    [
      'a javascript: source',
      { 'en.md': original().replace('https://example.org/first', 'javascript:alert(1)') },
      [`${at(15)} briefing.sources.0.url: found "javascript:alert(1)"; allowed: an http or https address`],
    ],
    [
      'a source address with a password in it',
      { 'en.md': original().replace('https://example.org/first', 'https://a:b@example.org/') },
      ['briefing.sources.0.url: found "https://a:b@example.org/"'],
    ],
    [
      'a javascript: link in the body',
      { 'en.md': original().replace('The open body.', 'One line.\n\nA [link](javascript:alert(1)) here.') },
      [`${at(55)} link: found "javascript:alert(1)"; allowed: http:, https:, mailto:`],
    ],
    [
      'a javascript: link in a passage',
      { 'en.md': original().replace('GATED trend text.', '<javascript:alert(1)>') },
      ['link: found "javascript:alert(1)"'],
    ],
    [
      'a link to another host in disguise',
      { 'en.md': original().replace('The open body.', '[x](//evil.example) [y](/\\\\evil.example)') },
      ['link: found "//evil.example"', 'link: found "/\\\\evil.example"'],
    ],
    [
      'an end before the beginning',
      { 'en.md': original({ updated: '2024-02-26T00:00:00Z' }) },
      ['briefing.updated: found "2024-02-26T00:00:00.000Z"; allowed: a time not before published'],
    ],
    [
      'a day that does not exist',
      { 'en.md': original({ published: '2024-02-30T00:00:00Z' }) },
      ['briefing.published: found "2024-02-30T00:00:00Z"; allowed: a UTC time such as'],
    ],
    [
      'a time without a zone',
      { 'en.md': original({ published: '2024-02-27T09:00:00' }) },
      ['briefing.published: found "2024-02-27T09:00:00"'],
    ],
    [
      'published without a time',
      { 'en.md': original({ published: null }) },
      ['briefing.published: found nothing; allowed: a UTC time, since the state is published'],
    ],
    [
      'an organization that changes its name',
      {
        'en.md': original(
          { organizations: '\n    - key: known-org\n      name: Other\n      url: https://known.example' },
          '',
        ),
      },
      ['briefing.organizations.0.name: found "Other"; allowed: "Known Org", as this organization is known'],
    ],
    [
      "a slug that is not the folder's",
      { 'en.md': original({ slug: 'another' }) },
      ['briefing.slug: found "another"; allowed: the folder\'s name, "a-signal"'],
    ],
    [
      'a former slug of another briefing',
      { 'en.md': original({ formerly: '[was-taken]' }) },
      ['briefing.formerly.0: found "was-taken", which belongs to the briefing "taken"'],
    ],
    [
      'its own slug as a former one',
      { 'en.md': original({ formerly: '[a-signal]' }) },
      ['briefing.formerly.0: found "a-signal"; allowed: slugs other than its own, each once'],
    ],
    [
      'a slug in capitals',
      { 'en.md': original({ formerly: '[Old]' }) },
      ['briefing.formerly.0: found "Old"; allowed: a slug: lower-case letters'],
    ],
    [
      'a title that is too long',
      { 'en.md': original().replace('A signal in English', 'x'.repeat(201)) },
      ['title: found "xxx', 'allowed: text of 1 to 200 characters'],
    ],
    [
      'an empty title',
      { 'en.md': original().replace('title: A signal in English', 'title: ""') },
      ['title: found nothing; allowed: text of 1 to 200 characters'],
    ],
    [
      'no title in any language',
      {
        'en.md': original().replace('title: A signal in English\n', ''),
        'es.md': SPANISH.replace('title: Una señal en español\n', ''),
      },
      ['in/a-signal title: found nothing in any language; allowed: a title in at least one language'],
    ],
    [
      'text for a source the original lacks',
      { 'en.md': original(), 'es.md': SPANISH.replace('summary:', 'sources:\n  third:\n    title: x\nsummary:') },
      ['in/a-signal/es.md:4 sources.third: found a source the original does not list; allowed: one of first, second'],
    ],
    [
      'a note on nobody',
      { 'en.md': original().replace('::: organization one-org', '::: organization two-org') },
      ['organization/two-org: found a key no organization has; allowed: one of one-org'],
    ],
    [
      'two passages of one key',
      { 'en.md': `${original()}\n::: evidence a-tie\nAgain.\n:::\n` },
      ['evidence/a-tie: found a second passage of this kind and key'],
    ],
    [
      'an unknown kind of passage',
      { 'en.md': original().replace('::: trend', '::: gossip') },
      ['passages: found "::: gossip"; allowed: a passage is opened by :::'],
    ],
    [
      'a mistyped fence that would publish what is gated',
      { 'en.md': original().replace('::: trend', ':: trend') },
      ['passages: found ":: trend"'],
    ],
    [
      'an indented fence',
      { 'en.md': original().replace('::: trend', '  ::: trend') },
      ['passages: found "  ::: trend"'],
    ],
    [
      'a passage that is not closed',
      { 'en.md': original({}, '\n::: trend\nText.\n') },
      ['passages: found a passage that is not closed'],
    ],
    [
      'text between passages',
      { 'en.md': original().replace(':::\n\n::: evidence', ':::\n\nStray.\n\n::: evidence') },
      ['passages: found text outside a passage'],
    ],
    [
      'an empty passage',
      { 'en.md': original().replace('GATED trend text.', '') },
      ['trend/trend: found an empty passage'],
    ],
    [
      'an anchor',
      { 'en.md': original().replace('title: A', 'title: &t A') },
      [`${at(24)} front matter: found the anchor &t; allowed: plain YAML without anchors`],
    ],
    [
      'a bomb of aliases',
      { 'en.md': bomb() },
      ['front matter: found the anchor &a0', 'front matter: found the alias *a0'],
    ],
    ['a tag', { 'en.md': original().replace('title: A', 'title: !!js/function A') }, ['found the tag']],
    [
      'a field twice',
      { 'en.md': original().replace('title: A', 'title: B\ntitle: A') },
      [`${at(25)} front matter: found Map keys must be unique`],
    ],
    ['broken YAML', { 'en.md': original().replace('title: A', 'title: [A') }, ['front matter: found']],
    ['no front matter', { 'en.md': 'Just text.' }, [`${at(1)} front matter: found a first line that is not ---`]],
    [
      'a front matter that does not end',
      { 'en.md': '---\ntitle: x\n' },
      [`${at(1)} front matter: found no second line of ---`],
    ],
    [
      'a list for a front matter',
      { 'en.md': '---\n- a\n---\n' },
      ['front matter: found something that is not a block of fields'],
    ],
    [
      '5 MB of body',
      { 'en.md': original().replace('The open body.', 'x '.repeat(2_600_000)) },
      ['in/a-signal/en.md file: found 5', 'allowed: at most 1048576 bytes'],
    ],
    [
      'bytes that are not UTF-8',
      { 'en.md': Buffer.concat([Buffer.from(original().slice(0, 20)), Buffer.from([0xc3, 0x28])]) },
      ['file: found bytes that are not UTF-8; allowed: UTF-8'],
    ],
    [
      'a control character',
      { 'en.md': original().replace('The open body.', 'The \u0000 body.') },
      [`${at(53)} file: found the control character U+0000`],
    ],
    [
      'two originals',
      { 'en.md': original(), 'es.md': original() },
      [
        'in/a-signal briefing: found 2 files with a briefing: block; allowed: exactly one file, the original, carries it',
      ],
    ],
    ['no original', { 'es.md': SPANISH }, ['in/a-signal briefing: found no file with a briefing: block']],
    [
      'a cover that is not there',
      { 'en.md': original({ cover: 'cover.png' }).replace('title: A', 'cover-alt: x\ntitle: A') },
      ['briefing.cover: found "cover.png"; allowed: the name of a file in the folder'],
    ],
    [
      'a cover that is another kind of picture',
      { 'en.md': original({ cover: 'cover.png' }).replace('title: A', 'cover-alt: x\ntitle: A'), 'cover.png': GIF },
      ['briefing.cover: found a gif; allowed: a png, as its name says'],
    ],
    [
      'a cover that is no picture',
      {
        'en.md': original({ cover: 'cover.jpg' }).replace('title: A', 'cover-alt: x\ntitle: A'),
        'cover.jpg': '<svg onload=alert(1)>',
      },
      ['briefing.cover: found', 'allowed: a jpg, as its name says'],
    ],
    [
      'a cover of another name',
      { 'en.md': original({ cover: 'cover.svg' }) },
      ['briefing.cover: found "cover.svg"; allowed: one of cover.png, cover.jpg'],
    ],
    [
      'a cover that nobody describes',
      { 'en.md': original({ cover: 'cover.png' }), 'cover.png': PNG },
      ['cover-alt: found nothing in any language'],
    ],
    [
      'a description of no cover',
      { 'en.md': original().replace('title: A', 'cover-alt: x\ntitle: A') },
      ['cover-alt: found a text without a cover'],
    ],
    [
      'a cover that no field names',
      { 'en.md': original(), 'cover.png': PNG },
      ['briefing.cover: found nothing, with "cover.png" in the folder'],
    ],
    [
      'a cover that is too large',
      {
        'en.md': original({ cover: 'cover.png' }).replace('title: A', 'cover-alt: x\ntitle: A'),
        'cover.png': Buffer.concat([PNG, Buffer.alloc(2_100_000)]),
      },
      ['briefing.cover: found 2', 'allowed: a picture of at most 2097152 bytes'],
    ],
    [
      'a file that is none of a briefing',
      { 'en.md': original(), 'notes.md': 'x' },
      ['in/a-signal/notes.md file: found "notes.md"; allowed: one Markdown file per language'],
    ],
  ])('%s', (_name, files, expected) => {
    const found = faults(files);
    for (const part of expected) expect(found.join('\n')).toContain(part);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatch(/: found .+; allowed: .+/s);
  });
});

test('all faults of all files are named at once', () => {
  const found = faults({
    'en.md': original({ confidence: '2', impact: 'huge', category: 'weather' })
      .replace('::: trend', '::: gossip')
      .replace('The open body.', '[x](javascript:1)'),
    'es.md': SPANISH.replace('title:', 'titel:'),
  });
  for (const part of ['briefing.confidence', 'briefing.impact', 'gossip', 'javascript:1', 'es.md:2 titel'])
    expect(found.join('\n')).toContain(part);
});

test('Windows line ends and a byte order mark are accepted and not kept', () => {
  const plain = writeBriefing(content({ 'en.md': original() }), DELIVERED_SHAPE);
  expect(
    writeBriefing(content({ 'en.md': Buffer.from(`\uFEFF${original().replaceAll('\n', '\r\n')}`) }), DELIVERED_SHAPE),
  ).toEqual(plain);
  expect([...plain.values()].join('')).not.toMatch(/\r|\uFEFF/);
});

test('a text is what was written, whatever YAML would make of it', () => {
  const { editions } = content({
    'en.md': original()
      .replace('A signal in English', 'no')
      .replace('Somewhere', '2024-02-27')
      .replace('A topic', '1.20'),
  });
  expect(editions['en']).toMatchObject({ title: 'no', topic: '1.20', facts: { region: '2024-02-27' } });
});

describe('the canonical form', () => {
  const canonical = (text: string) => writeBriefing(content({ 'en.md': text }), DELIVERED_SHAPE).get('en.md')!;

  test.each([
    ['a plain briefing', original()],
    ['no body', original().replace('The open body.\n', '')],
    ['no passages', original({}, '')],
    ['words YAML would quote', original().replace('A signal in English', '"- no: #x @y"').replace('A topic', 'yes')],
    ['long lines', original().replace('A summary in English.', `'${'word '.repeat(80)}end: "quoted" and ''single'''`)],
    [
      'a colon at the start of a line in a passage',
      original()
        .replace('GATED trend text.', 'a\n:::: not a fence\n:::: \nb')
        .replace('::: trend', '::::: trend')
        .replace(':::\n\n::: organization', ':::::\n\n::: organization'),
    ],
    [
      'Markdown of every kind',
      original().replace(
        'The open body.',
        '# One\n\n- a\n- b\n\n> q\n\n```\ncode  \n```\n\n| a | b |\n|---|---|\n| 1 | 2 |',
      ),
    ],
  ])('is reached in one step and kept: %s', (_name, text) => {
    const once = canonical(text);
    expect(canonical(once)).toBe(once);
    expect(content({ 'en.md': once })).toEqual(content({ 'en.md': text }));
  });

  test('writes a score with two places, a time with seconds, fields in order', () => {
    const text = canonical(original({ confidence: '0.9', published: '2024-02-27T09:00Z' }));
    expect(text).toContain('\n  confidence: 0.90\n');
    expect(text).toContain('\n  published: 2024-02-27T09:00:00Z\n');
    expect(text.indexOf('\n  slug:')).toBeLessThan(text.indexOf('\n  confidence:'));
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 30 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
  );
  return `---\na0: &a0 [x]\n${levels.join('\n')}\n---\n`;
}

describe('a slug', () => {
  test.each([
    ['Überblick: Fußball, Ørsted & Łukasiewicz', 'uberblick-fussball-orsted-lukasiewicz'],
    ['Añadir   nubes, ¿y qué?', 'anadir-nubes-y-que'],
    ['Привет, мир', 'privet-mir'],
    ['中国的芯片', 'zhong-guo-de-xin-pian'],
    ['النفط والغاز', 'lnft-wlgz'],
    ['東京オリンピック 2027', 'dong-jing-orinpituku-2027'],
    ['Fuß\u00ADball zero\u200Bwidth \u2060join\uFEFFed', 'fussball-zerowidth-joined'],
    ['İstanbul’da ışık', 'istanbul-da-isik'],
    ['ﬁnance ① Ⅳ', 'finance-1-iv'],
    ['  -- a -- b --  ', 'a-b'],
    [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
    ['🎉 — 🚀', ''],
  ])('of %j is %j', (words, slug) => {
    expect(slugOf(words)).toBe(slug);
  });
});

describe('Markdown', () => {
  const words = { note: (n: number) => `Note ${n}`, back: (n: number) => `Back ${n}`, heading: 'Notes', lang: null };
  const rendered = (text: string, id = 'body') => renderMarkdown(text, { top: 2, id, words });

  test.each([
    ['https://example.org/annual report.pdf', 'https://example.org/annual%20report.pdf'],
    ['/an own path', '/an%20own%20path'],
    ['#ein Wort', '#ein%20Wort'],
  ])('the link <%s> is made, and so not refused', (address, made) => {
    expect(rendered(`[report](<${address}>)`)).toContain(`href="${made}"`);
    expect(faults({ 'en.md': original().replace('The open body.', `[report](<${address}>)`) })).toEqual([]);
  });

  test.each(['java\tscript:alert(1)', 'javascript:alert(1)', '//evil.example', '/\\evil.example', 'data:text/html,x'])(
    'the link <%s> is neither',
    (address) => {
      expect(rendered(`[report](<${address}>)`)).not.toContain('href');
      expect(faults({ 'en.md': original().replace('The open body.', `[report](<${address}>)`) })).toHaveLength(1);
    },
  );

  test('columns are aligned by classes, since no style in an element is heeded', () => {
    const html = rendered('| a | b | c |\n| :- | :-: | -: |\n| 1 | 2 | 3 |');
    expect(html).not.toContain('style');
    expect(html).toContain(
      '<th class="column-left">a</th>\n<th class="column-center">b</th>\n<th class="column-right">c</th>',
    );
    expect(html).toContain('<td class="column-right">3</td>');
  });

  test('footnotes stand at the end in the order of their signs, each with its ways there and back', () => {
    const html = rendered(
      'One[^b], two[^a], one again[^b] and none[^c].\n\n[^a]: The *first*, see[^d].\n[^b]: The second\n\n    with two paragraphs.\n\n[^d]: A third.\n[^unused]: Never said.\n\n- [^list]: no',
    );
    expect(html).toContain(
      'One<sup class="footnote-ref"><a id="fnref-body_1_1" href="#fn-body_1" aria-label="Note 1">1</a></sup>, two',
    );
    expect(html).toContain('none[^c].');
    expect(html.split('<div class="footnotes" role="group" aria-label="Notes">')[1]).toBe(`
<ol>
<li id="fn-body_1"><p>The second</p>
<p>with two paragraphs. <a class="footnote-back" href="#fnref-body_1_1" aria-label="Back 1">↩</a> <a class="footnote-back" href="#fnref-body_1_2" aria-label="Back 1">↩</a></p>
</li>
<li id="fn-body_2"><p>The <em>first</em>, see<sup class="footnote-ref"><a id="fnref-body_3_1" href="#fn-body_3" aria-label="Note 3">3</a></sup>. <a class="footnote-back" href="#fnref-body_2_1" aria-label="Back 2">↩</a></p>
</li>
<li id="fn-body_3"><p>A third. <a class="footnote-back" href="#fnref-body_3_1" aria-label="Back 3">↩</a></p>
</li>
</ol>
</div>
`);
    expect(html).not.toContain('Never said');
    expect(rendered('One[^b].\n\n[^b]: Two', 'trend-x')).toContain('id="fn-trend-x_1"');
    // No link stands in a link: the inner one is made, as of any two.
    expect(rendered('[a [^1]](/x)\n\n[^1]: b')).toContain('<p dir="auto">[a <sup class="footnote-ref">');
    expect(rendered('[^1]\n\n[^1]: <b> & [x](javascript:alert(1)) [y](/y)')).toContain(
      '&lt;b&gt; &amp; <a>x</a> <a href="/y">y</a>',
    );
    expect(
      faults({ 'en.md': original().replace('The open body.', '[^1]\n\n[^1]: [x](javascript:alert(1))') }),
    ).toHaveLength(1);
    expect(faults({ 'en.md': original().replace('The open body.', '[^1]\n\n[^1]: ![](none.png)') })).toHaveLength(2);
  });

  test('task lists show boxes that nobody can tick', () => {
    expect(rendered('- [ ] open **now**\n- [x] done\n- [y] neither\n\n[ ] no item')).toBe(`<ul dir="auto">
<li class="task"><label><input type="checkbox" disabled> open <strong>now</strong></label></li>
<li class="task"><label><input type="checkbox" disabled checked> done</label></li>
<li>[y] neither</li>
</ul>
<p dir="auto">[ ] no item</p>
`);
  });

  test.each([
    ['', false],
    [' \n\n', false],
    ['---', false],
    ['#', false],
    ['\u200B\u00AD\u2060', false],
    ['[x]: https://example.org', false],
    ['[^1]: unused', false],
    ['&nbsp;', false],
    ['- ', false],
    ['.', true],
    ['🎉', true],
    ['![](a.png)', true],
    ['<!-- x -->', true],
  ])('%j says something: %s', (text, says) => {
    expect(saysSomething(text)).toBe(says);
  });
});

describe.each(['type', 'domain', 'impact', 'confidence', 'relevance', 'horizon'])('%s', (field) => {
  test('is left out of a draft in which nobody has chosen it, and of nothing that is published', () => {
    const allowed = field === 'confidence' ? 'a decimal from 0.00 to 1.00 with at most two places' : 'one of ';
    const [fault, ...others] = faults({ 'en.md': original({ [field]: null }) });
    expect(others).toEqual([]);
    expect(fault).toContain(`briefing.${field}: found nothing; allowed: ${allowed}`);
    expect(fault).toMatch(/, since the state is published$/);
    const draft = content({ 'en.md': original({ [field]: null, state: 'draft', published: null }) });
    expect(draft).toMatchObject({ [field]: null });
    expect(writeBriefing(draft, DELIVERED_SHAPE).get('en.md')!.split('\ntitle:')[0]).not.toContain(`  ${field}:`);
  });
});
