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
import { changesOf } from '../audit/format';
import { selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { actorOf, staffOf, staffOnly } from '../staff';
import { ROOM_NAMES, type RoomName } from './fields';
import { readForm, toForm } from './form';
import { readHistory, valueBefore, type PastChange } from './history';
import { settingGroups, type Wrong } from './page';
import type { SettingPage } from './page-types';
import type { SettingsParts } from './parts';
import { answerPreview, PREVIEW_PAGES } from './preview';

/** The most a form of these rooms may have: texts in many languages, and lists. */
const settingForm = formByName({ bytes: 262_144, fields: 300 });

/** Settings that show on no page. */
const INVISIBLE: readonly RoomName[] = ['joining', 'joining-addresses', 'discovery', 'money', 'mail'];

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
  readonly wrong?: Wrong;
}

interface Room {
  readonly name: RoomName;
  readonly parts: SettingsParts;
  readonly language: Language;
}

const formParts = ({ parts: { site } }: Room, tiers: readonly TierRow[]) => ({
  languages: site.languages.all.map(({ code }) => code),
  tiers: tiers.filter(({ rank }) => rank > 0).map(({ slug }) => slug),
});

/** What can be looked at before it is saved: which page, as whom, in which language. */
function previewFields({ name, parts: { site }, language }: Room, { tiers, fields }: Shown): SettingPage['preview'] {
  if (INVISIBLE.includes(name)) return null;
  const { say } = language;
  const pages = PREVIEW_PAGES.map((value) => ({ value, label: say(`admin.settings.preview.${value}`) }));
  const readers = tiers.map((row) => ({ value: row.slug, label: tierTextsIn(row, language).name }));
  const languages = site.languages.all.map(({ code }) => ({ value: code, label: language.languageName(code) }));
  return [
    selectField(language, 'preview-page', fields['preview-page'] ?? 'front', pages),
    selectField(language, 'preview-tier', fields['preview-tier'] ?? 'public', readers),
    selectField(language, 'preview-language', fields['preview-language'] ?? language.code, languages),
  ];
}

async function show(room: Room, req: Request, res: Response, shown: Shown, state: State = {}): Promise<void> {
  const { name, parts, language } = room;
  const { say, prefix } = language;
  const at = `/admin/settings/${name}`;
  const { status = 200, error, restoring, wrong = {} } = state;
  const page: SettingPage = {
    frame: adminFrame(language, req, res, 'settings', say(`admin.settings.${name}`)),
    back: `${prefix}/admin/settings`,
    title: say(`admin.settings.${name}`),
    text: say(`admin.settings.${name}.text`),
    error: error === undefined ? null : say(error),
    restoring: restoring ? say('admin.settings.restoring', { moment: language.moment(restoring.at) }) : null,
    action: `${prefix}${at}`,
    groups: settingGroups(name, {
      ...{ language, wrong, tiers: shown.tiers, fields: shown.fields },
      parts: formParts(room, shown.tiers),
      environment: parts.environment(name, language),
    }),
    hidden: [
      { name: 'version', value: shown.version },
      { name: 'submission', value: randomUUID() },
    ],
    preview: previewFields(room, shown),
    notesHeading: {
      title: say(`admin.settings.notes.${name === 'looks' ? 'looks' : 'mail'}`),
      text: say(`admin.settings.notes.${name === 'looks' ? 'looks' : 'mail'}.text`),
    },
    notes: await parts.notes(name, language),
    history: shown.history.map(({ id, at: moment, actor, before, after }) => ({
      ...{ at: language.moment(moment), iso: moment.toISOString(), actor },
      changes: changesOf(language, before, after),
      restore: withQuery(`${prefix}${at}`, { restore: id }),
    })),
  };
  await renderAdmin(parts.site, language, req, res, 'settings/setting', at, page, status);
}

/** A setting as it is, with what its room shows beside it. */
async function load<Name extends RoomName>(room: Room & { readonly name: Name }) {
  const { wall } = room.parts;
  const read = async (db: WallTransaction) => ({ value: await loadSetting(db, room.name), tiers: await findTiers(db) });
  const { value, tiers } = await wall.read(adminViewer, read);
  return { value: value as SettingValue<Name>, tiers, history: await readHistory(wall, room.name) };
}

async function open(room: Room, req: Request, res: Response): Promise<void> {
  const { value, tiers, history } = await load(room);
  const asked = readId(req.query['restore']);
  const past = asked === null ? null : await valueBefore(room.parts.wall, room.name, asked);
  const restoring = past && history.find(({ id }) => id === asked);
  const fields = toForm(room.name, past ?? value, formParts(room, tiers));
  const shown = { fields, version: settingVersion(value), tiers, history };
  await show(room, req, res, shown, restoring ? { restoring } : {});
}

/** A page with what was typed, not saved. @throws Failure 400 for a page, tier or language there is not. */
function preview(room: Room, req: Request, res: Response, shown: Shown, changes: Partial<Settings>): Promise<void> {
  const { parts, language: own } = room;
  const { fields, tiers } = shown;
  const page = PREVIEW_PAGES.find((one) => one === fields['preview-page']);
  const tier = tiers.find(({ slug }) => slug === fields['preview-tier']);
  const language = parts.site.languages.find(fields['preview-language'] ?? own.code);
  if (!page || !tier || !language) throw new Failure(400, 'no such page, tier or language to preview');
  return answerPreview(parts.site, parts.wall, req, res, { page, rank: tier.rank, language, changes });
}

async function submit(room: Room, req: Request, res: Response): Promise<void> {
  const { name, parts, language } = room;
  const fields = readFormFields(req);
  const { version } = fields;
  const submission = readId(fields['submission']);
  if (version === undefined || submission === null) throw new Failure(400, 'the body is not that of the form');
  const { value: before, tiers, history } = await load(room);
  const shown: Shown = { fields, version, tiers, history };
  const read = readForm(name, fields, before, formParts(room, tiers));
  if ('wrong' in read)
    return show(room, req, res, shown, { status: 422, error: 'admin.settings.check', wrong: read.wrong });
  if (fields['step'] === 'preview') return preview(room, req, res, shown, { [name]: read.value });
  const by = await actorOf(parts.wall, req, res);
  const change = { name, value: read.value, seen: version, once: submission, at: parts.clock.now(), by };
  const outcome = await saveSetting(parts.invalidatingWall, change);
  if (outcome === 'moved') {
    const again = { ...shown, version: settingVersion(before) };
    return show(room, req, res, again, { status: 409, error: 'admin.settings.moved' });
  }
  if (outcome === 'unchanged') return show(room, req, res, shown, { status: 422, error: 'admin.settings.unchanged' });
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
  const roomOf = (req: Request): Room => {
    const name = ROOM_NAMES.find((one) => one === req.params['setting']);
    if (name === undefined) throw notFound('a setting');
    return { name, parts, language };
  };
  router
    .route('/admin/settings/:setting')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => open(roomOf(req), req, res))
    .post(settingForm, (req, res) => submit(roomOf(req), req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
