import { Router } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { searchWords } from '../../lib/search-words';
import { inputField } from '../fields';
import { renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { customersOf, readAlarms, formatAlarm } from './alarm-lines';
import { readFilter, some } from './forms';
import { billingFrame } from './frame';
import type { DriftPage } from './page-types';
import type { AdminBillingParts } from './parts';

/** Alarms after which ours and Stripe's are worth a look side by side. */
const KINDS = ['drift', 'unknown-price', 'unknown-status', 'duplicate-subscription', 'duplicate-customer', 'dispute'];

/** Customers on the page: the latest. */
const MOST = 100;

const asked = z.object({ customer: some(searchWords(255)) });

/** `/admin/billing/drift`: whose records were, or are, not as at Stripe; and anybody else by their id. */
export function driftRoutes({ site, wall }: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const room = `${prefix}/admin/billing`;

  router
    .route('/admin/billing/drift')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const { customer: wanted = '' } = readFilter(asked, req.query);
      if (/^cus_\w+$/.test(wanted)) return res.redirect(303, `${room}/compare?customer=${wanted}`);
      const error = wanted === '' ? null : say('admin.wrong.customer');
      const { alarms, customers, rows } = await wall.read(accountsViewer, async (db) => {
        const open = await readAlarms(db, { settledAt: null, kind: { in: KINDS } }, { take: 5 * MOST });
        const found = await customersOf(db, open);
        const ids = [...new Set(found.values())].slice(0, MOST);
        return {
          alarms: open,
          customers: found,
          rows: await db.customer.findMany({
            where: { stripeId: { in: ids } },
            select: {
              stripeId: true,
              account: { select: { id: true, email: true } },
              subscriptions: {
                select: { stripeId: true, status: true, accessReason: true },
                orderBy: { startedAt: 'desc' },
              },
            },
          }),
        };
      });
      const page: DriftPage = {
        frame: billingFrame(language, req, res, 'drift', say('admin.billing.drift.heading')),
        filter: {
          action: `${room}/drift`,
          fields: [
            inputField(language, 'customer', 'search', wanted, { hint: say('admin.field.customer.hint'), error }),
          ],
          all: null,
        },
        lines: [...new Set(customers.values())].slice(0, MOST).map((customer) => {
          const row = rows.find(({ stripeId }) => stripeId === customer);
          const about = alarms.filter(({ id }) => customers.get(id) === customer);
          return {
            customer,
            compare: `${room}/compare?customer=${customer}`,
            account: row?.account
              ? { name: row.account.email, href: `${prefix}/admin/members/${row.account.id}/billing` }
              : null,
            alarms: [...new Set(about.map(({ kind }) => formatAlarm(language, kind)))],
            ours: (row?.subscriptions ?? []).map(({ stripeId, status, accessReason }) =>
              say('admin.billing.drift.ours', { subscription: stripeId, status, reason: accessReason }),
            ),
          };
        }),
      };
      await renderAdmin(
        site,
        language,
        req,
        res,
        'billing-drift',
        '/admin/billing/drift',
        page,
        error === null ? 200 : 422,
      );
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
