import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { requeue } from '../../billing/stripe/inbox';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { renderAdmin } from '../frame';
import { actorOf, staffOnly } from '../staff';
import { readEvent, readReplay } from './forms';
import { billingFrame } from './frame';
import { submitOnceButton } from './submit-once';
import type { EventPage } from './page-types';
import type { AdminBillingParts } from './parts';

/**
 * `/admin/billing/event`: one event as Stripe sent it, whose it is, and the way to look into it again. Whoever looks
 * leaves an entry in the audit log.
 */
export function eventRoutes({ site, wall, clock }: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const room = `${prefix}/admin/billing`;
  const adminsOnly = staffOnly(language, ['admin']);

  const show = async (req: Request, res: Response, id: string, trouble: string | null = null, status = 200) => {
    const by = await actorOf(wall, req, res);
    const { row, customer } = await wall.write(accountsViewer, async (db) => {
      const found = await db.inboxEvent.findUnique({ where: { eventId: id } });
      if (!found) throw notFound('an event');
      await writeAudit(db, { ...by, at: clock.now(), action: 'event-viewed', target: { kind: 'event', id, name: id } });
      return {
        row: found,
        customer:
          found.customerRef === null
            ? null
            : await db.customer.findUnique({
                where: { stripeId: found.customerRef },
                select: { account: { select: { id: true, email: true } } },
              }),
      };
    });
    const again = row.payload !== null && row.state !== 'received';
    const page: EventPage = {
      frame: billingFrame(language, req, res, null, row.type, trouble),
      back: { label: say('admin.billing.event.back'), href: `${room}/inbox` },
      facts: [
        { label: say('admin.fact.event'), text: row.eventId },
        { label: say('admin.fact.state'), text: say(`admin.billing.state.${row.state}`) },
        { label: say('admin.fact.object'), text: row.objectId ?? say('admin.fact.none') },
        { label: say('admin.fact.customer'), text: row.customerRef ?? say('admin.fact.none') },
        { label: say('admin.fact.made'), text: formatMoment(language, row.createdAt) },
        { label: say('admin.fact.received'), text: formatMoment(language, row.receivedAt) },
        {
          label: say('admin.fact.looked'),
          text: row.settledAt === null ? say('admin.fact.none') : formatMoment(language, row.settledAt),
        },
        { label: say('admin.fact.failed'), text: language.number(row.attempts) },
        ...(row.failure === null ? [] : [{ label: say('admin.fact.failure'), text: row.failure }]),
      ],
      account: customer?.account
        ? { name: customer.account.email, href: `${prefix}/admin/members/${customer.account.id}/billing` }
        : null,
      compare: row.customerRef === null ? null : `${room}/compare?customer=${row.customerRef}`,
      payload: row.payload === null ? null : JSON.stringify(row.payload, null, 2),
      replay: again ? submitOnceButton(`${room}/event/replay`, say('admin.billing.replay'), { id }) : null,
      replayText: say(`admin.billing.replay.${again ? 'text' : row.state === 'received' ? 'waits' : 'gone'}`),
    };
    await renderAdmin(site, language, req, res, 'billing-event', '/admin/billing/event', page, status);
  };

  router
    .route('/admin/billing/event')
    .all(adminsOnly)
    .get((req, res) => show(req, res, readEvent(req.query)))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/admin/billing/event/replay')
    .all(adminsOnly)
    .post(formBody, async (req, res) => {
      const { once, id } = readReplay(req.body);
      const by = await actorOf(wall, req, res);
      const outcome = await wall.write(accountsViewer, async (db) => {
        await db.$queryRaw`SELECT 1 FROM inbox WHERE event_id = ${id} FOR UPDATE`;
        const row = await db.inboxEvent.findUnique({ where: { eventId: id } });
        if (!row) throw notFound('an event');
        if (await db.auditEntry.findFirst({ where: { id: once, targetId: id }, select: { id: true } })) return 'done';
        if (row.payload === null || row.state === 'received') return 'refused';
        const told = await writeAudit(db, {
          ...by,
          id: once,
          at: clock.now(),
          action: 'event-replayed',
          target: { kind: 'event', id, name: id },
          before: { state: row.state, failed: row.attempts, failure: row.failure },
          after: { state: 'received', failed: 0, failure: null },
        });
        if (!told) return 'refused';
        await requeue(db, id);
        return 'done';
      });
      if (outcome === 'refused') return show(req, res, id, say('admin.billing.replay.refused'), 409);
      res.redirect(303, `${room}/event?id=${id}&done=event-replayed`);
    })
    .all(onlyMethods('POST'));
  return router;
}
