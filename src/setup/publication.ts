import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { adminViewer } from '../access/viewer';
import { onlyMethods } from '../http/errors';
import { formByName } from '../http/body';
import type { Language } from '../lib/language';
import { networkOf } from '../lib/network';
import { loadSetting, saveSetting, settingVersion } from '../site/settings/save';
import type { SettingName, SettingValue } from '../site/settings/schemas';
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
  await requireSetup(parts, req);
  const { site, languages } = parts;
  await show(parts, language, req, res, publicationFrom(site.settings.current, languages));
}

async function save(parts: SetupParts, language: Language, req: Request, res: Response): Promise<void> {
  const { site, languages } = parts;
  await requireSetup(parts, req);
  const typed = readPublication(req.body, languages);
  if (Object.keys(publicationErrors(typed)).length > 0) return show(parts, language, req, res, typed, 422);
  const { identity, ...others } = settingsOf(typed, site.settings.current, languages);
  await put(parts, req, 'identity', identity);
  await put(parts, req, 'languages', others.languages);
  await put(parts, req, 'time', others.time);
  await put(parts, req, 'money', others.money);
  await parts.refresh();
  // The first language may be another now, and with it the addresses.
  res.redirect(303, `${(languages.find(language.code) ?? languages.first).prefix}/setup/admin`);
}

/** Saves a setting as it was typed last: whoever sets up has no one to disagree with. */
async function put<Name extends SettingName>(
  { wall, invalidatingWall, clock }: SetupParts,
  req: Request,
  name: Name,
  value: SettingValue<Name>,
): Promise<void> {
  const before = await wall.read(adminViewer, (db) => loadSetting(db, name));
  await saveSetting(invalidatingWall, {
    ...{ name, value, seen: settingVersion(before), once: randomUUID(), at: clock.now() },
    by: { actor: SETUP_ACTOR, from: { network: networkOf(req.ip), requestId: randomUUID() } },
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
  const errors = status === 200 ? {} : publicationErrors(typed);
  const form = publicationForm(language, parts.languages, typed, errors);
  await renderSetup(parts, language, req, res, stepPage(language, 'publication', { form }), status);
}
