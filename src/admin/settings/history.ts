import { adminViewer, accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { readSetting, type SettingName, type SettingValue } from '../../site/settings/schemas';

/** Changes that are shown of one setting. */
const MOST = 10;

/** One change of a setting, as the log tells of it. */
export interface PastChange {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The last changes of a setting, the newest first. Who made them is the audit log's to tell. */
export async function readHistory(wall: Wall, name: SettingName): Promise<readonly PastChange[]> {
  const ids = await wall.read(adminViewer, (db) =>
    db.siteSettingChange.findMany({
      where: { name },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: MOST,
      select: { id: true },
    }),
  );
  const entries = await wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({
      where: { id: { in: ids.map(({ id }) => id) } },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
    }),
  );
  return entries.map(({ id, at, actor, before, after }) => ({ id, at, actor, before, after }));
}

/** What a setting was before one of its changes; null: there is no such change. */
export async function valueBefore<Name extends SettingName>(
  wall: Wall,
  name: Name,
  id: string,
): Promise<SettingValue<Name> | null> {
  const change = await wall.read(adminViewer, (db) => db.siteSettingChange.findFirst({ where: { id, name } }));
  return change && readSetting(name, change.before);
}
