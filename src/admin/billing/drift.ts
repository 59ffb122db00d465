import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { searchWords } from '../../lib/search-words';
import type { WallTransaction } from '../../stores/postgres/wall';
import { inputField } from '../fields';
import { renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { customersOf, readAlarms, formatAlarm } from './alarms/lines';
import { readFilter, some } from './forms';
import { billingFrame } from './frame';
import type { DriftLine, DriftPage } from './page-types';
import type { AdminBillingParts } from './parts';

/** Alarms after which ours and Stripe's are worth a look side by side. */
const KINDS = ['drift', 'unknown-price', 'unknown-status', 'duplicate-subscription', 'duplicate-customer', 'dispute'];

/** Customers on the page: the latest. */
const MOST = 100;

const schema = z.object({ customer: some(searchWords(255)) });

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/** `/admin/billing/drift`: whose records were, or are, not as at Stripe; and anybody else by their id. */
export function driftRoutes(parts: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/billing/drift')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show({ parts, language }, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const section = `${prefix}/admin/billing`;
  const { customer: wanted = '' } = readFilter(schema, req.query);
  if (/^cus_\w+$/.test(wanted)) return res.redirect(303, `${section}/compare?customer=${wanted}`);
  const error = wanted === '' ? null : say('admin.wrong.customer');
  const hint = say('admin.field.customer.hint');
  const read = await wall.read(accountsViewer, readDrift);
  const page: DriftPage = {
    frame: billingFrame(language, req, res, 'drift', say('admin.billing.drift.heading')),
    filter: {
      action: `${section}/drift`,
      fields: [inputField(language, 'customer', 'search', wanted, { hint, error })],
      all: null,
    },
    lines: [...new Set(read.customers.values())].slice(0, MOST).map((customer) => driftLine(language, read, customer)),
  };
  const status = error === null ? 200 : 422;
  await renderAdmin(site, language, req, res, 'billing/drift', '/admin/billing/drift', page, status);
}

type DriftRead = Awaited<ReturnType<typeof readDrift>>;

async function readDrift(db: WallTransaction) {
  const alarms = await readAlarms(db, { settledAt: null, kind: { in: KINDS } }, { take: 5 * MOST });
  const customers = await customersOf(db, alarms);
  const rows = await db.customer.findMany({
    where: { stripeId: { in: [...new Set(customers.values())].slice(0, MOST) } },
    select: {
      stripeId: true,
      account: { select: { id: true, email: true } },
      subscriptions: {
        select: { stripeId: true, status: true, accessReason: true },
        orderBy: { startedAt: 'desc' },
      },
    },
  });
  return { alarms, customers, rows };
}

function driftLine(language: Language, { alarms, customers, rows }: DriftRead, customer: string): DriftLine {
  const { say, prefix } = language;
  const row = rows.find(({ stripeId }) => stripeId === customer);
  const about = alarms.filter(({ id }) => customers.get(id) === customer);
  return {
    customer,
    compare: `${prefix}/admin/billing/compare?customer=${customer}`,
    account: row?.account
      ? { name: row.account.email, href: `${prefix}/admin/members/${row.account.id}/billing` }
      : null,
    alarms: [...new Set(about.map(({ kind }) => formatAlarm(language, kind)))],
    ours: (row?.subscriptions ?? []).map(({ stripeId, status, accessReason }) =>
      say('admin.billing.drift.ours', { subscription: stripeId, status, reason: accessReason }),
    ),
  };
}
