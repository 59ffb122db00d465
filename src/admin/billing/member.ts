import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { fetchAllUpcoming } from '../../billing/stripe/upcoming';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { findTiers } from '../../membership/tiers';
import { writeAudit } from '../../stores/postgres/audit';
import { renderAdmin } from '../frame';
import { readMemberId } from '../action/submission';
import { actorOf, staffOnly } from '../staff';
import { memberFrame } from './frame';
import { memberBillingPage } from './member-page';
import type { AdminBillingParts } from './parts';
import { chargesAgain } from '../../billing/running';

/** Invoices and letters a page shows at most, the newest. */
const MOST = 100;

/** `/admin/members/:id/billing`: what one member pays, as last read from Stripe, and what can be done about it. */
export function memberBillingRoutes(
  { site, wall, clock, sync: machine }: AdminBillingParts,
  language: Language,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say } = language;

  router
    .route('/admin/members/:id/billing')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const id = readMemberId(req);
      const now = clock.now();
      const by = await actorOf(wall, req, res);
      const known = await wall.write(accountsViewer, async (db) => {
        const member = await db.account.findUnique({ where: { id }, select: { id: true, name: true, email: true } });
        if (!member) throw notFound('a member');
        await writeAudit(db, {
          ...by,
          at: now,
          action: 'member-viewed',
          target: { kind: 'account', id, name: member.email },
        });
        const of = { customer: { accountId: id } };
        return {
          member,
          tiers: await findTiers(db),
          customers: await db.customer.findMany({
            where: { accountId: id, stripeId: { not: null } },
            select: { stripeId: true, syncedAt: true, deletedAt: true },
            orderBy: { createdAt: 'desc' },
          }),
          subscriptions: await db.subscription.findMany({
            where: of,
            orderBy: [{ startedAt: 'desc' }, { stripeId: 'asc' }],
          }),
          invoices: await db.invoice.findMany({
            where: of,
            orderBy: [{ createdAt: 'desc' }, { stripeId: 'asc' }],
            take: MOST,
          }),
          disputes: await db.dispute.findMany({ where: of }),
          letters: await db.letter.findMany({
            where: { accountId: id, kind: { in: LETTERS } },
            select: { kind: true, createdAt: true, sentAt: true, failure: true },
            orderBy: { createdAt: 'desc' },
            take: MOST,
          }),
        };
      });
      const charged = known.subscriptions.filter(chargesAgain).map(({ stripeId }) => stripeId);
      const page = {
        frame: memberFrame(language, req, res, say('admin.billing.member.heading', { name: known.member.name })),
        ...memberBillingPage(language, known, now, machine.graceDays, await fetchAllUpcoming(machine.stripe, charged)),
      };
      await renderAdmin(site, language, req, res, 'billing/member', `/admin/members/${id}/billing`, page);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

const LETTERS = [
  'subscription-welcome',
  'payment-failed',
  'authentication-needed',
  'subscription-will-end',
  'subscription-ended',
  'trial-ends',
  'refunded',
];
