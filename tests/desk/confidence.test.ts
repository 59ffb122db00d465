import { accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { idOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const at = (path: string, name: Name = 'admin', url = dossier.url) =>
  visit(`${url}${path}`, { headers: cast[name].headers });
const post = (fields: Record<string, string>, name: Name = 'admin') =>
  send(dossier, '/desk/confidence', fields, { cookie: cast[name].headers['Cookie']! });
const entries = () =>
  dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { action: 'confidence-rule-changed' }, orderBy: { at: 'asc' } }),
  );

/** What the form says as it stands, as a browser would send it. */
async function asItStands(): Promise<Record<string, string>> {
  const { html } = await at('/desk/confidence');
  return Object.fromEntries(
    html
      .querySelectorAll('form.desk-bands input')
      .filter((one) => one.getAttribute('type') !== 'checkbox' || one.hasAttribute('checked'))
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
  );
}

/** Asks for a change, and says yes to what the page says of it. */
async function change(
  changes: Record<string, string>,
): Promise<{ asked: Awaited<ReturnType<typeof post>>; yes: Record<string, string> }> {
  const asked = await post({ ...(await asItStands()), ...changes });
  return {
    asked,
    yes: Object.fromEntries(
      asked.html
        .querySelectorAll('main form.section-form input[type=hidden]')
        .map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
    ),
  };
}

const doubts = async (id: string, url = dossier.url) =>
  /A confidence of [^.]*?(?=The desk)/
    .exec(said(await at(`/desk/briefings/${id}/publish`, 'editor', url), 'main')!)?.[0]
    .trim() ?? null;

test('an admin changes what a score needs: asked first, told what it does, noted, in force on the next page of every process', async () => {
  await dossier.take('scored', { 'en.md': original({ slug: 'scored', confidence: '0.80' }), 'es.md': SPANISH });
  const id = await idOf(dossier, 'scored');
  expect(await doubts(id)).toBeNull();
  const other = await startDossier({ on: dossier.urls });
  try {
    expect(await doubts(id, other.url)).toBeNull();
    const { asked, yes } = await change({ 'ab.sources': '4', 'ab.low-risk': '2' });
    expect([asked.status, said(asked, '.conflict')?.replace(/\s+/g, ' ')]).toEqual([
      200,
      '0.75–0.89 · StrongNow1 source at least. 1 of low risk at least. Not all of high risk.Then4 sources at least. 2 of low risk at least. Not all of high risk.',
    ]);
    expect(said(asked, 'main form.section-form')).toContain('asked about: 0 of 1 now, 1 then.');
    // Only looked at so far.
    expect([await doubts(id), await entries()]).toEqual([null, []]);

    const done = await post(yes);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/desk/confidence?done=ruled']);
    expect(await doubts(id)).toBe('A confidence of 80% on fewer than 4 sources');
    expect(await doubts(id, other.url)).toBe('A confidence of 80% on fewer than 4 sources');
  } finally {
    await other.stop();
  }
  expect(await entries()).toMatchObject([
    {
      actorId: cast.admin.id,
      before: { 'sources-ab': 1, 'low-risk-ab': 1, 'not-all-high-ab': true },
      after: { 'sources-ab': 4, 'low-risk-ab': 2, 'not-all-high-ab': true },
      fromAddress: '127.0.0.0/24',
    },
  ]);
  expect((await at('/admin/audit?action=confidence-rule-changed')).text).toContain('Of low risk, 0.75–0.89');
  expect((await at('/es/admin/audit?action=confidence-rule-changed')).text).toContain('Cambió la regla de confianza');
});

test('each part of the rule is asked by itself', async () => {
  const fewer = await change({ 'ab.sources': '2', 'ab.low-risk': '2' });
  await post(fewer.yes);
  expect(await doubts(await idOf(dossier, 'scored'))).toBe('A confidence of 80% on fewer than 2 sources of low risk');
  const none = await change({ 'ab.sources': '0', 'ab.low-risk': '0' });
  await post(none.yes);
  expect(await doubts(await idOf(dossier, 'scored'))).toBeNull();
});

test('what was looked at is what is put in force: said twice it is done once, and over another rule it is asked again', async () => {
  const before = (await entries()).length;
  const [one, other] = [await change({ 'd.sources': '1' }), await change({ 'd.sources': '3' })];
  expect((await Promise.all([post(one.yes), post(one.yes)])).map(({ status }) => status)).toEqual([303, 303]);
  expect(await entries()).toHaveLength(before + 1);
  const late = await post(other.yes);
  expect([late.status, said(late, '.desk-wrong')]).toEqual([
    409,
    'Somebody else changed the rule while you were reading. This is what yours would change now.',
  ]);
  expect((await asItStands())['d.sources']).toBe('1');
  const again = Object.fromEntries(
    late.html
      .querySelectorAll('main form.section-form input[type=hidden]')
      .map((field) => [field.getAttribute('name')!, field.getAttribute('value')!]),
  );
  expect((await post(again)).status).toBe(303);
  expect((await asItStands())['d.sources']).toBe('3');
});

test.each([
  ['21', '0'],
  ['-1', '0'],
  ['1.5', '0'],
  ['two', '0'],
  ['', '0'],
  ['1', '2'],
])('%j sources with %j of low risk is no rule, and what was typed stays', async (sources, lowRisk) => {
  const before = await asItStands();
  const answer = await post({ ...before, 'bc.sources': sources, 'bc.low-risk': lowRisk });
  expect([answer.status, answer.html.querySelector('#bc-error')?.text]).toEqual([
    422,
    'Whole numbers from 0 to 20, and no more of low risk than there are sources.',
  ]);
  expect(answer.html.querySelector('[name="bc.sources"]')!.getAttribute('value')).toBe(sources);
  expect(await asItStands()).toEqual(before);
});

test('the rule as it stands is no change; half a form is none; an editor reads the rule and cannot change it', async () => {
  expect((await post(await asItStands())).status).toBe(422);
  expect((await post({ 'a.sources': '1' })).status).toBe(400);
  const page = await at('/desk/confidence', 'editor');
  expect([
    page.status,
    page.html.querySelector('main form'),
    said(page, '.desk-needs')?.includes('Nothing is asked.'),
  ]).toEqual([200, null, true]);
  const { yes } = await change({ 'a.sources': '9' });
  expect((await post(yes, 'editor')).status).toBe(403);
  expect((await post(yes, 'circle')).status).toBe(404);
  expect((await asItStands())['a.sources']).toBe('2');
});
