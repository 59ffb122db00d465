import { Router, type Request, type Response } from 'express';
import { adminViewer, editorialViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { formByName } from '../../http/body';
import { onlyMethods } from '../../http/errors';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { loadShape } from '../../site/shape/load';
import type { Word } from '../../site/shape/shape';
import { writeAudit } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { submissionFields } from '../action/form';
import { actionContext, perform, type ActionContext, type AdminAction, type Rejection } from '../action/perform';
import { readFormFields, submissionOf, type Fields } from '../action/submission';
import { findPastAction, type PastAction } from '../audit/past';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { AUDIT_ACTION as MATRIX_CHANGED } from '../matrix/change';
import { staffOnly } from '../staff';
import { nameTiers, type TierNames } from '../tier-names';
import { isGrowing, lockShape, makeWord, openKind, type GrowingGroup } from './change';
import { factsOfWord, wordBefore } from './history';
import type { WordPage } from './page-types';
import { groupIn, SHAPE_PATH, type ShapeContext, type ShapeParts } from './parts';
import { isWhole, languageFields, newWordFields, readDraft, type WordDraft } from './word-form';

/** The most a form of names in many languages has. */
export const shapeForm = formByName({ bytes: 65_536, fields: 300 });

interface MakeCase {
  readonly draft: WordDraft;
  readonly tiers: TierNames;
}

/** `/admin/shape/:group/new`: makes a word, and opens a kind to its tier. */
export function wordMakeRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(`${SHAPE_PATH}/:group/new`)
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const group = growingGroupIn(req);
      const { tiers } = await parts.wall.read(editorialViewer, (db) => readCase({ parts, language }, group, {}, db));
      const past = await deletedWord(parts, group, req);
      await show({ parts, language }, req, res, group, tiers, past === null ? {} : wordBefore(past), {}, null);
    })
    .post(shapeForm, (req, res) => make({ parts, language }, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** The word an address asks to be made again, as it was; null: it names none. */
async function deletedWord({ wall }: ShapeParts, group: GrowingGroup, req: Request): Promise<PastAction | null> {
  const id = readId(req.query['restore']);
  const past = id === null ? null : await findPastAction(wall, 'word-deleted', id);
  return past?.targetId?.startsWith(`${group}/`) ? past : null;
}

/** @throws Failure 404 where the address names no group that words are made in. */
function growingGroupIn(req: Request): GrowingGroup {
  const group = groupIn(req);
  if (!isGrowing(group)) throw notFound('a group that words are made in');
  return group;
}

async function readCase(
  { parts, language }: ShapeContext,
  group: GrowingGroup,
  typed: Fields,
  db: WallTransaction,
): Promise<MakeCase> {
  const words: readonly Word[] = (await loadShape(db))[group];
  const tiers = await nameTiers(db, language);
  return { tiers, draft: readDraft(typed, { group, words, tiers, languages: parts.site.languages }) };
}

async function make(context: ShapeContext, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const group = growingGroupIn(req);
  const submission = submissionOf(readFormFields(req));
  const typed = submission.fields;
  if (!isWhole(typed, parts.site.languages)) throw new Failure(400, 'the body is not that of the form');
  const by = await actionContext(parts, language, req, res);
  const outcome = await perform(makeAction(context, group, typed), submission, by);
  if (outcome.is === 'rejected') {
    const { draft, tiers } = outcome.it;
    return show(context, req, res, group, tiers, typed, draft.wrong, outcome.rejection);
  }
  if (group === 'kinds') await openMadeKind(context, typed, by);
  const back = withQuery(`${language.prefix}${SHAPE_PATH}`, { done: 'word-made' });
  res.redirect(303, `${back}#shape-${group}`);
}

function makeAction(context: ShapeContext, group: GrowingGroup, typed: Fields): AdminAction<MakeCase> {
  const { parts } = context;
  return {
    name: 'word-made',
    targetId: group,
    reason: 'optional',
    load: () => parts.wall.read(editorialViewer, (db) => readCase(context, group, typed, db)),
    check: ({ draft }) =>
      Object.keys(draft.wrong).length === 0 ? null : { status: 422, error: context.language.say('admin.tiers.wrong') },
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    lock: lockShape,
    reload: (db) => readCase(context, group, typed, db),
    entry: ({ draft }) => ({
      target: { kind: 'shape', id: group, name: draft.texts[0]?.name ?? draft.slug },
      after: factsOfWord(group, draft),
    }),
    write: (db, { draft }) => makeWord(db, group, draft),
  };
}

/**
 * Opens the kind that a form has made. Its value may be written only now that the transaction which made it has
 * committed; where this does not come about, it opens to nobody, and the form sent again comes back here.
 */
async function openMadeKind(context: ShapeContext, typed: Fields, { by, at }: ActionContext): Promise<void> {
  const { parts } = context;
  // The word is there by now, so its slug alone of the draft counts.
  const { draft } = await parts.wall.read(editorialViewer, (db) => readCase(context, 'kinds', typed, db));
  if (draft.tier === '') return;
  await parts.invalidatingWall.write(adminViewer, async (db) => {
    if (!(await openKind(db, draft.slug, draft.tier))) return;
    await writeAudit(db, {
      ...{ ...by, at, action: MATRIX_CHANGED },
      target: { kind: 'matrix', id: 'matrix', name: 'gate matrix' },
      before: { [`opens-${draft.slug}`]: null },
      after: { [`opens-${draft.slug}`]: draft.tier },
    });
  });
}

async function show(
  { parts, language }: ShapeContext,
  req: Request,
  res: Response,
  group: GrowingGroup,
  tiers: TierNames,
  typed: Fields,
  errors: WordDraft['wrong'],
  rejection: Rejection | null,
): Promise<void> {
  const { say, prefix } = language;
  const path = `${SHAPE_PATH}/${group}/new`;
  const state = { typed, wrong: errors };
  const page: WordPage = {
    frame: adminFrame(language, req, res, 'shape', say(`admin.shape.${group}.new`)),
    back: { label: say('admin.shape.back'), href: `${prefix}${SHAPE_PATH}` },
    heading: say(`admin.shape.${group}`),
    slug: null,
    text: say(`admin.shape.${group}.text`),
    error: rejection?.error ?? null,
    action: `${prefix}${path}`,
    fields: newWordFields(language, group, tiers, state),
    languages: languageFields(language, parts.site.languages, group, state),
    hidden: submissionFields(null, rejection?.submission),
    submit: say('admin.shape.make'),
  };
  await renderAdmin(parts.site, language, req, res, 'shape/word', path, page, rejection?.status ?? 200);
}
