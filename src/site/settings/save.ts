import { createHash } from 'node:crypto';
import { adminViewer } from '../../access/viewer';
import { writeAudit, type AuditDraft } from '../../stores/postgres/audit';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { changedFacts, withoutPeople } from './facts';
import { readSetting, SETTINGS, type SettingName, type SettingValue } from './schemas';

/** The name under which the audit log has a changed setting. */
export const SETTING_CHANGED = 'setting-changed';

/** What is to be saved, by whom, and what they had seen. */
export interface SettingChange<Name extends SettingName> {
  readonly name: Name;
  readonly value: SettingValue<Name>;
  /** `settingVersion` of the value the form was filled in against. */
  readonly expectedVersion: string;
  /** The form's own id: one id saves once. */
  readonly submissionId: string;
  readonly at: Date;
  readonly by: Pick<AuditDraft, 'actor' | 'from'>;
  readonly reason?: string | null;
}

/**
 * `unchanged`: it is so already. `moved`: somebody else has changed it since. `repeated`: something has been done
 * under that id.
 */
export type SettingOutcome = 'saved' | 'unchanged' | 'moved' | 'repeated';

/** Postgres keeps the keys of an object in an order of its own. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Stands in a form for the value it was filled in against; the same for values that say the same. */
export const settingVersion = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, inOrder)).digest('base64url').slice(0, 22);

/** A setting as its row has it now. One that names people is read by whoever keeps accounts, or by an admin. */
export async function loadSetting<Name extends SettingName>(
  db: WallTransaction,
  name: Name,
): Promise<SettingValue<Name>> {
  return readSetting(name, (await db.siteSetting.findUnique({ where: { name } }))?.value);
}

/** Nobody else writes settings until this transaction ends. */
const LOCK = 5_601_150;

/**
 * Saves a setting with its audit entry and its place in the history, all or nothing. `wall` is the one that drops what
 * this process has in memory; others hear of it by the notify.
 * @throws ZodError for a value that is not the setting's.
 */
export const saveSetting = <Name extends SettingName>(
  wall: Wall,
  change: SettingChange<Name>,
): Promise<SettingOutcome> => wall.write(adminViewer, (db) => saveSettingIn(db, change));

/** The same, in a transaction of an admin that does more. @throws ZodError for a value that is not the setting's. */
export async function saveSettingIn<Name extends SettingName>(
  db: WallTransaction,
  { name, expectedVersion: seen, submissionId: id, at, by, reason = null, ...change }: SettingChange<Name>,
): Promise<SettingOutcome> {
  const value = SETTINGS[name].schema.parse(change.value) as SettingValue<Name>;
  await db.$queryRaw`SELECT true AS locked FROM pg_advisory_xact_lock(${LOCK}::int)`;
  if (await db.siteSettingChange.findUnique({ where: { id }, select: { id: true } })) return 'repeated';
  const before = await loadSetting(db, name);
  if (settingVersion(before) !== seen) return 'moved';
  if (settingVersion(before) === settingVersion(value)) return 'unchanged';
  const target = { kind: 'setting', id: name, name };
  const entry = { ...by, id, at, action: SETTING_CHANGED, target, reason };
  const shown = (whole: Readonly<Record<string, unknown>>) => (SETTINGS[name].private ? withoutPeople(whole) : whole);
  if (!(await writeAudit(db, { ...entry, ...changedFacts(name, shown(before), shown(value)) }))) return 'repeated';
  await db.siteSettingChange.createMany({ data: [{ id, name, at, before, after: value }] });
  const stored = { value, private: SETTINGS[name].private };
  await db.siteSetting.upsert({ where: { name }, create: { name, ...stored }, update: stored, select: { name: true } });
  return 'saved';
}
