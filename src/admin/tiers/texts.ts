import { Router, type Request, type Response } from 'express';
import { adminViewer, accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { isPriced } from '../../membership/tiers';
import { addJob } from '../../stores/postgres/jobs';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFormFields, submissionOf, type Fields } from '../action/submission';
import { findPastAction, type PastAction } from '../audit/past';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { textsBefore } from './history';
import type { TierParts } from './parts';
import { readTextsCase, writeTexts, type TextsCase } from './texts-case';
import { textsFormPage, textsPreviewPage, type FormState } from './texts-page';
import { differences, fieldOf, FIELDS, typedOf, validateTexts, withOptional, type TierTexts } from './tier-texts';

const AUDIT_ACTION = 'tier-worded';

interface Context {
  readonly parts: TierParts;
  readonly language: Language;
}

/**
 * `/admin/tiers/:slug/texts`: what a tier says of itself, in every language. Typed, looked at as readers will see it,
 * and then saved with its audit entry. What is wrong is said beside its field, and nothing that was typed is lost.
 */
export function tierTextsRoutes(parts: TierParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/tiers/:slug/texts')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => open(context, req, res))
    .post(formBody, (req, res) => take(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const load = ({ parts: { wall, site }, language }: Context, slug: unknown): Promise<TextsCase> =>
  wall.read(accountsViewer, (db) => readTextsCase(db, site.languages, language, slug));

async function open(context: Context, req: Request, res: Response): Promise<void> {
  const it = await load(context, req.params['slug']);
  const past = await pastTexts(context, it, req);
  const typed = { ...typedOf(it.words, context.parts.site.languages), ...(past === null ? {} : textsBefore(past)) };
  await showForm(context, req, res, it, typed, { version: it.version, restoring: past?.at ?? null });
}

/** The change whose texts an address asks to have back; null: it names none of this tier. */
async function pastTexts({ parts }: Context, { row }: TextsCase, req: Request): Promise<PastAction | null> {
  const id = readId(req.query['restore']);
  if (id === null) return null;
  return (
    (await findPastAction(parts.wall, AUDIT_ACTION, id, row.slug)) ??
    (await findPastAction(parts.wall, 'tier-deleted', id, row.slug))
  );
}

/** A form was sent: to be changed again, to be looked at, or to be saved. */
async function take(context: Context, req: Request, res: Response): Promise<void> {
  const { languages } = context.parts.site;
  const it = await load(context, req.params['slug']);
  const given = withOptional(readFormFields(req), it.words, languages);
  const { version, step } = given;
  const whole = languages.all.every(({ code }) => FIELDS.every((field) => given[fieldOf(field, code)] !== undefined));
  if (version === undefined || !whole) throw new Failure(400, 'the body is not that of the form');
  if (step === 'save') return save(context, req, res, it.row.slug, given);
  if (step === 'edit') return showForm(context, req, res, it, given, { version });
  const typed = readTyped(context, it, given);
  const rejection =
    rejectionOf(context, typed) ??
    (version === it.version ? null : { status: 409 as const, error: context.language.say('admin.tiers.changed') });
  if (rejection !== null) return showRejected(context, req, res, typed, given, rejection);
  await showPreview(context, req, res, typed, given, null);
}

async function save(context: Context, req: Request, res: Response, slug: string, given: Fields): Promise<void> {
  const { parts, language } = context;
  const submission = submissionOf(given);
  const action = textsAction(context, slug, given);
  const outcome = await perform(action, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return showRejected(context, req, res, outcome.it, given, outcome.rejection);
  res.redirect(303, withQuery(`${language.prefix}/admin/tiers`, { done: AUDIT_ACTION }));
}

/** The tier with what was typed, or what is wrong with it. */
interface TypedTexts extends TextsCase {
  readonly typed: ReturnType<typeof validateTexts>;
}

const readTyped = ({ parts }: Context, it: TextsCase, given: Fields): TypedTexts => ({
  ...it,
  typed: validateTexts(given, parts.site.languages, it.taken),
});

/** What keeps what was typed from being saved. */
function rejectionOf({ parts, language: { say } }: Context, { typed, words }: TypedTexts): Rejection | null {
  if ('wrong' in typed) return { status: 422, error: say('admin.tiers.wrong') };
  const same = Object.keys(differences(words, typed.words, parts.site.languages).after).length === 0;
  return same ? { status: 422, error: say('admin.tiers.nothing') } : null;
}

function textsAction(context: Context, slug: string, given: Fields): AdminAction<TypedTexts> {
  const { site, invalidatingWall } = context.parts;
  return {
    name: AUDIT_ACTION,
    targetId: slug,
    reason: 'optional',
    changed: 'admin.tiers.changed',
    load: async () => readTyped(context, await load(context, slug), given),
    check: (it) => rejectionOf(context, it),
    version: ({ version }) => version,
    wall: invalidatingWall,
    viewer: adminViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM tiers WHERE slug = ${slug} FOR UPDATE`,
    reload: async (db) => readTyped(context, await readTextsCase(db, site.languages, context.language, slug), given),
    entry: ({ name, words, typed }) => ({
      target: { kind: 'tier', id: slug, name },
      ...differences(words, textsIn(typed), site.languages),
    }),
    write: async (db, { row, typed }) => {
      await writeTexts(db, site.languages, slug, textsIn(typed));
      // Stripe's own pages say these words too.
      if (isPriced(row)) await addJob(db, 'tier-worded', { tier: slug }, { key: `tier ${slug}` });
    },
  };
}

/** The texts of a case that was found right. */
function textsIn(typed: TypedTexts['typed']): TierTexts {
  if ('wrong' in typed) throw new Error('texts that are wrong');
  return typed.words;
}

/** The form again, or the page that asks where only the remark is wrong. */
async function showRejected(
  context: Context,
  req: Request,
  res: Response,
  it: TypedTexts,
  given: Fields,
  rejection: Rejection,
): Promise<void> {
  const { typed } = it;
  if (rejection.reasonError !== undefined && !('wrong' in typed))
    return showPreview(context, req, res, { ...it, typed }, given, rejection);
  const errors = 'wrong' in typed ? typed.wrong : {};
  const version = rejection.status === 409 ? it.version : (given['version'] ?? it.version);
  await showForm(
    context,
    req,
    res,
    it,
    given,
    { error: rejection.error ?? null, wrong: errors, version },
    rejection.status,
  );
}

async function showForm(
  { parts: { site }, language }: Context,
  req: Request,
  res: Response,
  it: TextsCase,
  given: Fields,
  state: FormState,
  status = 200,
): Promise<void> {
  const page = {
    frame: adminFrame(language, req, res, 'tiers', language.say('admin.tiers.texts.heading', { tier: it.name })),
    ...textsFormPage(language, site.languages, it, given, state),
  };
  await renderAdmin(site, language, req, res, 'tier-texts', `/admin/tiers/${it.row.slug}/texts`, page, status);
}

async function showPreview(
  { parts: { site }, language }: Context,
  req: Request,
  res: Response,
  it: TypedTexts,
  given: Fields,
  rejection: Rejection | null,
): Promise<void> {
  const page = {
    frame: adminFrame(language, req, res, 'tiers', language.say('admin.tiers.texts.heading', { tier: it.name })),
    ...textsPreviewPage(language, site.languages, it, given, textsIn(it.typed), rejection),
  };
  const path = `/admin/tiers/${it.row.slug}/texts`;
  await renderAdmin(site, language, req, res, 'tier-worded', path, page, rejection?.status ?? 200);
}
