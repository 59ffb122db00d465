import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { adminViewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { formByName } from '../http/body';
import type { Language } from '../lib/language';
import { networkOf } from '../lib/network';
import { loadSetting, saveSettingIn, settingVersion } from '../site/settings/save';
import type { SettingValue } from '../site/settings/schemas';
import type { SetupParts } from './parts';
import {
  publicationErrors,
  publicationForm,
  publicationFrom,
  readPublication,
  settingsOf,
  type PublicationTyped,
} from './publication-form';
import { renderSetup, stepPage } from './render';
import { requireSetup } from './start';

/** Who acts while nobody has an account. */
export const SETUP_ACTOR = { id: null, name: 'setup' } as const;

/** A box for each language, of which there may be forty. */
const publicationBody = formByName({ bytes: 16_384, fields: 80 });

/** `/setup/publication`: what it is called, in which languages, where and in which currency. */
export function publicationRoutes(parts: SetupParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/setup/publication')
    .get((req, res) => open(parts, language, req, res))
    .post(publicationBody, (req, res) => save(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function open(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  await requireSetup(parts, req, res);
  const { site, languages } = parts;
  await show(parts, language, req, res, publicationFrom(site.settings.current, languages));
}

async function save(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { site, languages } = parts;
  await requireSetup(parts, req, res);
  const typed = readPublication(req.body, languages);
  if (Object.keys(publicationErrors(typed, languages)).length > 0) return show(parts, language, req, res, typed, 422);
  await saveAll(parts, req, settingsOf(typed, site.settings.current, languages));
  await parts.refresh();
  // The first language may be another now, and with it the addresses.
  res.redirect(303, `${(languages.find(language.code) ?? languages.first).prefix}/setup/admin`);
}

/**
 * Saves the settings as they were typed last, all or none: whoever sets up has no one to disagree with, but may be
 * interrupted.
 */
async function saveAll(
  { invalidatingWall, clock }: SetupParts,
  req: Request,
  settings: ReturnType<typeof settingsOf>,
): Promise<void> {
  const by = { actor: SETUP_ACTOR, from: { network: networkOf(req.ip), requestId: randomUUID() } };
  await invalidatingWall.write(adminViewer, async (db) => {
    const save = async <Name extends keyof typeof settings>(name: Name) => {
      const version = settingVersion(await loadSetting(db, name));
      const value = settings[name] as SettingValue<Name>;
      await saveSettingIn(db, {
        ...{ name, value, expectedVersion: version, by },
        submissionId: randomUUID(),
        at: clock.now(),
      });
    };
    for (const name of ['identity', 'languages', 'time', 'money'] as const) await save(name);
  });
}

async function show(
  parts: SetupParts,
  language: Language,
  req: Request,
  res: Response,
  typed: PublicationTyped,
  status = 200,
): Promise<void> {
  const errors = status === 200 ? {} : publicationErrors(typed, parts.languages);
  const form = publicationForm(language, parts.languages, typed, errors);
  await renderSetup(parts, language, req, res, stepPage(language, 'publication', { form }), status);
}
