import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { renderAdmin } from '../frame';
import { actorOf, staffOnly } from '../staff';
import { refundedSubscriptions } from './alarm-subscriptions';
import { alarmLine, customersOf, readAlarms } from './alarm-lines';
import { readReconcile } from './forms';
import { billingFrame } from './frame';
import { submitOnceButton } from './submit-once';
import type { ComparisonLine, OverviewPage } from './page-types';
import type { AdminBillingParts } from './parts';

/** Alarms on this page, the latest; the others are a page of their own. */
const MOST_ALARMS = 20;
const MOST_COMPARISONS = 8;

/** Milliseconds after which a comparison that has not ended must have gone down with its process. */
const TOO_LONG = 2 * 3_600_000;

const STATES = ['received', 'dead', 'done', 'ignored'] as const;
const SCOPES = ['changed', 'all'] as const;
type Comparison = Awaited<ReturnType<WallTransaction['reconciliation']['findMany']>>[number];

const jobKey = (scope: (typeof SCOPES)[number]) => `reconcile-${scope} by an admin`;

/** `/admin/billing`: what stands open, what came in, and when ours was last compared with Stripe's. */
export function overviewRoutes(
  { site, wall, clock, sync: machine, sandbox }: AdminBillingParts,
  language: Language,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/admin/billing`;
  const adminsOnly = staffOnly(language, ['admin']);

  router
    .route('/admin/billing')
    .all(adminsOnly)
    .get(async (req, res) => {
      const now = clock.now();
      const read = await wall.read(accountsViewer, async (db) => {
        const alarms = await readAlarms(db, { settledAt: null }, { take: MOST_ALARMS });
        return {
          alarms,
          customers: await customersOf(db, alarms),
          refunded: await refundedSubscriptions(db, alarms),
          open: await db.alarm.count({ where: { settledAt: null } }),
          inbox: await db.inboxEvent.groupBy({ by: ['state'], _count: { _all: true } }),
          comparisons: await db.reconciliation.findMany({
            orderBy: [{ startedAt: 'desc' }, { id: 'asc' }],
            take: MOST_COMPARISONS,
          }),
          waiting: await db.$queryRaw<
            { key: string }[]
          >`SELECT key FROM graphile_worker._private_jobs WHERE key = ANY(${SCOPES.map(jobKey)})`,
        };
      });
      const running = read.comparisons.find((one) => isRunning(one, now));
      const mode = sandbox ? 'sandbox' : machine.livemode ? 'live' : 'test';
      const page: OverviewPage = {
        frame: billingFrame(language, req, res, '', say('admin.billing.heading')),
        mode: {
          name: say(`admin.billing.mode.${mode}`),
          text: say(`admin.billing.mode.${mode}.text`),
          real: mode === 'live',
        },
        alarms: read.alarms.map((alarm) =>
          alarmLine(language, alarm, read.customers.get(alarm.id), null, read.refunded.has(alarm.id)),
        ),
        alarmCount: say('admin.billing.alarms.count', { n: read.open }),
        allAlarms: `${path}/alarms`,
        inbox: STATES.map((state) => {
          const count = read.inbox.find((one) => one.state === state)?._count._all ?? 0;
          return {
            state: say(`admin.billing.state.${state}`),
            count: language.number(count),
            href: `${path}/inbox?state=${state}`,
            heed: state === 'dead' && count > 0,
          };
        }),
        underWay: running
          ? say('admin.billing.comparison.running', { moment: formatMoment(language, running.startedAt) })
          : read.waiting.length > 0
            ? say('admin.billing.comparison.waiting')
            : null,
        comparisons: read.comparisons.map((one) => comparisonLine(language, one, now)),
        buttons: SCOPES.map((scope) => ({
          button: submitOnceButton(`${path}/reconcile`, say(`admin.billing.reconcile.${scope}`), { scope }),
          text: say(`admin.billing.reconcile.${scope}.text`),
        })),
      };
      await renderAdmin(site, language, req, res, 'billing', '/admin/billing', page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/admin/billing/reconcile')
    .all(adminsOnly)
    .post(formBody, async (req, res) => {
      const { once, scope } = readReconcile(req.body);
      const by = await actorOf(wall, req, res);
      await wall.write(accountsViewer, async (db) => {
        const told = await writeAudit(db, {
          ...by,
          id: once,
          at: clock.now(),
          action: 'reconcile-asked',
          target: null,
          after: { scope },
        });
        if (told) await addJob(db, `reconcile-${scope}`, {}, { key: jobKey(scope), attempts: 2 });
      });
      res.redirect(303, `${path}?done=reconcile-asked`);
    })
    .all(onlyMethods('POST'));
  return router;
}

const isRunning = ({ startedAt, finishedAt }: Comparison, now: Date): boolean =>
  finishedAt === null && now.getTime() - startedAt.getTime() < TOO_LONG;

function comparisonLine(language: Language, one: Comparison, now: Date): ComparisonLine {
  const { say } = language;
  const { scope, startedAt, finishedAt, looked, repaired, failure } = one;
  return {
    scope: say(`admin.billing.scope.${scope}`),
    started: formatMoment(language, startedAt),
    took:
      finishedAt !== null
        ? say('admin.billing.comparison.took', {
            seconds: language.number(Math.max(0, Math.round((finishedAt.getTime() - startedAt.getTime()) / 1_000))),
          })
        : say(isRunning(one, now) ? 'admin.billing.comparison.still' : 'admin.billing.comparison.broken'),
    looked: language.number(looked),
    repaired: language.number(repaired),
    failure,
  };
}
