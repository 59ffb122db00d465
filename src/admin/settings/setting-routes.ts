import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { adminViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formByName } from '../../http/body';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { findTiers, tierTextsIn, type TierRow } from '../../membership/tiers';
import { loadSetting, saveSetting, settingVersion } from '../../site/settings/save';
import type { Settings, SettingValue } from '../../site/settings/schemas';
import type { WallTransaction } from '../../stores/postgres/wall';
import { readFormFields, type Fields } from '../action/submission';
import { selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { actorOf, staffOf, staffOnly } from '../staff';
import { EDITABLE_SETTINGS, type EditableSetting } from './fields';
import { readForm, toForm } from './form';
import { historyViews, readHistory, valueBefore, type PastChange } from './history';
import { settingGroups, type SettingErrors } from './page';
import { pictureForm, takePictures, tooLarge } from './pictures/take';
import type { SettingPage } from './page-types';
import type { SettingsParts } from './parts';
import { answerPreview, answerTextPreview, PREVIEW_PAGES } from './preview';
import { TEXT_PREVIEWS } from './preview-texts';

/** The most a form of these sections may have: texts in many languages, and lists. */
const settingForm = formByName({ bytes: 262_144, fields: 300 });

/** Settings that show on no page. */
const INVISIBLE: readonly EditableSetting[] = ['joining-addresses', 'money'];

interface Shown {
  readonly fields: Fields;
  readonly version: string;
  readonly tiers: readonly TierRow[];
  readonly history: readonly PastChange[];
}

interface State {
  readonly status?: number;
  readonly error?: string;
  readonly restoring?: PastChange;
  readonly wrong?: SettingErrors;
}

interface SettingSection {
  readonly name: EditableSetting;
  readonly parts: SettingsParts;
  readonly language: Language;
}

const formParts = ({ parts: { site } }: SettingSection, tiers: readonly TierRow[]) => ({
  languages: site.languages.all.map(({ code }) => code),
  tiers: tiers.filter(({ rank }) => rank > 0).map(({ slug }) => slug),
});

/** What can be looked at before it is saved: which page, as whom, in which language. */
function previewFields(
  { name, parts: { site }, language }: SettingSection,
  { tiers, fields }: Shown,
): SettingPage['preview'] {
  if (INVISIBLE.includes(name)) return null;
  if (name === 'discovery') return [];
  const { say } = language;
  const pages = PREVIEW_PAGES.map((value) => ({ value, label: say(`admin.settings.preview.${value}`) }));
  const readers = tiers.map((row) => ({ value: row.slug, label: tierTextsIn(row, language).name }));
  const languages = site.languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) }));
  const inLanguage = selectField(language, 'preview-language', fields['preview-language'] ?? language.code, languages);
  if (name === 'mail') return [inLanguage];
  return [
    selectField(language, 'preview-page', fields['preview-page'] ?? 'front', pages),
    selectField(language, 'preview-tier', fields['preview-tier'] ?? 'public', readers),
    inLanguage,
  ];
}

async function show(
  section: SettingSection,
  req: Request,
  res: Response,
  shown: Shown,
  state: State = {},
): Promise<void> {
  const { name, parts, language } = section;
  const { say, prefix } = language;
  const at = `/admin/settings/${name}`;
  const { status = 200, error, restoring, wrong: errors = {} } = state;
  const page: SettingPage = {
    frame: adminFrame(language, req, res, 'settings', say(`admin.settings.${name}`)),
    back: `${prefix}/admin/settings`,
    title: say(`admin.settings.${name}`),
    text: say(`admin.settings.${name}.text`),
    error: error === undefined ? null : say(error),
    restoring: restoring ? say('admin.settings.restoring', { moment: language.moment(restoring.at) }) : null,
    action: `${prefix}${at}`,
    upload: name === 'pictures',
    groups: settingGroups(name, {
      ...{ language, wrong: errors, tiers: shown.tiers, fields: shown.fields },
      parts: formParts(section, shown.tiers),
      environment: parts.environment(name, language),
    }),
    hidden: [
      { name: 'version', value: shown.version },
      { name: 'submission', value: randomUUID() },
    ],
    preview: previewFields(section, shown),
    notesHeading: {
      title: say(`admin.settings.notes.${name === 'looks' || name === 'navigation' ? name : 'mail'}`),
      text: say(`admin.settings.notes.${name === 'looks' || name === 'navigation' ? name : 'mail'}.text`),
    },
    notes: await parts.notes(name, language),
    history: historyViews(language, shown.history, at),
  };
  await renderAdmin(parts.site, language, req, res, 'settings/setting', at, page, status);
}

/** A setting as it is, with what its section shows beside it. */
async function load<Name extends EditableSetting>(section: SettingSection & { readonly name: Name }) {
  const { wall } = section.parts;
  const read = async (db: WallTransaction) => ({
    value: await loadSetting(db, section.name),
    tiers: await findTiers(db),
  });
  const { value, tiers } = await wall.read(adminViewer, read);
  return { value: value as SettingValue<Name>, tiers, history: await readHistory(wall, section.name) };
}

async function open(section: SettingSection, req: Request, res: Response): Promise<void> {
  const { value, tiers, history } = await load(section);
  const asked = readId(req.query['restore']);
  const past = asked === null ? null : await valueBefore(section.parts.wall, section.name, asked);
  const restoring = past && history.find(({ id }) => id === asked);
  const fields = toForm(section.name, past?.value ?? value, formParts(section, tiers));
  const shown = { fields, version: settingVersion(value), tiers, history };
  await show(section, req, res, shown, restoring ? { restoring } : {});
}

/** The section as it is set, where more was sent than is read. */
async function openTooLarge(section: SettingSection, req: Request, res: Response): Promise<void> {
  const { value, tiers, history } = await load(section);
  const shown = {
    fields: toForm(section.name, value, formParts(section, tiers)),
    version: settingVersion(value),
    tiers,
    history,
  };
  await show(section, req, res, shown, { status: 413, error: 'admin.settings.pictures.wrong.together' });
}

/** A page with what was typed, not saved. @throws Failure 400 for a page, tier or language there is not. */
function preview(
  section: SettingSection,
  req: Request,
  res: Response,
  shown: Shown,
  changes: Partial<Settings>,
): Promise<void> {
  const { parts, language: own } = section;
  const { fields, tiers } = shown;
  const asText = TEXT_PREVIEWS.find((one) => one === section.name);
  if (asText) {
    const language = parts.site.languages.find(fields['preview-language'] ?? own.code) ?? own;
    return answerTextPreview(parts, asText, req, res, { language, changes });
  }
  const page = PREVIEW_PAGES.find((one) => one === fields['preview-page']);
  const tier = tiers.find(({ slug }) => slug === fields['preview-tier']);
  const language = parts.site.languages.find(fields['preview-language'] ?? own.code);
  if (!page || !tier || !language) throw new Failure(400, 'no such page, tier or language to preview');
  return answerPreview(parts.site, parts.wall, req, res, { page, rank: tier.rank, language, changes });
}

async function submit(
  section: SettingSection,
  req: Request,
  res: Response,
  { fields, wrong: offered = {} }: { readonly fields: Fields; readonly wrong?: SettingErrors },
): Promise<void> {
  const { name, parts, language } = section;
  const { version } = fields;
  const submission = readId(fields['submission']);
  if (version === undefined || submission === null) throw new Failure(400, 'the body is not that of the form');
  const { value: before, tiers, history } = await load(section);
  const shown: Shown = { fields, version, tiers, history };
  const read = readForm(name, fields, before, formParts(section, tiers));
  const errors = { ...('wrong' in read ? read.wrong : {}), ...offered };
  if ('wrong' in read || Object.keys(errors).length > 0)
    return show(section, req, res, shown, { status: 422, error: 'admin.settings.check', wrong: errors });
  if (fields['step'] === 'preview') return preview(section, req, res, shown, { [name]: read.value });
  const by = await actorOf(parts.wall, req, res);
  const change = {
    name,
    value: read.value,
    expectedVersion: version,
    submissionId: submission,
    at: parts.clock.now(),
    by,
  };
  const outcome = await saveSetting(parts.invalidatingWall, change);
  if (outcome === 'moved') {
    const again = { ...shown, version: settingVersion(before) };
    return show(section, req, res, again, { status: 409, error: 'admin.settings.moved' });
  }
  if (outcome === 'unchanged')
    return show(section, req, res, shown, { status: 422, error: 'admin.settings.unchanged' });
  const { id: actor } = staffOf(res);
  parts.log.info(
    { action: 'setting-changed', actor, target: name, request: by.from.requestId },
    'a setting was changed',
  );
  res.redirect(303, withQuery(`${language.prefix}/admin/settings/${name}`, { done: 'setting-changed' }));
}

/** `/admin/settings/:setting`: one setting as a form, previewed on real pages, saved with its audit entry. */
export function settingRoutes(parts: SettingsParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const sectionOf = (req: Request): SettingSection => {
    const name = EDITABLE_SETTINGS.find((one) => one === req.params['setting']);
    if (name === undefined) throw notFound('a setting');
    return { name, parts, language };
  };
  const pictures: SettingSection = { name: 'pictures', parts, language };
  router
    .route('/admin/settings/pictures')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => open(pictures, req, res))
    .post(pictureForm, async (req, res) => submit(pictures, req, res, await takePictures(parts, req)))
    .all(
      onlyMethods('GET', 'HEAD', 'POST'),
      tooLarge((req, res) => openTooLarge(pictures, req, res)),
    );
  router
    .route('/admin/settings/:setting')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => open(sectionOf(req), req, res))
    .post(settingForm, (req, res) => submit(sectionOf(req), req, res, { fields: readFormFields(req) }))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
