import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { syncCustomer } from '../../billing/sync/sync-customer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { submitOnceButton } from '../action/form';
import { actionContext, perform, type AdminAction } from '../action/perform';
import { submissionOfButton } from '../action/submission';
import { renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { compare, readStored } from './comparison';
import { evaluateCustomer, type CustomerEvaluation } from './evaluate-customer';
import { readCustomer, readRepair } from './forms';
import { billingFrame } from './frame';
import type { ComparePage } from './page-types';
import type { AdminBillingParts } from './parts';
import { askStripe, type StripeResult } from './stripe-result';

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/**
 * `/admin/billing/compare`: one customer, ours beside Stripe's as both are at this moment; and the way to make ours say
 * the same.
 */
export function compareRoutes(parts: AdminBillingParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/billing/compare')
    .all(adminsOnly)
    .get((req, res) => show(context, req, res, readCustomer(req.query)))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/billing/repair')
    .all(adminsOnly)
    .post(formBody, (req, res) => repair(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function repair(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { say, prefix } = language;
  const { submission, customer } = readRepair(req.body);
  const outcome = await perform(
    repairAction(context, customer),
    submissionOfButton(submission),
    await actionContext(parts, language, req, res),
  );
  if (outcome.is === 'rejected') return show(context, req, res, customer, outcome.rejection.error ?? null, 503);
  const { done } = outcome;
  if (done && done.accountId !== null) parts.accountChanged(done.accountId);
  if (done?.outcome === 'unknown' || done?.outcome === 'ignored')
    return show(context, req, res, customer, say(`admin.billing.repair.${done.outcome}`), 409);
  res.redirect(303, `${prefix}/admin/billing/compare?customer=${customer}&done=customer-repaired`);
}

type Synced = Awaited<ReturnType<typeof syncCustomer>>;

/** Makes our rows of a customer say what Stripe has. */
const repairAction = ({ parts, language: { say } }: Context, customer: string): AdminAction<null, Synced> => ({
  name: 'customer-repaired',
  targetId: customer,
  reason: 'optional',
  load: () => Promise.resolve(null),
  outside: async () => {
    const answer = await askStripe(() => syncCustomer(parts.sync, customer));
    if (answer.is === 'answered') return { done: answer.it };
    const error =
      answer.is === 'away'
        ? say('admin.billing.repair.away')
        : say('admin.billing.stripe-refused', { why: answer.why });
    return { rejection: { status: 503, error } };
  },
  wall: parts.wall,
  viewer: accountsViewer,
  entry: (_it, done) => ({
    target: { kind: 'customer', id: customer, name: customer },
    after: done && {
      outcome: done.outcome,
      changed: done.changed,
      access: done.access,
      account: done.accountId,
    },
  }),
});

async function show(
  { parts: { site, wall, clock, sync }, language }: Context,
  req: Request,
  res: Response,
  customer: string,
  trouble: string | null = null,
  status = 200,
): Promise<void> {
  const answer = await askStripe(() => evaluateCustomer(sync, customer));
  const now = clock.now();
  const ours = await wall.read(accountsViewer, (db) => readStored(db, customer));
  const wrong = trouble ?? wrongOf(language, answer, ours);
  const page: ComparePage = {
    frame: billingFrame(language, req, res, null, language.say('admin.billing.compare.heading'), wrong),
    ...comparePage(language, customer, ours, answer, now),
  };
  const told = answer.is === 'answered' ? status : 503;
  await renderAdmin(site, language, req, res, 'billing/compare', '/admin/billing/compare', page, told);
}

type Stored = Awaited<ReturnType<typeof readStored>>;
type Answer = StripeResult<CustomerEvaluation | null>;

/** Why there is nothing to compare with. */
function wrongOf({ say }: Language, answer: Answer, ours: Stored): string | null {
  if (answer.is === 'away') return say('admin.billing.away');
  if (answer.is === 'refused') return say('admin.billing.stripe-refused', { why: answer.why });
  if (answer.it !== null) return null;
  return say(ours === null ? 'admin.billing.compare.unknown' : 'admin.billing.compare.gone');
}

function comparePage(
  language: Language,
  customer: string,
  ours: Stored,
  answer: Answer,
  now: Date,
): Omit<ComparePage, 'frame'> {
  const { say, prefix } = language;
  const section = `${prefix}/admin/billing`;
  const evaluation = answer.is === 'answered' ? answer.it : null;
  const both = evaluation && compare(language, ours, evaluation, now);
  const repairLabel = say(both?.differs ? 'admin.billing.repair' : 'admin.billing.repair.anyway');
  const isRepairable = answer.is === 'answered' && (both !== null || ours !== null);
  return {
    back: { label: say('admin.billing.compare.back'), href: `${section}/drift` },
    customer,
    account: ours?.account
      ? { name: ours.account.email, href: `${prefix}/admin/members/${ours.account.id}/billing` }
      : null,
    asOf: formatAsOf(language, ours),
    verdict: both === null ? '' : say(verdictOf(evaluation!, both.differs)),
    differs: both?.differs ?? false,
    objects: both?.objects ?? [],
    same: both === null || both.same === 0 ? null : say('admin.billing.compare.others', { n: both.same }),
    repair: isRepairable ? submitOnceButton(`${section}/repair`, repairLabel, { customer }) : null,
  };
}

function formatAsOf(language: Language, ours: Stored): string {
  if (ours === null) return language.say('admin.billing.compare.nobodys');
  return ours.syncedAt === null
    ? language.say('admin.billing.compare.never')
    : language.say('admin.billing.compare.as-of', { moment: formatMoment(language, ours.syncedAt) });
}

function verdictOf({ snapshot }: CustomerEvaluation, differs: boolean): string {
  if (snapshot.customer.deleted) return 'admin.billing.compare.deleted';
  return differs ? 'admin.billing.compare.differs' : 'admin.billing.compare.same';
}
