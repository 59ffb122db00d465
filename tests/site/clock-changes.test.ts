import { adminViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.wall.write(adminViewer, (db) =>
    db.siteSetting.create({
      data: { name: 'time', value: { zone: 'Europe/Zurich', dates: 'language' } },
      select: { name: true },
    }),
  );
  await until(async () => (await at('/desk/calendar')).status === 200);
});
afterAll(() => dossier.stop());

const at = (path: string) => visit(`${dossier.url}${path}`, { headers: cast.editor.headers });
let taken = 0;
async function aDraft(): Promise<string> {
  const slug = `clock-${++taken}`;
  const files = { 'en.md': original({ slug, state: 'draft', published: null }), 'es.md': SPANISH };
  await dossier.take(slug, files);
  return idOf(dossier, slug);
}
const scheduledAt = async (id: string) =>
  (await dossier.wall.read(adminViewer, (db) => db.briefing.findUniqueOrThrow({ where: { id } }))).publishedAt;

// Zurich puts its clocks forward on 2050-03-27 and back on 2050-10-30.
test.each([
  ['2050-03-27T02:30', 'does not exist', ['2050-03-27 01:30 +01:00', '2050-03-27 03:30 +02:00']],
  ['2050-10-30T02:30', 'comes twice', ['2050-10-30 02:30 +02:00', '2050-10-30 02:30 +01:00']],
])(
  'scheduled for %s, which %s, it is asked which moment is meant, and that one is taken',
  async (when, says, meant) => {
    const id = await aDraft();
    await until(async () => said(await at(`/desk/briefings/${id}/publish`), '#when-hint')!.includes('Europe/Zurich'));
    const asked = await doAct(dossier, cast.editor, id, 'schedule', { when });
    expect([asked.status, said(asked, '#when-error')]).toEqual([422, expect.stringContaining(says)]);
    const choices = asked.html.querySelectorAll('input[type=radio][name=when]');
    expect(choices.map((one) => one.getAttribute('value'))).toEqual(meant);
    expect(await scheduledAt(id)).toBeNull();
    expect((await doAct(dossier, cast.editor, id, 'schedule', { when: meant[1]! })).status).toBe(303);
    expect(await scheduledAt(id)).toEqual(new Date(meant[1]!.replace(' ', 'T').replace(' ', '')));
    expect(said(await at(`/desk/briefings/${id}/publish`), 'main')).toMatch(/GMT\+[12]/);
  },
);

test('a time without a doubt is that of the zone, in the form, on the calendar and in its own field', async () => {
  const id = await aDraft();
  expect((await doAct(dossier, cast.editor, id, 'schedule', { when: '2050-07-01T08:00' })).status).toBe(303);
  expect(await scheduledAt(id)).toEqual(new Date('2050-07-01T06:00:00Z'));
  expect(said(await at('/desk/calendar'), 'main')).toMatch(/Friday, July 1 08:00 GMT\+2/);
});

test('an embargo until an hour that comes twice is kept as it was typed, and the checklist asks which is meant', async () => {
  const id = await aDraft();
  const type = async (moment: string) =>
    sendSheet(dossier, cast.editor, await openSheet(dossier, cast.editor, id), {
      'trend.trend.tier': 'leadership-alliance',
      'trend.trend.until': moment,
    });
  await type('2050-10-30T02:30');
  const sheet = await openSheet(dossier, cast.editor, id);
  expect(sheet.fields.get('trend.trend.until')).toBe('2050-10-30T02:30');
  const faults = said(await at(`/desk/briefings/${id}/publish`), '.findings-fault')!;
  for (const part of ['comes twice', '2050-10-30 02:30 +02:00', '2050-10-30 02:30 +01:00'])
    expect(faults).toContain(part);
  await type('2050-10-30 02:30 +01:00');
  expect((await at(`/desk/briefings/${id}/publish`)).html.querySelector('.findings-fault')).toBeNull();
  expect((await openSheet(dossier, cast.editor, id)).fields.get('trend.trend.until')).toBe('2050-10-30 02:30 +01:00');
});
