import { Router } from 'express';
import type { Language } from '../../lib/language';
import type { AdminParts } from '../parts';
import type { Wall } from '../../stores/postgres/wall';
import type { RoomName } from './fields';
import { readLaunchFacts, type OperatorFacts } from './launch-facts';
import { checkMailRecords, mailRecords, type ResolveTxt } from './mail-dns';
import { missingBeforeLaunch } from './missing';
import { settingsOverviewRoutes } from './overview';
import type { SettingsParts } from './parts';
import { settingRoutes } from './room';

export interface SettingsRoomOptions {
  readonly operator: OperatorFacts;
  readonly resolveTxt: ResolveTxt;
}

/** The rooms of the settings, in a language. */
export function settingsRoutes(
  parts: AdminParts & { readonly invalidatingWall: Wall },
  { operator, resolveTxt }: SettingsRoomOptions,
  language: Language,
): Router {
  const { site, wall } = parts;
  const notes = async (name: RoomName, { say }: Language) => {
    if (name !== 'mail') return [];
    const records = await checkMailRecords(mailRecords(site.settings.current.mail, operator.mailHost), resolveTxt);
    return records.map(({ kind, name: at, value, found }) => ({
      label: say(`admin.settings.mail.dns.${kind}`, { at }),
      text: value,
      state: found === null ? say('admin.settings.mail.dns.none') : say('admin.settings.mail.dns.found', { found }),
    }));
  };
  const environment = (name: RoomName, { say }: Language): Readonly<Record<string, string>> => {
    if (name !== 'mail' || operator.mailFrom === null) return {};
    const set = site.settings.current.mail.senderAddress !== '';
    const text = say(set ? 'admin.settings.mail.environment.yours' : 'admin.settings.mail.environment.theirs', {
      value: operator.mailFrom,
    });
    return { senderAddress: text };
  };
  const settings: SettingsParts = {
    ...parts,
    notes,
    environment,
    missing: async () => missingBeforeLaunch(await readLaunchFacts(wall, site.settings, operator)),
  };
  const router = Router({ caseSensitive: true, strict: true });
  router.use(settingsOverviewRoutes(settings, language));
  router.use(settingRoutes(settings, language));
  return router;
}
