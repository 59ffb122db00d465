import { randomUUID } from 'node:crypto';
import { adminViewer } from '../../src/access/viewer';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import type { SettingName, SettingValue } from '../../src/site/settings/schemas';
import type { Dossier } from './dossier';

/** Changes a part of a setting, as an admin's form does. It is in force for whoever asks afterwards. */
export async function setSetting<Name extends SettingName>(
  { wall, app }: Dossier,
  name: Name,
  change: Partial<SettingValue<Name>>,
): Promise<void> {
  const before = await wall.read(adminViewer, (db) => loadSetting(db, name));
  const by = { actor: { id: null, name: 'a test' } };
  const meant = { expectedVersion: settingVersion(before), submissionId: randomUUID(), at: new Date(), by };
  const result = await saveSetting(wall, { name, value: { ...before, ...change }, ...meant });
  if (result !== 'saved') throw new Error(`the setting ${name} was not saved: ${JSON.stringify(result)}`);
  await app.caughtUp();
}
