import { accountsViewer } from '../../src/access/viewer';
import { original, PASSAGES } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { fieldsOf, idOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const row = (key: string) => `\n    - key: ${key}\n      name: ${key.replace(/^./, (first) => first.toUpperCase())}`;
const rows = (...keys: readonly string[]) => keys.map(row).join('');
const note = (key: string, text = `GATED on ${key}.`) => `\n::: organization ${key}\n${text}\n:::\n`;
const WITHOUT_NOTE = PASSAGES.replace(/::: organization one-org\n[^:]*:::\n/, '');

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  const take = (slug: string, organizations: string, tail: string) =>
    dossier.take(slug, { 'en.md': original({ slug, organizations }, tail) });
  await take('of-left', rows('left', 'third'), note('left'));
  await take('of-both', rows('third', 'right', 'left'), note('right') + WITHOUT_NOTE);
  await take('of-right', rows('right'), note('right'));
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string>, name: Name = 'editor') =>
  send(dossier, path, fields, { cookie: cast[name].headers['Cookie']! });
const plan = async (into: string, other: string) => {
  const page = await at(`/desk/organizations/${into}/merge?other=${other}`, 'editor');
  return { page, fields: Object.fromEntries(fieldsOf(page, 'form[method=post][action$="/merge"]')) };
};
const pointsOf = (page: Awaited<ReturnType<typeof at>>) =>
  page.html.querySelectorAll('.points li').map((one) => one.text.trim());
const change = async (slug: string, fields: Record<string, string>) =>
  post(`/desk/organizations/${slug}`, {
    ...Object.fromEntries(fieldsOf(await at(`/desk/organizations/${slug}`, 'editor'), 'form.desk-category-form')),
    ...fields,
  });

test('who is chosen is found by name or address; what would move is said, and that it is for ever', async () => {
  expect((await at('/desk/organizations/left/merge?other=nobody', 'editor')).text).toContain(
    'There is no other organization of this name or address.',
  );
  expect((await at('/desk/organizations/left/merge?other=Left', 'editor')).status).toBe(422);
  expect((await post('/account/follow', { query: 'organization=right', list: 'each' }, 'circle')).status).toBe(303);
  expect((await post('/account/follow', { query: 'organization=left', list: 'daily' }, 'circle')).status).toBe(303);
  const { page } = await plan('left', 'RIGHT');
  expect(pointsOf(page)).toEqual([
    '2 briefings are linked to Left instead.',
    '1 of them is linked to both, and then to one.',
    '2 notes move with their briefings, open to the same readers as now.',
    '1 follow goes on under the new address.',
    '1 address leads on.',
    'Descriptions, links and identifiers are those of Left; where it has none, those of Right.',
  ]);
  expect(page.text).toContain('This cannot be undone.');
  expect(page.text).not.toContain('GATED');
});

test('nobody merges what has changed since they looked', async () => {
  const { fields } = await plan('left', 'right');
  await change('right', { 'description.en': 'Said since.', wikidata: 'Q1' });
  await change('left', { 'description.es': 'Dicho.', wikidata: 'Q2' });
  const refused = await post('/desk/organizations/left/merge', fields);
  expect([refused.status, refused.text.includes('Something changed since you looked.')]).toEqual([409, true]);
  expect(refused.text).toContain('Both have an identifier in Wikidata, and they differ.');
  expect((await at('/organizations/right')).status).toBe(200);
});

test('two organizations with a note each in one briefing stay two until these are one', async () => {
  const both = (tail: string) =>
    dossier.take('of-both', {
      'en.md': original({ slug: 'of-both', organizations: rows('third', 'right', 'left') }, tail),
    });
  await both(note('right') + note('left', 'GATED too.') + WITHOUT_NOTE);
  const { page, fields } = await plan('left', 'right');
  expect([pointsOf(page), fields]).toEqual([['A signal in English'], {}]);
  expect(page.html.querySelector('.points a')?.getAttribute('href')).toBe(
    `/desk/briefings/${await idOf(dossier, 'of-both')}`,
  );
  expect((await post('/desk/organizations/left/merge', { other: 'right', version: 'x' })).status).toBe(409);
  await both(note('right') + WITHOUT_NOTE);
});

test('merged, one has the briefings, notes, words and addresses of both, and what was said before reads on', async () => {
  await change('right', { slug: 'rightly', url: 'https://right.example' });
  await change('left', { url: 'https://left.example' });
  const { fields } = await plan('left', 'rightly');
  const merged = await post('/desk/organizations/left/merge', fields);
  expect(merged.headers.get('location')).toBe('/desk/organizations?done=organization-merged');
  for (const slug of ['right', 'rightly'])
    expect((await at(`/organizations/${slug}`)).headers.get('location')).toBe('/organizations/left');
  const page = await at('/organizations/left', 'circle');
  expect([said(page, 'h1'), said(page, '.dek'), said(page, '.byline li')]).toEqual([
    'Left',
    'Said since.',
    '3 briefings',
  ]);
  expect(
    page.html
      .querySelectorAll('.organization-notes .prose')
      .map((one) => one.text.trim())
      .sort(),
  ).toEqual([...['GATED on left.', 'GATED on right.', 'GATED on right.']]);
  expect(page.html.querySelectorAll('.byline a').map((one) => one.text)).toEqual([
    ...['left.example', 'right.example', 'Q2'],
  ]);
  const linked = async () =>
    (await at('/briefings/of-both', 'circle')).html
      .querySelectorAll('.organization-name a:not(.organization-site)')
      .map((one) => one.text.trim());
  expect(await linked()).toEqual(['Third', 'Left']);
  expect((await at('/organizations/left')).text).not.toContain('GATED');
  // A revision that had a note on each has both in one, and only for those who may read them.
  const then = await at('/briefings/of-both/revisions/2', 'circle');
  for (const text of ['GATED on right.', 'GATED too.']) expect(then.text).toContain(text);
  expect((await at('/briefings/of-both/revisions/2')).text).not.toContain('GATED');
  expect(await dossier.wall.read(accountsViewer, (db) => db.follow.findMany({ select: { query: true } }))).toEqual([
    { query: 'organization=left' },
  ]);
  // A file that names both is read as it is meant now.
  await dossier.take('of-both', {
    'en.md': original(
      { slug: 'of-both', organizations: `${rows('third', 'right', 'left')}\n      url: https://left.example` },
      note('right') + note('left', 'GATED once more.') + WITHOUT_NOTE,
    ),
  });
  expect(await linked()).toEqual(['Third', 'Left']);
  const joined = await at('/briefings/of-both', 'circle');
  for (const text of ['GATED on right.', 'GATED once more.']) expect(joined.text).toContain(text);
  const [entry] = await dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { action: 'organization-merged' } }),
  );
  expect([entry?.targetId, entry?.before, entry?.after]).toMatchObject([
    ...[
      'left',
      { slug: 'rightly', 'organization-name': 'Right' },
      { slug: 'left', 'organization-description.en': 'Said since.' },
    ],
  ]);
});
