import { editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { readBriefingAs } from '../../src/briefings/reading/queries';
import { countsFromGate } from '../../src/briefings/reading/view-counts';
import { uncovered } from '../../src/leaks/coverage';
import type { Scene } from '../../src/leaks/oracle';
import { VISITORS } from '../../src/leaks/visitors';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import type { KindShape, PassageKind } from '../../src/site/shape/shape';
import { fieldsOf, open, somebody } from '../admin/support';
import { sceneOf, shortWalk } from '../leaks/site';
import { ask, briefingIn } from '../support/api';
import { original } from '../support/briefing';
import { enter, tokenFor, VISITOR, type Member } from '../support/cast';
import { beginDraft, doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { PNG } from '../support/pictures';
import { asSuperuserIn } from '../support/stores/cluster';

/**
 * Kinds of passages that no code has heard of, of each of the four shapes, made in the browser and walked through desk,
 * page, gate, file, API, matrix and leak oracle: whatever names kinds instead of asking the shape forgets them here.
 */
const kind = (slug: string, made: number, shape: KindShape, en: string, es: string): PassageKind => ({
  ...{ slug, made, shape, retired: false, keyless: false, gateGroup: 'other', field: `kind-${slug}` },
  texts: [
    { lang: 'en', name: en, long: `${en}, at length` },
    { lang: 'es', name: es, long: `${es}, en detalle` },
  ],
});
const COUNTER_VIEW = kind('counter-view', 5, 'one-text', 'Counter view', 'Visión contraria');
/** No tier opens it. */
const SEALED = kind('sealed', 6, 'list', 'Sealed', 'Sellada');
/** They hang on what everybody reads. */
const STAKE = kind('stake', 7, 'per-organization', 'Stake', 'Interés');
const CAVEAT = kind('caveat', 8, 'per-source', 'Caveat', 'Salvedad');
const OWN = [COUNTER_VIEW, SEALED, STAKE, CAVEAT];
const KINDS = [...DELIVERED_SHAPE.kinds, ...OWN];

let dossier: Dossier;
let [editor, circle, alliance]: Member[] = [];
let id: string;

const superuser = (sql: string) => asSuperuserIn(dossier.urls.superuser, (client) => client.query(sql));
const page = (member: Member, path = '/briefings/a-signal') =>
  visit(`${dossier.url}${path}`, { headers: member.headers });
const sheet = (query = '') => openSheet(dossier, editor!, id, query);
const gateRow = ({ html }: Page) =>
  html.querySelector('.gate li#kind-counter-view')?.text.replace(/\s+/g, ' ').trim() ?? null;
const files = async () =>
  Object.fromEntries((await exportBriefing(dossier.wall, 'a-signal'))!) as Record<string, string>;

/** Adds a text of a kind with the form's button, in both languages. */
async function type(field: string, en: string, es: string): Promise<void> {
  const blank = await sheet(`?add=${field}`);
  const name = [...blank.fields.keys()].find((one) => one.startsWith(`${field}.`) && one.endsWith('.text.en'))!;
  const saved = await sendSheet(dossier, editor!, blank, { [name]: en, [name.replace(/en$/, 'es')]: es });
  expect([field, saved.status]).toEqual([field, 303]);
}

beforeAll(async () => {
  dossier = await startDossier();
  const admin = await somebody(dossier, 'admin');
  for (const { shape, texts } of OWN) {
    const form = fieldsOf(await open(dossier, admin, '/admin/shape/kinds/new'));
    const names = texts.flatMap(({ lang, name, long }) => [
      [`name-${lang}`, name] as const,
      [`long-${lang}`, long!] as const,
    ]);
    const tier = ['one-text', 'list'].includes(shape) ? 'leadership-alliance' : 'strategy-circle';
    const typed = { ...form, ...Object.fromEntries(names), slug: '', 'passage-shape': shape, tier };
    const made = await send(dossier, '/admin/shape/kinds/new', typed, { cookie: admin.cookie });
    expect([made.status, made.headers.get('location')]).toEqual([303, '/admin/shape?done=word-made#shape-kinds']);
  }
  // As it is left where a process dies before it has given the kind its gate.
  await superuser("DELETE FROM gates WHERE kind = 'sealed'");
  [editor, circle, alliance] = [
    await enter(dossier, 'editor'),
    await enter(dossier, 'circle'),
    await enter(dossier, 'alliance'),
  ];
  id = (await beginDraft(dossier, 'a-signal')).split('/').at(-1)!;
  await type('kind-counter-view', 'GATED contrary **words**.', 'GATED palabras contrarias.');
  await type('kind-sealed', 'GATED sealed words.', 'GATED palabras selladas.');
  const notes = {
    'organizations.one-org.kind-stake.en': 'GATED stake.',
    'sources.second.kind-caveat.en': 'GATED caveat.',
  };
  expect((await sendSheet(dossier, editor, await sheet(), notes)).status).toBe(303);
  for (const act of ['submit', 'publish'])
    expect([act, (await doAct(dossier, editor, id, act)).status]).toEqual([act, 303]);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

test('the desk has it as it was typed, under its own name and a lasting key, and offers no second', async () => {
  const { fields, page: form } = await sheet();
  expect(fields.get('kind-counter-view.counter-view.text.en')).toBe('GATED contrary **words**.');
  expect(fields.get('kind-counter-view.counter-view.text.es')).toBe('GATED palabras contrarias.');
  expect(said(form, '#group-kind-counter-view-heading')).toBe('Counter view, at length');
  const buttons = form.html.querySelectorAll('button[name=do]').map((one) => one.getAttribute('value'));
  const readers = (group: string) => said(form, `[aria-labelledby=group-${group}-heading] .gated-who`);
  expect(readers('kind-counter-view')).toBe('Read by the Leadership Alliance and above');
  expect(readers('kind-sealed')).toBe('Read by nobody: no tier opens it yet');
  expect(['kind-counter-view', 'kind-sealed'].map((group) => buttons.includes(`add ${group}`))).toEqual([false, true]);
});

test('the checklist knows it', async () => {
  const name = 'kind-counter-view.counter-view.text.en';
  await sendSheet(dossier, editor!, await sheet(), { [name]: 'GATED [a link](javascript:alert(1))' });
  const checklist = await page(editor!, `/desk/briefings/${id}/publish`);
  expect(said(checklist, '.findings-fault')).toContain('Counter view');
  expect((await sheet()).page.html.querySelector(`[name="${name}"]`)!.getAttribute('aria-invalid')).toBe('true');
  await send(dossier, `/desk/briefings/${id}/discard`, {}, { cookie: editor!.headers['Cookie']! });
});

test('a gate stands for it, by name and number, until the tier that opens it', async () => {
  for (const member of [VISITOR, circle!]) {
    const read = await page(member);
    expect([gateRow(read), read.text.includes('GATED contrary')]).toEqual(['Counter view, at length 1 passage', false]);
    expect(read.html.querySelector('#kind-counter-view-heading')).toBeNull();
  }
  expect(gateRow(await page(VISITOR, '/es/briefings/a-signal'))).toBe('Visión contraria, en detalle 1 pasaje');
  const read = await page(alliance!);
  expect([gateRow(read), said(read, '#kind-counter-view-heading')]).toEqual([null, 'Counter view, at length']);
  expect(said(read, '#kind-counter-view .file-body')).toContain('GATED contrary words.');
  const spanish = await page(alliance!, '/es/briefings/a-signal');
  expect(said(spanish, '#kind-counter-view')).toMatch(/Visión contraria, en detalle.*GATED palabras contrarias/);
});

test('notes of other kinds stand with the organization and the source they are about', async () => {
  const read = await page(circle!);
  expect(said(read, '#about-one-org')).toMatch(/One Org.*GATED organization note\..*Stake.*GATED stake\./);
  expect(said(read, '#source-second')).toContain('GATED caveat.');
  const closed = await page(VISITOR);
  expect(closed.text).not.toContain('GATED');
  const rows = closed.html.querySelectorAll('.gate li').map((one) => one.text.replace(/\s+/g, ' ').trim());
  for (const row of ['Stake, at length 1 note', 'Caveat, at length 1 note']) expect(rows).toContain(row);
  const token = await tokenFor(dossier, circle!.id!);
  const { passages } = briefingIn(await ask(`${dossier.url}/api/v1/briefings/a-signal`, { token }));
  expect(passages.filter((one) => ['stake', 'caveat'].includes(one.kind)).map((one) => one.subject)).toEqual([
    { of: 'organization', key: 'one-org', name: 'One Org' },
    { of: 'source', key: 'second', name: 'The second source' },
  ]);
});

test('the page of an organization tells its notes apart', async () => {
  const read = await page(circle!, '/organizations/one-org');
  const notes = read.html.querySelectorAll('.organization-notes .passage');
  expect(notes.map((one) => one.text.replace(/\s+/g, ' ').trim())).toEqual([
    'Organization note Strategy Circle GATED organization note. Link to this passage (One Org)',
    'Stake Strategy Circle GATED stake. Link to this passage (One Org)',
  ]);
  expect(new Set(notes.map(({ id }) => id)).size).toBe(2);
  const closed = await page(VISITOR, '/organizations/one-org');
  expect(said(closed, '.organization-notes')).toBe('2 notes of this briefing for Strategy Circle');
});

test('who comes from its gate is counted, and who finds its words is told where they stand', async () => {
  const next = '/briefings/a-signal#kind-counter-view';
  const shape = { ...DELIVERED_SHAPE, kinds: KINDS };
  expect(countsFromGate(shape, 'leadership-alliance', next, 'begun')).toHaveLength(1);
  const [found, none] = [await page(alliance!, '/search?q=contrary'), await page(circle!, '/search?q=contrary')];
  expect([found, none].map(({ text }) => text.includes('/briefings/a-signal'))).toEqual([true, false]);
  expect(found.text).toContain('Counter view, at length');
});

test('a kind without a gate opens to nobody, however far they read', async () => {
  for (const rank of [20, 999, 1000]) {
    const viewer = { role: 'reader', rank } as const;
    const rows = await dossier.wall.read(viewer, (db) => db.passage.findMany({ select: { kind: true } }));
    expect(rows.map((row) => row.kind).filter((one) => one === 'sealed')).toEqual([]);
    expect(rows.map((row) => row.kind)).toContain('counter_view');
    expect(JSON.stringify(await readBriefingAs(dossier.wall, viewer, 'a-signal'))).not.toContain('GATED sealed');
  }
  for (const member of [VISITOR, alliance!]) expect((await page(member)).text).not.toMatch(/sealed words|Sealed/);
  const sold = (await page(VISITOR, '/pricing')).text;
  expect([COUNTER_VIEW, SEALED].map(({ texts }) => sold.includes(texts[0]!.name))).toEqual([true, false]);
  const tail = '\n::: sealed one\nGATED ![A point](point.png)\n:::\n';
  const pictured = original({ slug: 'pictured', state: 'draft', published: null }, tail);
  await dossier.take('pictured', { 'en.md': pictured, 'point.png': PNG });
  const pictures = await page(editor!, `/desk/briefings/${await idOf(dossier, 'pictured')}/pictures`);
  expect([pictures.status, pictures.text.includes('Read by nobody')]).toEqual([200, true]);
});

test('a program is given it, or told of it, by its token', async () => {
  const asked = async (member: Member | null) => {
    const token = member && (await tokenFor(dossier, member.id!));
    const answer = await ask(`${dossier.url}/api/v1/briefings/a-signal`, token ? { token } : {});
    const { passages, gates } = briefingIn(answer);
    expect(answer.text).not.toMatch(/sealed/);
    const own = <One extends { readonly kind: string }>(all: readonly One[]) =>
      all.filter((one) => one.kind === 'counter-view');
    return [own(passages), own(gates)];
  };
  const gate = { kind: 'counter-view', tier: 'leadership-alliance', count: 1, opens: null };
  for (const member of [null, circle!]) expect(await asked(member)).toEqual([[], [gate]]);
  const passage = { kind: 'counter-view', key: 'counter-view', tier: 'leadership-alliance', language: 'en' };
  expect(await asked(alliance!)).toEqual([
    [{ ...passage, markdown: 'GATED contrary **words**.', pictures: [], subject: null }],
    [],
  ]);
});

test('its file holds it, and comes in again as the same', async () => {
  const before = await files();
  expect(before['en.md']).toContain('\n::: counter-view counter-view\nGATED contrary **words**.\n:::\n');
  expect(before['es.md']).toContain('\n::: counter-view counter-view\nGATED palabras contrarias.\n:::\n');
  await dossier.take('a-signal', { ...before, 'en.md': before['en.md']!.replace('contrary **', 'other **') });
  expect((await page(alliance!)).text).toContain('GATED other');
  await dossier.take('a-signal', before);
  expect(await files()).toEqual(before);
});

test('the matrix shows it, and gives a gate to what has none', async () => {
  const admin = await somebody(dossier, 'admin');
  const matrix = await open(dossier, admin, '/admin/matrix');
  const chosen = (name: string) =>
    matrix.html
      .querySelectorAll(`input[name=${name}]`)
      .map((one) => [one.getAttribute('value'), one.hasAttribute('checked')]);
  expect(matrix.text).toContain('<legend>Counter view, at length</legend>');
  expect(chosen('kind-counter-view')).toContainEqual(['leadership-alliance', true]);
  expect(chosen('kind-sealed').filter(([, is]) => is)).toEqual([]);
  const asked = await open(dossier, admin, '/admin/matrix/change?kind-sealed=leadership-alliance');
  expect(asked.status).toBe(200);
  expect(said(asked, '.shifts tbody tr')).toMatch(/^Sealed, at length 1 passage in 1 published briefing/);
  const fields = { ...fieldsOf(asked), reason: 'because a test says so' };
  const answer = await send(dossier, '/admin/matrix/change', fields, { cookie: admin.cookie });
  expect(answer.status).toBe(303);
  try {
    expect([await page(circle!), await page(alliance!)].map(({ text }) => text.includes('GATED sealed'))).toEqual([
      false,
      true,
    ]);
    expect(said(await open(dossier, admin, '/admin/audit?action=matrix-changed'), 'tbody tr')).toContain('Sealed');
  } finally {
    await superuser("DELETE FROM gates WHERE kind = 'sealed'");
  }
});

describe('the leak oracle', () => {
  let scene: Scene;
  const names = ['visitor', 'circle', 'alliance', 'token, circle', 'token, alliance'];
  const routes = ['GET /briefings/:slug', 'GET /api/v1/briefings/:slug'];
  beforeAll(async () => {
    scene = await sceneOf(
      dossier,
      VISITORS.filter(({ name }) => names.includes(name)),
    );
  });

  test('plants a canary in each text of every kind, and sees where one is missing', async () => {
    expect(scene.uncovered).toEqual([]);
    await superuser("CREATE TABLE aside AS SELECT * FROM passages WHERE kind = 'counter_view' AND text LIKE '%zq7k%'");
    await superuser("UPDATE passages SET text = 'nothing', key = 'nothing' WHERE id IN (SELECT id FROM aside)");
    const gaps = await uncovered(dossier.wall, scene.planted, ['en', 'es']);
    await superuser(
      'UPDATE passages p SET text = a.text, key = a.key FROM aside a WHERE a.id = p.id; DROP TABLE aside',
    );
    expect(gaps).toEqual(['kind counter-view, en', 'kind counter-view, es']);
    expect(await uncovered(dossier.wall, scene.planted, ['en', 'es'])).toEqual([]);
    // A language that was switched on since says the same of all its texts.
    expect(await uncovered(dossier.wall, scene.planted, ['en', 'es', 'ar'])).toContain('kind counter-view, ar');
  });

  test('finds nothing where it is gated, and finds it where it is not', async () => {
    const walk = () => shortWalk(dossier, scene, { names, routes });
    const { recorder: judge } = await walk();
    expect(judge.findings).toEqual([]);
    // Who may read it reads it, on the page and in the API.
    for (const [route, { met }] of judge.surfaces)
      expect([route, [...met].some(({ place }) => place.startsWith('plain, now: counter-view'))]).toEqual([
        route,
        true,
      ]);
    await superuser("UPDATE gates SET tier_slug = 'public' WHERE kind = 'counter_view'");
    try {
      const open = (await walk()).recorder.findings.map(({ what }) => what);
      expect(open.length).toBeGreaterThan(0);
      expect(open.filter((what) => !what.includes('counter-view'))).toEqual([]);
    } finally {
      await superuser("UPDATE gates SET tier_slug = 'leadership-alliance' WHERE kind = 'counter_view'");
    }
  });
});

test('the desk reads passages of every kind', async () => {
  const rows = await dossier.wall.read(editorialViewer, (db) => db.passage.findMany({ select: { kind: true } }));
  expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(KINDS.map(({ slug }) => slug.replaceAll('-', '_'))));
});
