import { Router, type Request, type Response } from 'express';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { adminFrame, renderAdmin } from '../frame';
import { staffOf, staffOnly } from '../staff';
import { EDITABLE_SETTINGS } from './fields';
import type { Missing } from './missing';
import type { SettingsPage } from './page-types';
import type { SettingsParts } from './parts';

/** Where each thing that is missing is put right. Null: not in the browser. */
const PLACES: Readonly<Record<Missing, string | null>> = {
  name: '/admin/settings/identity',
  sender: '/admin/settings/mail',
  'mail-server': null,
  'postal-address': '/admin/settings/mail',
  payments: null,
  terms: '/desk/pages?begin=terms#begin',
  privacy: '/desk/pages?begin=privacy#begin',
  imprint: '/desk/pages?begin=imprint#begin',
  'support-address': '/admin/settings/mail',
  samples: '/desk/samples',
  published: '/desk',
  indexed: '/admin/settings/discovery',
  https: null,
};

/** Settings with sections of another kind (src/admin/languages). */
const OTHER_SECTIONS = ['languages', 'time', 'phrases'] as const;

/**
 * `/admin/settings`: every setting, and what is missing before the house goes live. `/admin` is the same for an admin
 * until nothing is missing, and the members from then on.
 */
export function settingsOverviewRoutes(parts: SettingsParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { prefix } = language;
  router
    .route('/admin')
    .all(staffOnly(language))
    .get(async (req, res) => {
      const missing = staffOf(res).role === 'admin' ? await parts.missing() : [];
      if (missing.length === 0) return res.redirect(303, `${prefix}/admin/members`);
      await show(parts, language, req, res, missing);
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/settings')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => show(parts, language, req, res, await parts.missing()))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show(
  { site }: SettingsParts,
  language: Language,
  req: Request,
  res: Response,
  missing: readonly Missing[],
): Promise<void> {
  const { say, prefix } = language;
  const page: SettingsPage = {
    frame: adminFrame(language, req, res, 'settings', say('admin.settings.heading')),
    missing: missing.map((one) => {
      const place = PLACES[one];
      return { text: say(`admin.missing.${one}`), href: place === null ? null : `${prefix}${place}` };
    }),
    sections: [...EDITABLE_SETTINGS, ...OTHER_SECTIONS].map((name) => ({
      title: say(`admin.settings.${name}`),
      text: say(`admin.settings.${name}.text`),
      href: `${prefix}/admin/settings/${name}`,
    })),
  };
  await renderAdmin(site, language, req, res, 'settings/overview', '/admin/settings', page);
}
