import type { Request, Response } from 'express';
import { adminViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { loadSetting, saveSetting, settingVersion } from '../../site/settings/save';
import type { SettingName, SettingValue } from '../../site/settings/schemas';
import type { Rejection } from '../action/perform';
import { LONGEST_REASON, type Submission } from '../action/submission';
import { actorOf } from '../staff';
import type { LanguageParts } from './parts';

/** A setting as its row has it now, with the version a form is shown with. */
export async function readCurrent<Name extends SettingName>(
  { wall }: LanguageParts,
  name: Name,
): Promise<{ readonly value: SettingValue<Name>; readonly version: string }> {
  const value = await wall.read(adminViewer, (db) => loadSetting(db, name));
  return { value, version: settingVersion(value) };
}

/** Was something saved under the id of this form? Sent twice, what it asks for stands there already. */
export const wasSaved = async ({ wall }: LanguageParts, { id }: Submission): Promise<boolean> =>
  (await wall.read(adminViewer, (db) => db.siteSettingChange.count({ where: { id } }))) > 0;

/** Saves a setting for a form. Null: it is done, or was before; else why it is asked again. */
export async function saveFrom<Name extends SettingName>(
  { parts, language, req, res }: FormContext,
  name: Name,
  value: SettingValue<Name>,
  submission: Submission,
): Promise<Rejection | null> {
  const { say } = language;
  if ([...submission.reason].length > LONGEST_REASON)
    return { status: 422, reasonError: say('admin.wrong.reason.long') };
  const outcome = await saveSetting(parts.invalidatingWall, {
    ...{ name, value },
    expectedVersion: submission.version ?? '',
    submissionId: submission.id,
    at: parts.clock.now(),
    by: await actorOf(parts.wall, req, res),
    reason: submission.reason === '' ? null : submission.reason,
  });
  return outcome === 'moved' ? { status: 409, error: say('admin.wrong.changed') } : null;
}

/** What a handler of these sections has at hand. */
export interface FormContext {
  readonly parts: LanguageParts;
  readonly language: Language;
  readonly req: Request;
  readonly res: Response;
}
