import { editorialViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const FAR = '2999-01-01T08:00:00';
let taken = 0;
async function aBriefing(changes: Record<string, string | null> = {}): Promise<{ id: string; slug: string }> {
  const slug = `case-${++taken}`;
  await dossier.take(slug, { 'en.md': original({ slug, ...changes }), 'es.md': SPANISH });
  return { id: await idOf(dossier, slug), slug };
}
const save = async (id: string, changes: Record<string, string>) =>
  sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), changes);
const findings = async (id: string, level: string) =>
  said(await at(`/desk/briefings/${id}/publish`), `.findings-${level}`) ?? '';

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

test('a passage is held back until a moment: typed, kept in the working copy, previewed, published, in the calendar and the history', async () => {
  const { id, slug } = await aBriefing();
  expect((await save(id, { 'trend.trend.tier': 'leadership-alliance', 'trend.trend.until': FAR })).status).toBe(303);
  const sheet = await openSheet(dossier, cast.editor, id);
  expect([sheet.fields.get('trend.trend.tier'), sheet.fields.get('trend.trend.until')]).toEqual([
    'leadership-alliance',
    FAR,
  ]);
  expect(said(sheet.page, '#group-trend .gated-who')).toBe(
    'Read by Leadership Alliance and above; by Strategy Circle and above from January 1, 2999 at 08:00 UTC',
  );
  // Readers have what was published; a preview is a real read of what is to come.
  expect((await at(`/briefings/${slug}`, 'circle')).text).toContain('GATED trend text.');
  const preview = await at(`/desk/briefings/${id}/preview?as=strategy-circle&lang=en`);
  expect(preview.text).not.toContain('GATED trend text.');
  expect(said(preview, '.gate-opens')).toBe('Opens for Strategy Circle on January 1, 2999 at 08:00 UTC');
  expect((await at(`/desk/briefings/${id}/preview?as=leadership-alliance&lang=en`)).text).toContain(
    'GATED trend text.',
  );

  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  expect((await at(`/briefings/${slug}`, 'circle')).text).not.toContain('GATED trend text.');
  expect(said(await at('/desk/calendar'), 'main')).toMatch(
    /January 2999.*08:00 UTC A signal in English 1 passage opens for Strategy Circle/,
  );
  const revision = said(await at(`/desk/briefings/${id}/revisions/2`), 'main')!;
  for (const part of ['Only until (UTC)', 'January 1, 2999 at 08:00 UTC', 'Leadership Alliance'])
    expect(revision).toContain(part);
  expect((await at(`/desk/briefings/${id}/export`)).status).toBe(200);

  // Taken back, it opens at once.
  await save(id, { 'trend.trend.until': '', 'trend.trend.tier': '' });
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  expect((await at(`/briefings/${slug}`, 'circle')).text).toContain('GATED trend text.');
});

test.each([
  ['no moment', { 'trend.trend.tier': 'leadership-alliance', 'trend.trend.until': 'next week' }, 'not a moment'],
  [
    'a day that is none',
    { 'trend.trend.tier': 'leadership-alliance', 'trend.trend.until': '2999-02-30T08:00' },
    'not a moment',
  ],
  ['a moment without a tier', { 'trend.trend.until': FAR }, 'a moment without a tier'],
  ['first readers without a moment', { 'early.tier': 'leadership-alliance' }, 'no moment'],
  ['a moment without first readers', { 'early.until': FAR }, 'not chosen, though a moment is'],
  ['first readers and no moment', { 'early.tier': 'leadership-alliance', 'early.until': 'soon' }, 'no moment'],
] as const)(
  '%s is kept as it was typed, said beside its field, and publishes nothing',
  async (_name, changes, finding) => {
    const { id } = await aBriefing();
    expect((await save(id, changes)).status).toBe(303);
    const sheet = await openSheet(dossier, cast.editor, id);
    for (const [name, value] of Object.entries(changes)) expect(sheet.fields.get(name)).toBe(value);
    expect(said(sheet.page, '.field-error')).toContain(finding);
    expect(await findings(id, 'fault')).toContain(finding);
    expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(422);
  },
);

test.each([
  ['a passage that has opened', { 'trend.trend.tier': 'leadership-alliance', 'trend.trend.until': '2025-01-01T08:00' }],
  ['a briefing that has opened', { 'early.tier': 'strategy-circle', 'early.until': '2025-01-01T08:00' }],
] as const)(
  '%s has no embargo any more: the checklist says so and asks no more than without it',
  async (_name, changes) => {
    const { id } = await aBriefing();
    const asked = await findings(id, 'warning');
    await save(id, changes);
    const checklist = await at(`/desk/briefings/${id}/publish`);
    expect([
      said(checklist, '.findings-warning') ?? '',
      said(checklist, 'main')?.includes('An embargo has passed. It holds nothing back any more'),
    ]).toEqual([asked, true]);
  },
);

test.each([
  ['trend.trend', 'trend.trend.tier'],
  ['early', 'early.tier'],
])('%s that ends before the briefing comes out is pointed out', async (field, tier) => {
  const { id } = await aBriefing({ published: '2999-06-01T00:00:00Z' });
  await save(id, { [tier]: 'leadership-alliance', [`${field}.until`]: FAR });
  expect(await findings(id, 'warning')).toContain('before the briefing is published');
});

test('a briefing comes out for a tier first; a preview as the others says so, and what they will meet then', async () => {
  const { id, slug } = await aBriefing({ state: 'draft', published: null });
  await save(id, { 'early.tier': 'strategy-circle', 'early.until': FAR });
  expect((await openSheet(dossier, cast.editor, id)).fields.get('early.until')).toBe(FAR);
  const preview = await at(`/desk/briefings/${id}/preview?as=public&lang=en`);
  expect([preview.status, said(preview, 'h1')]).toEqual([200, 'Not there yet for Public']);
  expect(preview.text).not.toContain('A signal in English');
  const then = await at(preview.html.querySelector('.notice-do a')!.getAttribute('href')!.replaceAll('&amp;', '&'));
  expect(said(then, 'h1')).toBe('A signal in English');
  expect(then.text).not.toContain('GATED');
  expect(said(await at(`/desk/briefings/${id}/preview?as=strategy-circle&lang=en`), 'h1')).toBe('A signal in English');

  const checklist = said(await at(`/desk/briefings/${id}/publish`), 'main')!;
  expect(checklist).toContain(
    'Strategy Circle and above have it first; for everybody else it is there from January 1, 2999 at 08:00 UTC on.',
  );
  expect(checklist).not.toContain('Every reader has it at once');
  expect((await doAct(dossier, cast.editor, id, 'publish')).status).toBe(303);
  expect([
    (await at(`/briefings/${slug}`, 'visitor')).status,
    (await at(`/briefings/${slug}`, 'circle')).status,
  ]).toEqual([404, 200]);
  expect(said(await at('/desk/calendar'), 'main')).toMatch(/A signal in English Opens for everybody/);

  // An older revision brings its words back, and lets nobody in.
  await save(id, { 'title.en': 'Another title' });
  await doAct(dossier, cast.editor, id, 'keep');
  const { number } = await dossier.wall.read(editorialViewer, (db) =>
    db.revision.findFirstOrThrow({ where: { briefingId: id }, orderBy: { number: 'asc' } }),
  );
  const restored = await fetch(`${dossier.url}/desk/briefings/${id}/revisions/${number}/restore`, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...cast.editor.headers, Origin: dossier.url },
  });
  expect(restored.status).toBe(303);
  expect([
    (await at(`/briefings/${slug}`, 'visitor')).status,
    said(await at(`/briefings/${slug}`, 'circle'), 'h1'),
  ]).toEqual([404, 'A signal in English']);
});
