import { randomUUID } from 'node:crypto';
import { accountsViewer, adminViewer, editorialViewer, visitor, type Viewer } from '../../src/access/viewer';
import { textFor } from '../../src/site/settings/text-by-language';
import { SettingsCatalogue } from '../../src/site/settings/catalogue';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import { DELIVERED, readSetting } from '../../src/site/settings/schemas';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
beforeAll(async () => (dossier = await startDossier()));
afterAll(() => dossier.stop());
afterEach(() => dossier.wall.write(adminViewer, (db) => db.siteSetting.deleteMany({})));

const by = { actor: { id: null, name: 'a test' } };
const identity = () => dossier.wall.read(adminViewer, (db) => loadSetting(db, 'identity'));
const rename = async (
  name: string,
  more: { readonly expectedVersion?: string; readonly submissionId?: string } = {},
) => {
  const before = await identity();
  const value = { ...before, name: { es: `${name} (es)`, en: name } };
  const expectedVersion = settingVersion(before);
  const change = {
    name: 'identity' as const,
    value,
    expectedVersion,
    submissionId: randomUUID(),
    at: new Date(),
    by,
    ...more,
  };
  return saveSetting(dossier.wall, change);
};

describe('a setting', () => {
  test('is saved with its audit entry and its place in the history, all three or none', async () => {
    const submissionId = randomUUID();
    expect(await rename('The Basin', { submissionId })).toBe('saved');
    expect((await identity()).name).toEqual({ en: 'The Basin', es: 'The Basin (es)' });
    const entry = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findUniqueOrThrow({ where: { id: submissionId } }),
    );
    const change = await dossier.wall.read(adminViewer, (db) =>
      db.siteSettingChange.findUniqueOrThrow({ where: { id: submissionId } }),
    );
    const [before, after] = [
      { 'setting-identity-name.en': null, 'setting-identity-name.es': null },
      { 'setting-identity-name.en': 'The Basin', 'setting-identity-name.es': 'The Basin (es)' },
    ];
    expect(entry).toMatchObject({ action: 'setting-changed', targetKind: 'setting', targetId: 'identity' });
    expect(entry).toMatchObject({ before, after });
    expect(change).toMatchObject({ name: 'identity', before: DELIVERED.identity });
    expect(await rename('Again', { submissionId })).toBe('repeated');
    expect(await rename('The Basin')).toBe('unchanged');
    expect(await rename('Theirs', { expectedVersion: 'an older one' })).toBe('moved');
    expect((await identity()).name).toMatchObject({ en: 'The Basin' });
  });

  test('is read by everybody, but for one that names people, and written by an admin alone', async () => {
    const row = (name: string, one: boolean) => ({ name, value: {}, private: one });
    const rows = [row('a-public', false), row('a-private', true)];
    await dossier.wall.write(adminViewer, (db) => db.siteSetting.createMany({ data: rows }));
    const namesFor = async (viewer: Viewer) =>
      (await dossier.wall.read(viewer, (db) => db.siteSetting.findMany())).map(({ name }) => name).sort();
    for (const viewer of [visitor, editorialViewer]) expect(await namesFor(viewer)).toEqual(['a-public']);
    for (const viewer of [accountsViewer, adminViewer]) {
      expect(await namesFor(viewer)).toEqual(['a-private', 'a-public']);
    }
    for (const viewer of [visitor, editorialViewer, accountsViewer]) {
      await expect(
        dossier.wall.write(viewer, (db) => db.siteSetting.createMany({ data: [row('another', false)] })),
      ).rejects.toThrow();
      const { count } = await dossier.wall
        .write(viewer, (db) => db.siteSetting.updateMany({ data: { value: { taken: true } } }))
        .catch(() => ({ count: 0 }));
      expect(count).toBe(0);
    }
    await expect(dossier.wall.write(adminViewer, (db) => db.siteSettingChange.deleteMany({}))).rejects.toThrow(
      /permission denied/,
    );
  });

  test('that this version cannot read is as delivered, field by field', () => {
    const stored = { name: { en: 'The Basin' }, tagline: 7, later: 'of a newer version' };
    expect(readSetting('identity', stored)).toEqual({ ...DELIVERED.identity, name: { en: 'The Basin' } });
    expect(readSetting('identity', 'nothing of the kind')).toEqual(DELIVERED.identity);
  });

  test('in several languages is said in the one asked for, else the default one, else the first', () => {
    expect(textFor({ en: 'E', es: 'S' }, 'es')).toBe('S');
    expect(textFor({ en: 'E', fr: 'F' }, 'es')).toBe('E');
    expect(textFor({ fr: 'F', de: 'D' }, 'es')).toBe('D');
    expect(textFor({}, 'es')).toBeNull();
  });
});

describe('the catalogue of settings', () => {
  test('asks once, until it hears of a change', async () => {
    let asked = 0;
    const counting = {
      ...dossier.wall,
      read: ((viewer, work) => (asked++, dossier.wall.read(viewer, work))) as Dossier['wall']['read'],
    };
    const settings = new SettingsCatalogue(counting);
    await Promise.all([settings.refresh(), settings.refresh()]);
    await settings.refresh();
    expect([asked, settings.siteName('en')]).toEqual([1, 'Dossier']);
    await rename('The Basin');
    settings.invalidate();
    await settings.refresh();
    expect([asked, settings.siteName('en'), settings.siteName('es')]).toEqual([2, 'The Basin', 'The Basin (es)']);
  });

  test('shows a preview to what is rendered for it, and to nobody beside it', async () => {
    const settings = new SettingsCatalogue(dossier.wall);
    await settings.refresh();
    const changes = { identity: { ...DELIVERED.identity, name: { en: 'Imagined' } } };
    const inside = settings.preview(changes, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return settings.siteName('en');
    });
    expect([settings.siteName('en'), await inside, settings.siteName('en')]).toEqual([
      'Dossier',
      'Imagined',
      'Dossier',
    ]);
  });
});
