import { accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const cookie = () => cast.editor.headers['Cookie']!;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string> = {}) => send(dossier, path, fields, { cookie: cookie() });
const entries = (targetId: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { targetId }, orderBy: { at: 'asc' } }));
const names = async (id: string) => (await entries(id)).map(({ action }) => action);

test('everything that is done to a briefing leaves its entry: who, what, before and after, and never what it says', async () => {
  const begun = await post('/desk/briefings', { title: 'Noted', lang: 'en', category: 'cloud-service' });
  const id = /briefings\/(.+)$/.exec(begun.headers.get('location')!)![1]!;
  expect(await entries(id)).toMatchObject([
    {
      action: 'briefing-begun',
      actorId: cast.editor.id,
      targetKind: 'briefing',
      target: 'noted',
      before: null,
      after: { slug: 'noted', state: 'draft', published: null, revision: 1 },
      fromAddress: '127.0.0.0/24',
      requestId: expect.any(String) as string,
    },
  ]);

  const sheet = await openSheet(dossier, cast.editor, id, '?add=sources');
  const row = [...sheet.fields.keys()].map((name) => /^sources\.(wip-\w+)\.url$/.exec(name)?.[1]).find(Boolean)!;
  await sendSheet(dossier, cast.editor, sheet, {
    [`sources.${row}.url`]: 'https://example.org/a',
    [`sources.${row}.risk`]: 'low',
    [`sources.${row}.note.en`]: 'GATED note',
    ...{ 'summary.en': 'A summary', 'body.en': 'A body', confidence: '0.3', impact: 'low', relevance: 'low' },
    ...{ type: 'signal', domain: 'policy', horizon: 'near' },
  });
  for (const act of ['submit', 'return', 'publish'])
    expect([act, (await doAct(dossier, cast.editor, id, act)).status]).toEqual([act, 303]);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { 'title.en': 'Noted again' });
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  await sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), { 'title.en': 'Never mind' });
  expect((await post(`/desk/briefings/${id}/discard`)).status).toBe(303);
  expect((await post(`/desk/briefings/${id}/revisions/3/restore`)).status).toBe(303);
  const once = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('input[name=submission]')!
    .getAttribute('value')!;
  expect(
    (await post(`/desk/briefings/${id}/corrections`, { submission: once, 'correction.en': 'The figure was wrong.' }))
      .status,
  ).toBe(303);
  const withdraw = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelector('form[action$="/withdraw"]')!
    .getAttribute('action')!;
  expect((await post(withdraw)).status).toBe(303);
  expect((await at(`/desk/briefings/${id}/export`)).status).toBe(200);
  for (const act of ['unpublish', 'archive', 'return'])
    expect([act, (await doAct(dossier, cast.editor, id, act)).status]).toEqual([act, 303]);
  const when = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);
  expect((await doAct(dossier, cast.editor, id, 'schedule', { when })).status).toBe(303);

  const all = await entries(id);
  expect(all.map(({ action }) => action.replace('briefing-', ''))).toEqual([
    'begun',
    'submitted',
    'returned',
    'published',
    'kept',
    'discarded',
    'restored',
    'correction-added',
    'correction-withdrawn',
    'exported',
    'unpublished',
    'archived',
    'returned',
    'scheduled',
  ]);
  expect(all[3]).toMatchObject({
    before: { state: 'draft', published: null },
    after: { state: 'published', published: expect.stringMatching(/^\d{4}-/) as string },
  });
  expect(all.at(-1)).toMatchObject({ after: { state: 'published', published: `${when}.000Z` } });
  expect(all.find(({ action }) => action === 'briefing-restored')!.after).toMatchObject({ restored: 3 });
  expect(JSON.stringify(all)).not.toContain('GATED');

  // What is refused has not been done.
  expect((await doAct(dossier, cast.editor, id, 'archive')).status).toBe(409);
  expect(await names(id)).toHaveLength(14);
});

test('a draft that is deleted and files that are taken in are noted too', async () => {
  await dossier.take('a-draft', { 'en.md': original({ slug: 'a-draft', state: 'draft', published: null }) });
  const id = await idOf(dossier, 'a-draft');
  expect((await post(`/desk/briefings/${id}/delete`)).status).toBe(303);
  expect((await post(`/desk/briefings/${id}/delete`)).status).toBe(404);
  expect(await entries(id)).toMatchObject([
    {
      action: 'briefing-deleted',
      target: 'a-draft',
      before: { slug: 'a-draft', state: 'draft', revision: 1 },
      after: null,
    },
  ]);

  const upload = async (text: string) => {
    const form = new FormData();
    form.append('files', new File([text], 'en.md'));
    form.append('files', new File([SPANISH], 'es.md'));
    return (
      await fetch(`${dossier.url}/desk/import`, {
        method: 'POST',
        body: form,
        headers: { ...cast.editor.headers, Origin: dossier.url },
      })
    ).status;
  };
  expect([await upload(original({ slug: 'taken-in' })), await upload('no briefing')]).toEqual([200, 422]);
  expect(await entries(await idOf(dossier, 'taken-in'))).toMatchObject([
    { action: 'briefing-imported', actorId: cast.editor.id, after: { outcome: 'created', revision: 1 } },
  ]);
});

test('an admin reads it in the log, with the way to the briefing', async () => {
  await dossier.take('told', { 'en.md': original({ slug: 'told' }) });
  const id = await idOf(dossier, 'told');
  expect((await doAct(dossier, cast.editor, id, 'unpublish')).status).toBe(303);
  const page = await at('/admin/audit?action=briefing-unpublished&target=told', 'admin');
  const link = page.html.querySelector(`a[href="/desk/briefings/${id}"]`);
  expect([page.text.includes('Unpublished'), link?.text]).toEqual([true, 'told']);
  expect((await at('/es/admin/audit?target=told', 'admin')).text).toContain('Retiró');
});
