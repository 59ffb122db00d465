import { Router, type Request, type Response } from 'express';
import { adminViewer, editorialViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { loadShape } from '../../site/shape/load';
import { nameIn, type ShapeGroup, type Word } from '../../site/shape/shape';
import type { WallTransaction } from '../../stores/postgres/wall';
import { submissionFields } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFormFields, submissionOf, versionOf, type Fields } from '../action/submission';
import { findPastAction, type PastAction } from '../audit/past';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { lockShape, nameWord } from './change';
import { textsBefore } from './history';
import { shapeForm } from './make';
import type { WordPage } from './page-types';
import { groupIn, SHAPE_PATH, wordIn, type ShapeContext, type ShapeParts } from './parts';
import { textDifferences, typedTexts, validateTexts } from './texts';
import { isWhole, languageFields } from './word-form';

interface RenameCase {
  readonly word: Word;
  readonly typed: ReturnType<typeof validateTexts>;
  readonly version: string;
}

/** `/admin/shape/:group/:slug/names`: what a word is called in each language. Its slug stays for ever. */
export function wordRenameRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${SHAPE_PATH}/:group/:slug/names`)
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const it = await load({ parts, language }, req, {});
      const past = await renamedBefore(parts, req);
      const typed = { ...typedTexts(it.word, parts.site.languages), ...(past === null ? {} : textsBefore(past)) };
      const restoring = past?.at ?? null;
      await show({ parts, language }, req, res, { it, typed, wrong: {}, version: it.version, restoring }, null);
    })
    .post(shapeForm, (req, res) => save({ parts, language }, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** The change an address asks to be taken back; null: it names none of this word. */
async function renamedBefore({ wall }: ShapeParts, req: Request): Promise<PastAction | null> {
  const id = readId(req.query['restore']);
  const target = `${groupIn(req)}/${String(req.params['slug'])}`;
  return id === null ? null : findPastAction(wall, 'word-renamed', id, target);
}

async function readCase(
  { parts }: ShapeContext,
  req: Request,
  typed: Fields,
  db: WallTransaction,
): Promise<RenameCase> {
  const group = groupIn(req);
  const shape = await loadShape(db);
  const word = wordIn(shape, group, req);
  const others = (shape[group] as readonly Word[]).filter((one) => one !== word);
  return {
    word,
    typed: validateTexts(typed, parts.site.languages, group, others),
    version: versionOf(word.texts),
  };
}

const load = (context: ShapeContext, req: Request, typed: Fields): Promise<RenameCase> =>
  context.parts.wall.read(editorialViewer, (db) => readCase(context, req, typed, db));

async function save(context: ShapeContext, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const group = groupIn(req);
  const submission = submissionOf(readFormFields(req));
  const typed = submission.fields;
  if (submission.version === null || !isWhole(typed, parts.site.languages))
    throw new Failure(400, 'the body is not that of the form');
  const action = renameAction(context, req, group, typed);
  const outcome = await perform(action, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') {
    const { it, rejection } = outcome;
    const version = rejection.status === 409 ? it.version : submission.version;
    return show(context, req, res, { it, typed, wrong: it.typed.wrong, version }, rejection);
  }
  const back = withQuery(`${language.prefix}${SHAPE_PATH}`, { done: 'word-renamed' });
  res.redirect(303, `${back}#shape-${group}`);
}

function renameAction(context: ShapeContext, req: Request, group: ShapeGroup, typed: Fields): AdminAction<RenameCase> {
  const { parts, language } = context;
  const { languages } = parts.site;
  return {
    name: 'word-renamed',
    targetId: `${group}/${String(req.params['slug'])}`,
    reason: 'optional',
    load: () => load(context, req, typed),
    check: (it) =>
      Object.keys(it.typed.wrong).length > 0
        ? { status: 422, error: language.say('admin.tiers.wrong') }
        : Object.keys(textDifferences(it.word.texts, it.typed.texts, languages).after).length === 0
          ? { status: 422, error: language.say('admin.tiers.nothing') }
          : null,
    version: ({ version }) => version,
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    lock: lockShape,
    reload: (db) => readCase(context, req, typed, db),
    entry: ({ word, typed: { texts } }) => ({
      target: { kind: 'shape', id: `${group}/${word.slug}`, name: nameIn(word, language) },
      ...textDifferences(word.texts, texts, languages),
    }),
    write: (db, { word, typed: { texts } }) =>
      nameWord(
        db,
        group,
        word.slug,
        texts,
        languages.all.map(({ code }) => code),
      ),
  };
}

interface Shown {
  readonly it: RenameCase;
  readonly typed: Fields;
  readonly wrong: RenameCase['typed']['wrong'];
  readonly version: string;
  /** When the change was made that is taken back; null: it is none. */
  readonly restoring?: Date | null;
}

async function show(
  { parts, language }: ShapeContext,
  req: Request,
  res: Response,
  { it, typed, wrong: errors, version, restoring = null }: Shown,
  rejection: Rejection | null,
): Promise<void> {
  const { say, prefix } = language;
  const group = groupIn(req);
  const path = `${SHAPE_PATH}/${group}/${it.word.slug}/names`;
  const name = nameIn(it.word, language);
  const page: WordPage = {
    frame: adminFrame(language, req, res, 'shape', say('admin.shape.names.heading', { name })),
    back: { label: say('admin.shape.back'), href: `${prefix}${SHAPE_PATH}` },
    heading: name,
    slug: it.word.slug,
    text: restoring
      ? say('admin.settings.restoring', { moment: language.moment(restoring) })
      : say('admin.shape.names.text'),
    error: rejection?.error ?? null,
    action: `${prefix}${path}`,
    fields: [],
    languages: languageFields(language, parts.site.languages, group, { typed, wrong: errors }),
    hidden: submissionFields(version, rejection?.submission),
    submit: say('admin.tiers.texts.save'),
  };
  await renderAdmin(parts.site, language, req, res, 'shape/word', path, page, rejection?.status ?? 200);
}
