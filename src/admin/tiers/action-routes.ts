import { Router, type Request, type Response } from 'express';
import { adminViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { TierRow } from '../../membership/tiers';
import { momentOf } from '../../stores/postgres/wall';
import { isReferredTo } from '../../stores/postgres/violations';
import { confirmForm } from '../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../action/perform';
import { readFields, readSubmission, versionOf, type Fields } from '../action/submission';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { staffOnly } from '../staff';
import { nameIn, type PreparedTier, type TierAction, type TierFacts } from './actions/action';
import { makeTier, TIER_ACTIONS } from './actions/index';
import { readOrder, readTierFacts } from './facts';
import type { TierParts } from './parts';

interface Context {
  readonly parts: TierParts;
  readonly action: TierAction;
  readonly language: Language;
}

/** A tier with what would be done to it; null where one is made. */
interface TierCase {
  readonly facts: TierFacts;
  readonly tier: TierRow | null;
  readonly prepared: PreparedTier;
  readonly version: string;
}

/**
 * `/admin/tiers/new` and what is done with a tier as such: it is moved, retired, offered again or deleted. Each asks
 * first, with what would open and close, and is carried out with its audit entry in one transaction.
 */
export function tierActionRoutes(parts: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const action of [makeTier, ...TIER_ACTIONS]) {
    const context: Context = { parts, action, language };
    router
      .route(action === makeTier ? '/admin/tiers/new' : `/admin/tiers/:slug/${action.path}`)
      .all(staffOnly(language, ['admin']))
      .get((req, res) => ask(context, req, res))
      .post(formBody, (req, res) => confirm(context, req, res))
      .all(onlyMethods('GET', 'HEAD', 'POST'));
  }
  return router;
}

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const fields = readFields(req.query);
  const { parts } = context;
  const facts = await readTierFacts(parts.wall, parts.clock.now());
  await show(context, req, res, prepare(context, facts, req.params['slug'], fields), fields, null);
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, action, language } = context;
  const submission = readSubmission(req);
  const asked = { slug: req.params['slug'], fields: submission.fields };
  const adminAction = adminActionOf(context, asked, parts.clock.now());
  const outcome = await perform(adminAction, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return show(context, req, res, outcome.it, submission.fields, outcome.rejection);
  const made = action === makeTier ? submission.fields['slug'] : undefined;
  const sections = `${language.prefix}/admin/tiers`;
  res.redirect(303, withQuery(made === undefined ? sections : `${sections}/${made}/texts`, { done: action.name }));
}

/** @throws Failure 404 where the address names no tier. */
function prepare({ parts, action, language }: Context, facts: TierFacts, slug: unknown, fields: Fields): TierCase {
  const tier = action === makeTier ? null : facts.tiers.find((one) => one.slug === slug);
  if (tier === undefined) throw notFound('a tier');
  const prepared = action.prepare({
    facts,
    tier,
    language,
    languages: parts.site.languages,
    currency: parts.site.settings.current.money.currency,
    fields,
  });
  const order = facts.tiers.map(({ slug: one, rank, joining, retiredAt }) => [one, rank, joining, retiredAt]);
  return { facts, tier, prepared, version: versionOf([order, facts.matrix.opens]) };
}

function adminActionOf(
  context: Context,
  { slug, fields }: { readonly slug: unknown; readonly fields: Fields },
  now: Date,
): AdminAction<TierCase> {
  const { parts, action, language } = context;
  let loaded: TierFacts | null = null;
  return {
    name: action.name,
    targetId: action === makeTier ? (fields['slug'] ?? null) : String(slug),
    reason: action === makeTier ? 'optional' : 'required',
    load: async () => prepare(context, (loaded = await readTierFacts(parts.wall, now)), slug, fields),
    check: ({ prepared }) => (prepared.is === 'ready' ? null : { status: prepared.is === 'refused' ? 409 : 422 }),
    version: ({ version }) => version,
    wall: parts.invalidatingWall,
    viewer: adminViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM tiers ORDER BY rank FOR UPDATE`,
    // Who holds what is not an admin's context to read: it is as it was a moment ago.
    reload: async (db) => prepare(context, { ...loaded!, ...(await readOrder(db, await momentOf(db))) }, slug, fields),
    entry: ({ tier, prepared }) => ({
      target: {
        kind: 'tier',
        id: prepared.is === 'ready' ? prepared.slug : String(slug),
        name: tier === null ? (fields['name'] ?? '') : nameIn(tier, language),
      },
      before: prepared.is === 'ready' ? prepared.before : null,
      after: prepared.is === 'ready' ? prepared.after : null,
    }),
    write: async (db, { prepared }) => {
      if (prepared.is === 'ready') await prepared.write(db);
    },
    rejectionOf: (error) =>
      isReferredTo(error) ? { status: 409, refused: language.say('admin.tiers.refused.used') } : null,
  };
}

async function show(
  context: Context,
  req: Request,
  res: Response,
  it: TierCase,
  fields: Fields,
  rejection: Rejection | null,
): Promise<void> {
  const { parts, action, language } = context;
  const { prepared, tier } = it;
  const key = action.name;
  const path = action === makeTier ? '/admin/tiers/new' : `/admin/tiers/${tier!.slug}/${action.path}`;
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'tiers', headingOf(context, it)),
    back: { label: language.say('admin.tiers.back'), href: `${language.prefix}/admin/tiers` },
    who: { name: tier === null ? language.say('admin.tiers.new') : nameIn(tier, language), email: tier?.slug ?? '' },
    text: language.say(`admin.${key}.text`),
    ...actionParts(context, it, fields, rejection, `${language.prefix}${path}`),
  };
  const wrong = prepared.is === 'open' && prepared.fields.some(({ error }) => error !== null);
  const status = wrong ? 422 : (rejection?.status ?? 200);
  await renderAdmin(parts.site, language, req, res, 'action', path, page, status);
}

const headingOf = ({ action, language }: Context, { tier }: TierCase): string =>
  language.say(`admin.${action.name}.heading`, { tier: tier === null ? '' : nameIn(tier, language) });

/** The part of the page that asks: the choice that is missing, or what will happen and the form that means it. */
function actionParts(
  { action, language }: Context,
  { prepared, version }: TierCase,
  fields: Fields,
  rejection: Rejection | null,
  at: string,
): Omit<ActionPage, 'frame' | 'back' | 'who' | 'text'> {
  const refused = rejection?.refused ?? (prepared.is === 'refused' ? prepared.why : null);
  const ready = prepared.is === 'ready' && refused === null ? prepared : null;
  const why = action === makeTier ? 'remark' : 'reason';
  return {
    refused,
    error: rejection?.error ?? null,
    choice:
      prepared.is === 'open'
        ? { action: at, fields: prepared.fields, hidden: [], submit: language.say('admin.action.continue') }
        : null,
    changes: ready?.changes ?? [],
    happens: ready?.happens ?? [],
    charges: [],
    sure:
      ready &&
      confirmForm(language, {
        action: at,
        chosen: ready.chosen,
        version,
        why,
        typed: fields[why],
        hint: 'admin.matrix.reason.hint',
        rejection,
        submit: language.say(`admin.${action.name}.submit`),
        grave: action.grave,
      }),
  };
}
