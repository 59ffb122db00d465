import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { actionContext, perform, type AdminAction } from '../action/perform';
import { submissionOfButton } from '../action/submission';
import { renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { refundedSubscriptions } from './alarms/subscriptions';
import { customersOf, readAlarms } from './alarms/lines';
import { readReconcile } from './forms';
import { billingFrame } from './frame';
import { overviewPage, SCOPES, type OverviewRead, type Scope } from './overview-page';
import type { OverviewPage } from './page-types';
import type { AdminBillingParts } from './parts';

/** Alarms on this page, the latest; the others are a page of their own. */
const MOST_ALARMS = 20;
const MOST_COMPARISONS = 8;

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/** `/admin/billing`: what stands open, what came in, and when ours was last compared with Stripe's. */
export function overviewRoutes(parts: AdminBillingParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/billing')
    .all(adminsOnly)
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/billing/reconcile')
    .all(adminsOnly)
    .post(formBody, (req, res) => reconcile(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function show({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { site, wall, clock, sync, sandbox } = parts;
  const read = await wall.read(accountsViewer, readOverview);
  const mode = sandbox ? 'sandbox' : sync.livemode ? 'live' : 'test';
  const page: OverviewPage = {
    frame: billingFrame(language, req, res, '', language.say('admin.billing.heading')),
    ...overviewPage(language, read, mode, clock.now()),
  };
  await renderAdmin(site, language, req, res, 'billing/overview', '/admin/billing', page);
}

async function readOverview(db: WallTransaction): Promise<OverviewRead> {
  const alarms = await readAlarms(db, { settledAt: null }, { take: MOST_ALARMS });
  const inbox = await db.inboxEvent.groupBy({ by: ['state'], _count: { _all: true } });
  const waiting = await db.$queryRaw<{ key: string }[]>`
    SELECT key FROM graphile_worker._private_jobs WHERE key = ANY(${SCOPES.map(jobKey)})`;
  return {
    alarms,
    customers: await customersOf(db, alarms),
    refunded: await refundedSubscriptions(db, alarms),
    open: await db.alarm.count({ where: { settledAt: null } }),
    inbox,
    comparisons: await db.reconciliation.findMany({
      orderBy: [{ startedAt: 'desc' }, { id: 'asc' }],
      take: MOST_COMPARISONS,
    }),
    isWaiting: waiting.length > 0,
  };
}

const jobKey = (scope: Scope) => `reconcile-${scope} by an admin`;

async function reconcile({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { submission, scope } = readReconcile(req.body);
  await perform(
    reconcileAction(parts, scope),
    submissionOfButton(submission),
    await actionContext(parts, language, req, res),
  );
  res.redirect(303, `${language.prefix}/admin/billing?done=reconcile-asked`);
}

/** Asks for a comparison with Stripe, which a worker makes. */
const reconcileAction = ({ wall }: AdminBillingParts, scope: Scope): AdminAction<null> => ({
  name: 'reconcile-asked',
  targetId: null,
  reason: 'optional',
  load: () => Promise.resolve(null),
  wall,
  viewer: accountsViewer,
  entry: () => ({ target: null, after: { scope } }),
  write: (db) => addJob(db, `reconcile-${scope}`, {}, { key: jobKey(scope), attempts: 2 }),
});
