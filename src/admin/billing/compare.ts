import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { syncCustomer } from '../../billing/sync/sync-customer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { renderAdmin } from '../frame';
import { actorOf, staffOnly } from '../staff';
import { compare, readStored } from './comparison';
import { readCustomer, readRepair } from './forms';
import { billingFrame } from './frame';
import { submitOnceButton } from './submit-once';
import type { ComparePage } from './page-types';
import type { AdminBillingParts } from './parts';
import { evaluateCustomer } from './evaluate-customer';
import { askStripe } from './stripe-result';

/**
 * `/admin/billing/compare`: one customer, ours beside Stripe's as both are at this moment; and the way to make ours say
 * the same.
 */
export function compareRoutes(
  { site, wall, clock, sync: machine, changed }: AdminBillingParts,
  language: Language,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const room = `${prefix}/admin/billing`;
  const adminsOnly = staffOnly(language, ['admin']);

  const show = async (req: Request, res: Response, customer: string, trouble: string | null = null, status = 200) => {
    const said = await askStripe(() => evaluateCustomer(machine, customer));
    const now = clock.now();
    const ours = await wall.read(accountsViewer, (db) => readStored(db, customer));
    const evaluation = said.is === 'answered' ? said.it : null;
    const both = evaluation && compare(language, ours, evaluation, now);
    const wrong =
      said.is === 'away'
        ? say('admin.billing.away')
        : said.is === 'refused'
          ? say('admin.billing.stripe-refused', { why: said.why })
          : evaluation === null
            ? say(ours === null ? 'admin.billing.compare.unknown' : 'admin.billing.compare.gone')
            : null;
    const page: ComparePage = {
      frame: billingFrame(language, req, res, null, say('admin.billing.compare.heading'), trouble ?? wrong),
      back: { label: say('admin.billing.compare.back'), href: `${room}/drift` },
      customer,
      account: ours?.account
        ? { name: ours.account.email, href: `${prefix}/admin/members/${ours.account.id}/billing` }
        : null,
      asOf:
        ours === null
          ? say('admin.billing.compare.nobodys')
          : ours.syncedAt === null
            ? say('admin.billing.compare.never')
            : say('admin.billing.compare.as-of', { moment: formatMoment(language, ours.syncedAt) }),
      verdict:
        both === null
          ? ''
          : say(
              evaluation!.snapshot.customer.deleted
                ? 'admin.billing.compare.deleted'
                : both.differs
                  ? 'admin.billing.compare.differs'
                  : 'admin.billing.compare.same',
            ),
      differs: both?.differs ?? false,
      objects: both?.objects ?? [],
      same: both === null || both.same === 0 ? null : say('admin.billing.compare.others', { n: both.same }),
      repair:
        said.is !== 'answered' || (both === null && ours === null)
          ? null
          : submitOnceButton(
              `${room}/repair`,
              say(both?.differs ? 'admin.billing.repair' : 'admin.billing.repair.anyway'),
              {
                customer,
              },
            ),
    };
    await renderAdmin(
      site,
      language,
      req,
      res,
      'billing-compare',
      '/admin/billing/compare',
      page,
      said.is === 'answered' ? status : 503,
    );
  };

  router
    .route('/admin/billing/compare')
    .all(adminsOnly)
    .get((req, res) => show(req, res, readCustomer(req.query)))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/admin/billing/repair')
    .all(adminsOnly)
    .post(formBody, async (req, res) => {
      const { once, customer } = readRepair(req.body);
      const by = await actorOf(wall, req, res);
      const done = () => res.redirect(303, `${room}/compare?customer=${customer}&done=customer-repaired`);
      if (
        await wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, action: 'customer-repaired', targetId: customer },
            select: { id: true },
          }),
        )
      )
        return done();
      const said = await askStripe(() => syncCustomer(machine, customer));
      if (said.is !== 'answered')
        return show(
          req,
          res,
          customer,
          say(
            said.is === 'away' ? 'admin.billing.repair.away' : 'admin.billing.stripe-refused',
            said.is === 'away' ? {} : { why: said.why },
          ),
          503,
        );
      const { outcome, changed: differed, access, accountId } = said.it;
      await wall.write(accountsViewer, (db) =>
        writeAudit(db, {
          ...by,
          id: once,
          at: clock.now(),
          action: 'customer-repaired',
          target: { kind: 'customer', id: customer, name: customer },
          after: { outcome, changed: differed, access, account: accountId },
        }),
      );
      if (accountId !== null) changed(accountId);
      if (outcome === 'unknown') return show(req, res, customer, say('admin.billing.repair.unknown'), 409);
      if (outcome === 'ignored') return show(req, res, customer, say('admin.billing.repair.ignored'), 409);
      done();
    })
    .all(onlyMethods('POST'));
  return router;
}
