import { editorialViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { findEditable, writeCopy } from '../../src/briefings/writing/working-copies';
import { MOST_RESTORE_POINTS } from '../../src/briefings/writing/restore-points';
import { doAct, fieldsOf, idOf, openSheet, pushOutRestorePoints, sendSheet, type Sheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
let id: string;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const read = () => visit(`${dossier.url}/briefings/a-signal`);
const copies = () =>
  dossier.wall.read(editorialViewer, (db) => db.briefing.count({ where: { copyOf: { not: null } } }));

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', {
    'en.md': original({ stricter: '\n    trend/trend: leadership-alliance' }),
    'es.md': SPANISH,
  });
  id = await idOf(dossier, 'a-signal');
});
afterAll(() => dossier.stop());
afterEach(async () => {
  await send(dossier, `/desk/briefings/${id}/discard`, {}, { cookie: cast.editor.headers['Cookie']! });
  expect(dossier.logged).toEqual([]);
});

test('a sheet that is saved as it was opened changes nothing, and makes no working copy', async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  expect(sheet.page.status).toBe(200);
  expect((await sendSheet(dossier, cast.editor, sheet)).status).toBe(303);
  expect(await copies()).toBe(0);
});

test('what is saved is kept word for word, and readers see nothing of it', async () => {
  const before = (await read()).text;
  const sheet = await openSheet(dossier, cast.editor, id);
  const texts = {
    'title.en': 'A <better> "title" & more',
    'body.en': 'Two\n\n**paragraphs**',
    'trend.trend.text.es': 'GATED nuevo\n\n- texto',
    'sources.first.note.en': 'GATED another note',
    'lists.what-to-watch.es': 'Uno\nDos',
    'facts.region.es': 'Europa',
  };
  const answer = await sendSheet(dossier, cast.editor, sheet, texts);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/desk/briefings/${id}?done=saved`]);
  const again = await openSheet(dossier, cast.editor, id);
  for (const [name, value] of Object.entries(texts)) expect([name, again.fields.get(name)]).toEqual([name, value]);
  expect(said(again.page, '[data-state]')).toContain('saved last by editor');
  expect((await read()).text).toBe(before);
  const row = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findUniqueOrThrow({ where: { id }, select: { revision: true } }),
  );
  expect(row.revision).toBe(1);
});

test('what does not fit is kept as it was typed, said beside its field, and keeps the briefing from going on', async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  const wrong = {
    slug: 'Not A Slug',
    confidence: '12',
    'sources.first.url': 'ftp://example.org',
    'sources.second.url': '',
    'title.en': 'x'.repeat(201),
    'body.en': '::: trend\nopen?\n:::',
    'trend.trend.text.en': '[a link](javascript:alert(1))',
  };
  await sendSheet(dossier, cast.editor, sheet, wrong);
  const again = await openSheet(dossier, cast.editor, id);
  for (const [name, value] of Object.entries(wrong)) {
    expect([name, again.fields.get(name)]).toEqual([name, value]);
    const field = again.page.html.querySelector(`[name="${name}"]`)!;
    expect([name, field.getAttribute('aria-invalid')]).toEqual([name, 'true']);
    expect(again.page.html.querySelector(`#${field.getAttribute('id')}-error`)!.text).toBeTruthy();
  }
  const checklist = await at(`/desk/briefings/${id}/publish`);
  expect(checklist.html.querySelectorAll('.findings-fault li').length).toBeGreaterThanOrEqual(
    Object.keys(wrong).length,
  );
  expect(checklist.html.querySelectorAll('button[name=act]').map((one) => one.getAttribute('value'))).toEqual([
    'unpublish',
    'archive',
  ]);
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(422);
});

test('what parts words goes on parting them, what is not seen is left out, and what turns the writing around is said', async () => {
  const typed = {
    'title.en': 'one\vtwo\fthree\u200b 50\u00a0% \u{1f468}\u200d\u{1f469}',
    'summary.en': 'soft\u00adhyphen\u2060\u200e',
    'lists.what-to-watch.en': '\u2022 A\u000bthing\n- B\u3000C',
    'body.en': 'one\vtwo\u000c50\u00a0%\u0007 \u202eturned',
    'sources.first.url': 'https://example.org/\u200bfirst',
    'lead.en': 'turned \u202earound',
    'organizations.one-org.name': 'One\u00a0Org',
  };
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), typed);
  const { fields, page } = await openSheet(dossier, cast.editor, id);
  expect(Object.fromEntries(Object.keys(typed).map((name) => [name, fields.get(name)]))).toEqual({
    'title.en': 'one two three 50\u00a0% \u{1f468}\u200d\u{1f469}',
    'summary.en': 'softhyphen',
    'lists.what-to-watch.en': 'A\nthing\nB\u3000C',
    'body.en': 'one\ntwo\n50\u00a0% \u2067turned',
    'sources.first.url': 'https://example.org/first',
    'lead.en': 'turned \u202earound',
    'organizations.one-org.name': 'One Org',
  });
  expect(page.html.querySelectorAll('[aria-invalid=true]').map((one) => one.getAttribute('name'))).toEqual(['lead.en']);
  expect(said(await at(`/desk/briefings/${id}/publish`), '.findings-fault')).toContain('invisible character');
  const list = await at('/desk?q=three%2050%20%25');
  expect(list.html.querySelectorAll('.desk-rows a, main table a').length).toBeGreaterThan(0);
});

test('rows are added, moved and removed with the buttons of the form alone', async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  const added = await sendSheet(dossier, cast.editor, sheet, { do: 'add sources' });
  expect(added.headers.get('location')).toBe(`/desk/briefings/${id}?add=sources#new-sources`);
  const blank = await openSheet(dossier, cast.editor, id, '?add=sources');
  const key = [...blank.fields.keys()].map((name) => /^sources\.(wip-\w+)\.url$/.exec(name)?.[1]).find(Boolean)!;
  await sendSheet(dossier, cast.editor, blank, {
    [`sources.${key}.url`]: 'https://www.example.net/third',
    [`sources.${key}.risk`]: 'high',
    [`sources.${key}.note.en`]: 'GATED third note',
  });
  const keys = async () => {
    const { fields } = await openSheet(dossier, cast.editor, id);
    return [...fields.keys()].flatMap((name) => /^sources\.(.+)\.url$/.exec(name)?.[1] ?? []);
  };
  expect(await keys()).toEqual(['first', 'second', key]);
  const press = async (button: string) =>
    sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { do: button });
  await press(`up sources ${key}`);
  expect(await keys()).toEqual(['first', key, 'second']);
  await press('remove sources first');
  expect(await keys()).toEqual([key, 'second']);
  expect((await openSheet(dossier, cast.editor, id)).fields.get(`sources.${key}.note.en`)).toBe('GATED third note');
  // A lasting key comes with the revision.
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  expect(await keys()).toEqual(['example-net', 'second']);
  expect((await visit(`${dossier.url}/briefings/a-signal`, { headers: cast.alliance.headers })).text).toContain(
    'GATED third note',
  );
});

test('what was removed is put back by the form alone, with every word, where it stood and beside what else was typed', async () => {
  const before = await openSheet(dossier, cast.editor, id);
  const page = (await read()).text;
  const press = async (button: string, more: Record<string, string> = {}) =>
    sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { ...more, do: button });
  const rows = ['sources second', 'organizations one-org', 'trend trend', 'evidence a-tie'];
  for (const row of rows) await press(`remove ${row}`);
  const without = await openSheet(dossier, cast.editor, id);
  const isOf = (name: string) => rows.some((row) => name.startsWith(`${row.replace(' ', '.')}.`));
  expect([...without.fields.keys()].filter(isOf)).toEqual([]);
  const offered = without.page.html.querySelectorAll('button[data-put-back]');
  expect(offered.map((one) => one.getAttribute('value'))).toEqual(rows.map((row) => `put-back ${row}`));
  expect(offered.map((one) => one.getAttribute('aria-label'))).toEqual([
    'Put back: Source 2: The second source',
    'Put back: Organization 1: One Org',
    'Put back: Trend context 1: GATED trend text.',
    'Put back: Evidence 1: GATED evidence text.',
  ]);

  for (const row of rows) {
    const answer = await press(`put-back ${row}`, { 'title.en': `With ${row}` });
    expect(answer.headers.get('location')).toBe(`/desk/briefings/${id}#group-${row.split(' ')[0]}`);
  }
  // Once more is nothing more, and neither is what never was.
  for (const row of ['trend trend', 'trend none']) await press(`put-back ${row}`);
  const after = await openSheet(dossier, cast.editor, id);
  const told = ({ fields }: Sheet) =>
    [...fields].filter(([name]) => !['version', 'page', 'seq', 'base'].includes(name));
  expect(told(after)).toEqual(
    told(before).map(([name, value]) => [name, name === 'title.en' ? 'With evidence a-tie' : value]),
  );
  expect(after.page.html.querySelector('[data-put-back]')).toBeNull();
  expect((await read()).text).toBe(page);
});

test('a working copy has restore points: bounded, before each removal and every few minutes, and each comes back whole', async () => {
  const points = (name: Name = 'editor') =>
    dossier.wall.read(
      name === 'editor' ? editorialViewer : { role: 'reader', rank: 1_000 },
      (db) =>
        db.$queryRaw<{ texts: bigint }[]>`SELECT count(*) AS texts FROM passages WHERE restore_point_id IS NOT NULL`,
    );
  const save = (title: string, minute: number) =>
    dossier.wall.write(editorialViewer, async (db) => {
      const found = (await findEditable(db, id))!;
      const editions = { ...found.content.editions, en: { ...found.content.editions['en']!, title } };
      const next = { content: { ...found.content, editions }, unfinished: {}, renewed: [] };
      const now = new Date(Date.now() + minute * 60_000);
      await writeCopy(db, found, next, { accountId: cast.editor.id, saveKey: `timed:${minute}`, now });
    });
  const listed = async (before = '') => {
    const page = await at(`/desk/briefings/${id}/revisions`);
    const all = page.html.querySelectorAll('[aria-labelledby=points-heading] .row');
    return all.filter((row) => row.text.includes(before)).map((row) => row.querySelector('a')!.getAttribute('href')!);
  };
  const title = async () => (await openSheet(dossier, cast.editor, id)).fields.get('title.en');
  const send0 = (path: string) => send(dossier, path, {}, { cookie: cast.editor.headers['Cookie']! });
  await pushOutRestorePoints(dossier, id);
  await dossier.wall.write(editorialViewer, (db) => db.restorePoint.deleteMany({ where: { briefingId: id } }));

  for (let minute = 0; minute < 12; minute++) await save(`At ${minute}`, minute);
  expect(await listed()).toHaveLength(2);
  expect((await at((await listed())[0]!)).text).toContain('added: </span>9</ins>');
  await send0(`${(await listed())[1]!}/restore`);
  expect(await title()).toBe('At 4');
  // What it said until then is not lost either, nor what is discarded.
  await send0(`${(await listed('went back'))[0]!}/restore`);
  expect(await title()).toBe('At 11');
  await send0(`/desk/briefings/${id}/discard`);
  const [gone = ''] = await listed('discarded');
  expect(said(await at('/es' + gone), '.desk-when')).toContain('descartara la copia de trabajo');
  expect((await send0(`${gone}/restore`)).headers.get('location')).toBe(`/desk/briefings/${id}?done=recovered`);
  const { fields } = await openSheet(dossier, cast.editor, id);
  expect([fields.get('title.en'), fields.get('trend.trend.text.en'), fields.get('trend.trend.tier')]).toEqual([
    'At 11',
    'GATED trend text.',
    'leadership-alliance',
  ]);

  await pushOutRestorePoints(dossier, id);
  expect(await listed()).toHaveLength(MOST_RESTORE_POINTS);
  expect((await at(gone)).status).toBe(404);
  // Their gated text is in the one table there is, where the desk alone finds it.
  expect(Number((await points())[0]!.texts)).toBeGreaterThan(MOST_RESTORE_POINTS);
  expect(Number((await points('alliance'))[0]!.texts)).toBe(0);
  const kept = await dossier.wall.read(editorialViewer, (db) => db.restorePoint.findMany());
  expect(JSON.stringify(kept)).not.toContain('GATED');
  for (const path of [gone, (await listed())[0]!])
    for (const name of ['circle', 'alliance', 'support'] as const) expect((await at(path, name)).status).toBe(404);
});

test('a known organization is found by its name; one that is being typed leaves nothing behind', async () => {
  const { fields, page } = await openSheet(dossier, cast.editor, id, '?add=organizations');
  expect(page.html.querySelectorAll('#known-organizations option').map((one) => one.getAttribute('value'))).toEqual([
    'One Org',
  ]);
  const row = [...fields.keys()].map((name) => /^organizations\.(wip-\w+)\.name$/.exec(name)?.[1]).find(Boolean)!;
  for (const [index, name] of ['Mis', 'Møstr', 'Møstral Łodź'].entries()) {
    const answer = await sendSheet(
      dossier,
      cast.editor,
      { id, fields },
      { [`organizations.${row}.name`]: name, [`organizations.${row}.note.en`]: 'GATED', seq: String(index + 1) },
      { script: true },
    );
    fields.set('version', (JSON.parse(answer.text) as { version: string }).version);
  }
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  expect(
    await dossier.wall.read(editorialViewer, (db) =>
      db.organization.findMany({ select: { slug: true, name: true, url: true }, orderBy: { slug: 'asc' } }),
    ),
  ).toEqual([
    { slug: 'mostral-lodz', name: 'Møstral Łodź', url: null },
    { slug: 'one-org', name: 'One Org', url: 'https://example.org' },
  ]);
});

describe('saving by itself', () => {
  const save = async (
    sheet: { id: string; fields: URLSearchParams },
    changes: Record<string, string>,
    name: Name = 'editor',
  ) => {
    const answer = await sendSheet(dossier, cast[name], sheet, changes, { script: true });
    return {
      status: answer.status,
      ...(JSON.parse(answer.text) as { outcome: string; version: string; faults: { field: string }[] }),
    };
  };

  beforeEach(() => dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH }));

  test('goes on and on from one page, each save naming the text before it', async () => {
    const sheet = await openSheet(dossier, cast.editor, id);
    for (const [n, title] of ['One', 'Two', 'Three'].entries()) {
      const saved = await save(sheet, { 'title.en': title, seq: String(n + 1) });
      expect(saved).toMatchObject({ status: 200, outcome: 'saved', faults: [] });
      sheet.fields.set('version', saved.version);
    }
    expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('Three');
  });

  test('an answer that was lost is no conflict, and an old save that arrives late changes nothing', async () => {
    const sheet = await openSheet(dossier, cast.editor, id);
    await save(sheet, { 'title.en': 'First', seq: '1' });
    // The page never heard of it: it still names the version it began from.
    expect(await save(sheet, { 'title.en': 'Second', seq: '2' })).toMatchObject({ status: 200, outcome: 'saved' });
    expect(await save(sheet, { 'title.en': 'First', seq: '1' })).toMatchObject({ status: 200, outcome: 'saved' });
    expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('Second');
  });

  test('two editors: what only one changed is merged, field by field and row by row', async () => {
    const [one, other] = [
      await openSheet(dossier, cast.editor, id),
      await openSheet(dossier, cast.admin, id, '?add=sources'),
    ];
    const added = [...other.fields.keys()].map((name) => /^sources\.(wip-\w+)\.url$/.exec(name)?.[1]).find(Boolean)!;
    for (const name of [...one.fields.keys()]) if (name.startsWith('failure-path.')) one.fields.delete(name);
    for (const name of [...other.fields.keys()]) if (name.startsWith('sources.second.')) other.fields.delete(name);
    const theirs = {
      'facts.signal.en': 'Another signal',
      'sources.first.title.en': 'Renamed',
      'lists.what-to-watch.en': 'Top\nA thing to watch',
    };
    await save(one, { ...theirs, seq: '1' });
    const mine = {
      'facts.market-class.en': 'Another class',
      'sources.first.note.en': 'GATED rewritten',
      [`sources.${added}.url`]: 'https://example.net/',
      'lists.what-to-watch.en': 'A thing to watch\nLast',
    };
    expect((await sendSheet(dossier, cast.admin, other, mine)).status).toBe(303);
    const { fields } = await openSheet(dossier, cast.editor, id);
    for (const [name, value] of Object.entries({
      ...theirs,
      ...mine,
      'lists.what-to-watch.en': 'Top\nA thing to watch\nLast',
    }))
      expect([name, fields.get(name)]).toEqual([name, value]);
    const names = [...fields.keys()];
    expect(names.filter((name) => /^(sources\.second|failure-path)\./.test(name))).toEqual([]);
  });

  test('two editors: what one removed and the other changed is asked about, and nothing else', async () => {
    const [one, other] = [await openSheet(dossier, cast.editor, id), await openSheet(dossier, cast.admin, id)];
    for (const name of [...one.fields.keys()]) if (name.startsWith('evidence.')) one.fields.delete(name);
    await save(one, { 'lead.en': 'Their lead', 'summary.en': 'Their summary', seq: '1' });
    const asked = await sendSheet(dossier, cast.admin, other, {
      'evidence.a-tie.text.en': 'GATED mine',
      'lead.en': 'My lead',
      'title.en': 'My title',
    });
    expect([asked.status, said(asked, '.warning')]).toEqual([
      409,
      expect.stringMatching(/^editor has changed the same fields, .+ UTC\./),
    ]);
    expect(asked.html.querySelectorAll('.conflict dt').map((row) => row.text)).toEqual([
      'Lead paragraph (English)',
      'Evidence 1: Text (English)',
    ]);
    const answer = fieldsOf(asked, 'main form');
    answer.append('theirs', 'lead.en');
    expect(
      (await send(dossier, `/desk/briefings/${id}`, answer.toString(), { cookie: cast.admin.headers['Cookie']! }))
        .status,
    ).toBe(303);
    const { fields } = await openSheet(dossier, cast.editor, id);
    const expected = {
      'evidence.a-tie.text.en': 'GATED mine',
      'lead.en': 'Their lead',
      'title.en': 'My title',
      'summary.en': 'Their summary',
    };
    for (const [name, value] of Object.entries(expected)) expect([name, fields.get(name)]).toEqual([name, value]);
  });

  test('two windows of one editor are not somebody else', async () => {
    const [one, other] = [await openSheet(dossier, cast.editor, id), await openSheet(dossier, cast.editor, id)];
    await save(one, { 'title.en': 'In one window', seq: '1' });
    expect((await sendSheet(dossier, cast.editor, other, { 'lead.en': 'In the other' })).status).toBe(303);
    const again = await openSheet(dossier, cast.editor, id);
    expect([again.fields.get('title.en'), again.fields.get('lead.en')]).toEqual(['In one window', 'In the other']);
    const asked = await sendSheet(dossier, cast.editor, other, { 'title.en': 'In the other' });
    expect([asked.status, said(asked, '.warning')?.split(',')[0]]).toEqual([
      409,
      'You changed the same fields in another window',
    ]);
  });

  test('two editors: the second is told, sees both texts, and nothing is overwritten until they say so', async () => {
    const [one, other] = [await openSheet(dossier, cast.editor, id), await openSheet(dossier, cast.admin, id)];
    await save(one, { 'title.en': 'From the editor', 'trend.trend.text.en': 'GATED from the editor', seq: '1' });
    expect(await save(other, { 'title.en': 'From the admin', seq: '1' }, 'admin')).toMatchObject({
      status: 409,
      outcome: 'conflict',
    });
    const page = await sendSheet(dossier, cast.admin, other, { 'title.en': 'From the admin' });
    expect(page.status).toBe(409);
    const rows = page.html.querySelectorAll('.conflict > div').map((row) => row.text.replace(/\s+/g, ' ').trim());
    expect(rows[0]).toBe('Title (English) There now From the editor Yours From the admin');
    expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('From the editor');
    expect(said(await at(`/desk/briefings/${id}`, 'admin'), '.warning')).toContain(
      'editor saved this briefing a moment ago',
    );
    const form = new URLSearchParams();
    for (const field of page.html.querySelectorAll('main form textarea'))
      form.append(field.getAttribute('name')!, field.innerHTML.replace(/^\n/, ''));
    expect((await sendSheet(dossier, cast.admin, { id, fields: form })).status).toBe(303);
    expect((await openSheet(dossier, cast.editor, id)).fields.get('title.en')).toBe('From the admin');
  });

  test('a revision that came by another way is a conflict as well', async () => {
    const sheet = await openSheet(dossier, cast.editor, id);
    await dossier.take('a-signal', { 'en.md': original({ impact: 'low' }), 'es.md': SPANISH });
    expect((await sendSheet(dossier, cast.editor, sheet, { impact: 'medium' })).status).toBe(409);
    expect((await sendSheet(dossier, cast.editor, sheet, { 'title.en': 'Late' })).status).toBe(303);
    expect((await openSheet(dossier, cast.editor, id)).fields.get('impact')).toBe('low');
  });

  test('whoever is logged out is told so, and not sent to a page', async () => {
    const sheet = await openSheet(dossier, cast.editor, id);
    const answer = await send(dossier, `/desk/briefings/${id}`, sheet.fields.toString(), {
      headers: { Accept: 'application/json' },
    });
    expect([answer.status, answer.text]).toEqual([401, '{"outcome":"logged-out"}']);
  });

  test('no page is forgotten for it', async () => {
    const asked = async () => (await visit(`${dossier.url}/briefings/a-signal`)).headers.get('etag');
    await asked();
    const heard: string[] = [];
    const client = await dossier.stores.pool.connect();
    client.on('notification', ({ channel }) => {
      if (channel === 'dossier_pages') heard.push(channel);
    });
    await client.query('LISTEN dossier_pages');
    const sheet = await openSheet(dossier, cast.editor, id);
    await save(sheet, { 'title.en': 'Quiet', seq: '1' });
    await client.query('SELECT 1');
    expect(heard).toEqual([]);
    await doAct(dossier, cast.editor, id, 'keep');
    await client.query('SELECT 1');
    expect(heard.length).toBeGreaterThan(0);
    await client.query('UNLISTEN *');
    client.release();
  });
});

test('a translation that the original has left behind is marked, until somebody says it is up to date', async () => {
  const mark = async () => said(await at(`/desk/briefings/${id}`), '.desk-bar .desk-languages li:nth-child(2) .hidden');
  const stale = 'Spanish: the original changed after it';
  await dossier.wall.write(editorialViewer, (db) =>
    db.edition.updateMany({ where: { briefingId: id }, data: { changedAt: new Date(Date.now() - 60_000) } }),
  );
  expect(await mark()).not.toBe(stale);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { 'lead.en': 'Another lead.' });
  expect(await mark()).toBe(stale);
  expect((await at('/desk?language=es+stale')).text).toContain('1 briefing found');
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { 'renewed.es': '1' });
  expect(await mark()).not.toBe(stale);
});

test('the list is searched, narrowed and counted', async () => {
  for (let n = 10; n < 40; n++)
    await dossier.take(`note-${n}`, {
      'en.md': original({ slug: `note-${n}`, category: 'policy-watch', state: 'draft', published: null }).replace(
        'A signal in English',
        `Note 100% ${n}`,
      ),
    });
  const list = await at('/desk?q=100%25&state=draft&sort=title');
  expect(said(list, '.desk-count p')).toBe('30 briefings found');
  expect(list.html.querySelectorAll('.desk-row').length).toBe(25);
  const second = await at('/desk?q=100%25&sort=title&page=2');
  expect(second.html.querySelectorAll('.desk-row').length).toBe(5);
  expect(said(second, '.desk-row-title')).toContain('Note 100% 35');
  expect(said(await at('/desk?q=nothing-is-called-so'), '.empty h2')).toBe('Nothing here');
  expect(said(await at('/desk?category=cloud-service'), '.desk-count p')).toBe('1 briefing found');
  expect(said(await at('/desk?language=es+missing'), '.desk-count p')).toBe('30 briefings found');
});

test('the list tells who began what, and stands in the order asked for', async () => {
  const begin = async (title: string, name: Name) =>
    (
      await send(
        dossier,
        '/desk/briefings',
        { title, lang: 'en', category: 'cloud-service' },
        { cookie: cast[name].headers['Cookie']! },
      )
    ).headers
      .get('location')!
      .split('/')
      .at(-1)!;
  const [theirs, ours] = [await begin('Zebra crossing', 'admin'), await begin('Ant hill', 'editor')];
  for (const [slug, published] of [
    ['order-old', '2024-03-01T08:00:00Z'],
    ['order-new', '2025-03-01T08:00:00Z'],
  ] as const)
    await dossier.take(slug, {
      'en.md': original({ slug, published }).replace(
        'A signal in English',
        slug === 'order-old' ? 'First by title' : 'Second by title',
      ),
    });
  const titles = async (query: string) =>
    (await at(`/desk?${query}`)).html.querySelectorAll('.desk-row-title').map(({ text }) => text.trim());
  expect([await titles(`author=${cast.admin.id}`), await titles(`author=${cast.editor.id}`)]).toEqual([
    ['Zebra crossing'],
    ['Ant hill'],
  ]);
  expect(await titles('q=order-&sort=published')).toEqual(['Second by title', 'First by title']);
  expect(await titles('q=order-&sort=title')).toEqual(['First by title', 'Second by title']);
  const changed = async () =>
    (await titles('category=cloud-service&state=draft')).filter((title) =>
      ['Zebra crossing', 'Ant hill'].includes(title),
    );
  expect(await changed()).toEqual(['Ant hill', 'Zebra crossing']);
  await sendSheet(dossier, cast.admin, await openSheet(dossier, cast.admin, theirs), { 'summary.en': 'Changed last.' });
  expect(await changed()).toEqual(['Zebra crossing', 'Ant hill']);
  expect(said(await at(`/desk?author=${cast.editor.id}`), '.desk-row-facts')).toContain('editor');
  for (const gone of [theirs, ours])
    await send(dossier, `/desk/briefings/${gone}/delete`, {}, { cookie: cast.editor.headers['Cookie']! });
  // What is asked for in words nobody knows narrows nothing.
  expect((await at('/desk?author=x&state=y&sort=z&language=xx+missing&page=0')).status).toBe(200);
});

test('the calendar puts what is to come on its day and minute, in order', async () => {
  const day = new Date(Math.ceil(Date.now() / 86_400_000 + 2) * 86_400_000);
  const published = (hour: number) => `${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:30:00Z`;
  for (const [slug, hour] of [
    ['calendar-late', 17],
    ['calendar-early', 6],
  ] as const)
    await dossier.take(slug, {
      'en.md': original({ slug, published: published(hour) }).replace('A signal in English', slug),
    });
  const page = await at('/desk/calendar');
  const rows = page.html.querySelectorAll('.row').filter(({ text }) => text.includes('calendar-'));
  expect(rows.map((row) => row.text.replace(/\s+/g, ' ').trim())).toEqual([
    '06:30 UTC calendar-early Scheduled',
    '17:30 UTC calendar-late Scheduled',
  ]);
  expect(page.html.querySelector(`.desk-day time[datetime="${day.toISOString().slice(0, 10)}"]`)).not.toBeNull();
});

test('nobody but who works at the desk meets it, with the id of a real briefing too', async () => {
  const sections = ['', '/preview', '/publish', '/revisions', '/revisions/1', '/export', '/delete'];
  for (const name of Object.keys(cast) as Name[]) {
    const works = name === 'editor' || name === 'admin';
    for (const section of sections) {
      const page = await at(`/desk/briefings/${id}${section}`, name);
      expect([name, section, page.status]).toEqual([
        name,
        section,
        works ? (section === '/delete' ? 404 : 200) : name === 'visitor' || name === 'suspended' ? 303 : 404,
      ]);
      if (!works) expect(page.text).not.toContain('GATED');
    }
  }
});

test('a briefing begins by the same rule', async () => {
  const begin = (title: string) =>
    send(
      dossier,
      '/desk/briefings',
      { title, lang: 'en', category: 'cloud-service' },
      { cookie: cast.editor.headers['Cookie']! },
    );
  const made = await begin('Export\u00adkontrollen\u200b\vnow');
  expect(made.status).toBe(303);
  const { page } = await openSheet(dossier, cast.editor, made.headers.get('location')!.split(/[/?#]/)[3]!);
  expect(
    page.html.querySelector('[name="title.en"]')!.text.trim() ||
      page.html.querySelector('[name="title.en"]')!.getAttribute('value'),
  ).toBe('Exportkontrollen now');
  expect((await begin('turned \u202earound')).status).toBe(422);
});
