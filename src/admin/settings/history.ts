import { adminViewer, accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { readSetting, type SettingName, type SettingValue } from '../../site/settings/schemas';
import { changesOf } from '../audit/format';
import { withQuery } from '../fields';
import type { PastChangeView } from '../page-types';

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

/** What a setting was before one of its changes, and when that was; null: there is no such change. */
export async function valueBefore<Name extends SettingName>(
  wall: Wall,
  name: Name,
  id: string,
): Promise<{ readonly value: SettingValue<Name>; readonly at: Date } | null> {
  const change = await wall.read(adminViewer, (db) => db.siteSettingChange.findFirst({ where: { id, name } }));
  return change && { value: readSetting(name, change.before), at: change.at };
}

/**
 * The changes as their section shows them.
 * @param path the section's, which opens with what was before a change
 */
export const historyViews = (
  language: Language,
  history: readonly PastChange[],
  path: string,
  asked: Readonly<Record<string, string>> = {},
): PastChangeView[] =>
  history.map(({ id, at, actor, before, after }) => ({
    ...{ at: language.moment(at), iso: at.toISOString(), actor },
    changes: changesOf(language, before, after),
    restore: withQuery(`${language.prefix}${path}`, { ...asked, restore: id }),
  }));
