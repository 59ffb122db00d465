import { Router, type Request, type Response } from 'express';
import { adminViewer, editorialViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { loadShape } from '../../site/shape/load';
import { nameIn } from '../../site/shape/shape';
import type { WallTransaction } from '../../stores/postgres/wall';
import { confirmForm } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readSubmission, versionOf } from '../action/submission';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { staffOnly } from '../staff';
import { isGrowing, lockShape } from './change';
import { groupIn, SHAPE_PATH, wordIn, type ShapeContext, type ShapeParts } from './parts';
import { countUses, isSaid, usesOf } from './uses';
import { WORD_ACTIONS, type WordAction, type WordRequest } from './word-actions';

interface ActionRequest extends ShapeContext {
  readonly action: WordAction;
  readonly req: Request;
  readonly now: Date;
}

/**
 * `/admin/shape/:group/:slug/retire`, `offer` and `delete`: what would happen, and the form that means it. Each is
 * carried out with its audit entry in one transaction.
 */
export function wordActionRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const action of WORD_ACTIONS) {
    const request = (req: Request): ActionRequest => ({ parts, language, action, req, now: parts.clock.now() });
    router
      .route(`${SHAPE_PATH}/:group/:slug/${action.path}`)
      .all(staffOnly(language, ['admin']))
      .get(async (req, res) => show(request(req), res, await load(request(req)), '', null))
      .post(formBody, (req, res) => confirm(request(req), res))
      .all(onlyMethods('GET', 'HEAD', 'POST'));
  }
  return router;
}

/** The word as it is now. As the desk, or an admin, who read every passage. @throws Failure 404 where there is none. */
async function readRequest({ action, language, req, now }: ActionRequest, db: WallTransaction): Promise<WordRequest> {
  const group = groupIn(req);
  if (!isGrowing(group)) throw notFound('a word that can be retired');
  const shape = await loadShape(db);
  const word = wordIn(shape, group, req);
  const uses = usesOf(await countUses(db), group, word.slug);
  // To look for it everywhere is worth its time only where that decides.
  const mentioned = action.path === 'delete' && (uses > 0 || (await isSaid(db, group, word.slug)));
  return { group, word, words: shape[group], uses, mentioned, language, now };
}

const load = (request: ActionRequest): Promise<WordRequest> =>
  request.parts.wall.read(editorialViewer, (db) => readRequest(request, db));

async function confirm(request: ActionRequest, res: Response): Promise<void> {
  const { parts, language, action, req } = request;
  const submission = readSubmission(req);
  const outcome = await perform(adminActionOf(request), submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return show(request, res, outcome.it, submission.reason, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}${SHAPE_PATH}`, { done: action.name }));
}

const versionOfWord = ({ word, words, uses }: WordRequest): string =>
  versionOf([word, uses, words.map(({ slug, retired }) => [slug, retired])]);

function adminActionOf(request: ActionRequest): AdminAction<WordRequest> {
  const { parts, action, req } = request;
  return {
    name: action.name,
    targetId: `${String(req.params['group'])}/${String(req.params['slug'])}`,
    reason: 'optional',
    load: () => load(request),
    check: (it) => {
      const refused = action.refused(it);
      return refused === null ? null : { status: 409, refused };
    },
    version: versionOfWord,
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    lock: lockShape,
    reload: (db) => readRequest(request, db),
    entry: (it) => ({
      target: { kind: 'shape', id: `${it.group}/${it.word.slug}`, name: nameIn(it.word, it.language) },
      ...action.facts(it),
    }),
    write: (db, it) => action.write(db, it),
  };
}

async function show(
  { parts, language, action, req }: ActionRequest,
  res: Response,
  it: WordRequest,
  typed: string,
  rejection: Rejection | null,
): Promise<void> {
  const { say, prefix } = language;
  const name = nameIn(it.word, language);
  const path = `${SHAPE_PATH}/${it.group}/${it.word.slug}/${action.path}`;
  const refused = rejection?.refused ?? action.refused(it);
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'shape', say(`admin.${action.name}.heading`, { name })),
    back: { label: say('admin.shape.back'), href: `${prefix}${SHAPE_PATH}` },
    who: { name, email: it.word.slug },
    text: say(`admin.shape.${it.group}.text`),
    refused,
    error: rejection?.error ?? null,
    choice: null,
    changes: [],
    happens: refused === null ? action.happens(it) : [],
    charges: [],
    sure:
      refused === null
        ? confirmForm(language, {
            ...{ action: `${prefix}${path}`, chosen: {}, version: versionOfWord(it), why: 'remark', typed, rejection },
            ...{ hint: 'admin.matrix.reason.hint', submit: say(`admin.${action.name}.submit`), grave: action.grave },
          })
        : null,
  };
  await renderAdmin(parts.site, language, req, res, 'action', path, page, rejection?.status ?? 200);
}
