import { Router } from 'express';
import type { Language } from '../../lib/language';
import type { AdminParts } from '../parts';
import type { Wall } from '../../stores/postgres/wall';
import type { EditableSetting } from './fields';
import { readLaunchFacts, type OperatorFacts } from './launch-facts';
import { checkMailRecords, mailRecords, type ResolveTxt } from './mail-dns';
import { missingBeforeLaunch } from './missing';
import { settingsOverviewRoutes } from './overview';
import { accentIn } from '../../site/looks/colours';
import type { SettingPage } from './page-types';
import type { SettingsParts } from './parts';
import { settingRoutes } from './setting-routes';

export interface SettingsRoomOptions {
  readonly operator: OperatorFacts;
  readonly resolveTxt: ResolveTxt;
}

/** What was chosen and cannot be read, with the colour that is used instead. */
function correctionsOf(accent: string, { say }: Language): SettingPage['notes'] {
  if (accent === '') return [];
  return (['light', 'dark'] as const).map((theme) => {
    const { act, corrected } = accentIn(theme, accent);
    return {
      label: say(`admin.settings.looks.theme.${theme}`),
      text: act,
      state: say(corrected ? 'admin.settings.looks.corrected' : 'admin.settings.looks.fine', { chosen: accent }),
    };
  });
}

/** The sections of the settings, in a language. */
export function settingsRoutes(
  parts: AdminParts & { readonly invalidatingWall: Wall },
  { operator, resolveTxt }: SettingsRoomOptions,
  language: Language,
): Router {
  const { site, wall } = parts;
  const notes = async (name: EditableSetting, language: Language) => {
    const { say } = language;
    if (name === 'looks') return correctionsOf(site.settings.current.looks.accent, language);
    if (name === 'navigation')
      return site.pages.all.map((page) => ({
        label: site.pages.titleOf(page, language.code).text,
        text: `/${page.slug}`,
        state: null,
      }));
    if (name !== 'mail') return [];
    const records = await checkMailRecords(mailRecords(site.settings.current.mail, operator.mailHost), resolveTxt);
    return records.map(({ kind, name: at, value, found }) => ({
      label: say(`admin.settings.mail.dns.${kind}`, { at }),
      text: value,
      state: found === null ? say('admin.settings.mail.dns.none') : say('admin.settings.mail.dns.found', { found }),
    }));
  };
  const environment = (name: EditableSetting, { say }: Language): Readonly<Record<string, string>> => {
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
    mailFrom: operator.mailFrom,
    missing: async () => missingBeforeLaunch(await readLaunchFacts(wall, site, operator)),
  };
  const router = Router({ caseSensitive: true, strict: true });
  router.use(settingsOverviewRoutes(settings, language));
  router.use(settingRoutes(settings, language));
  return router;
}
