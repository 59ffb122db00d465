import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { formatMoment } from '../../accounts/own/format';
import { requeue } from '../../billing/stripe/inbox';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { inputField } from '../fields';
import { renderAdmin } from '../frame';
import { actorOf, staffOnly } from '../staff';
import { readReplayAll } from './forms';
import { billingFrame } from './frame';
import type { BillingActionPage } from './page-types';
import type { AdminBillingParts } from './parts';

/** Events put back at once: the oldest. Further ones are asked about again. */
const MOST = 1_000;

/** `/admin/billing/inbox/replay-dead`: every dead event, looked into once more, after asking. */
export function replayDeadRoutes({ site, wall, clock }: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const inbox = `${prefix}/admin/billing/inbox`;

  router
    .route('/admin/billing/inbox/replay-dead')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const { count, first, last } = await wall.read(accountsViewer, async (db) => {
        const { _count, _min, _max } = await db.inboxEvent.aggregate({
          where: { state: 'dead' },
          _count: { _all: true },
          _min: { receivedAt: true },
          _max: { receivedAt: true },
        });
        return { count: _count._all, first: _min.receivedAt, last: _max.receivedAt };
      });
      const page: BillingActionPage = {
        frame: billingFrame(language, req, res, null, say('admin.billing.replay-dead.heading')),
        back: { label: say('admin.billing.event.back'), href: inbox },
        who: {
          name: say('admin.billing.replay-dead.count', { n: count }),
          email:
            first && last
              ? say('admin.billing.replay-dead.between', {
                  from: formatMoment(language, first),
                  to: formatMoment(language, last),
                })
              : '',
        },
        text: say('admin.billing.replay-dead.text'),
        refused: count === 0 ? say('admin.billing.replay-dead.none') : null,
        error: null,
        choice: null,
        changes: [],
        charges: [],
        happens: [
          say('admin.billing.replay-dead.happens', { n: Math.min(count, MOST) }),
          ...(count > MOST ? [say('admin.billing.replay-dead.more', { n: count - MOST })] : []),
          say('admin.billing.replay-dead.safe'),
        ],
        sure:
          count === 0
            ? null
            : {
                action: `${inbox}/replay-dead`,
                fields: [inputField(language, 'remark', 'long', '', { hint: say('admin.field.reason.hint') })],
                hidden: [{ name: 'once', value: randomUUID() }],
                submit: say('admin.billing.replay-dead.submit', { n: Math.min(count, MOST) }),
                grave: false,
              },
      };
      await renderAdmin(site, language, req, res, 'action', '/admin/billing/inbox/replay-dead', page);
    })
    .post(formBody, async (req, res) => {
      const { once, remark = '' } = readReplayAll(req.body);
      const by = await actorOf(wall, req, res);
      await wall.write(accountsViewer, async (db) => {
        if (await db.auditEntry.findUnique({ where: { id: once }, select: { id: true } })) return;
        // What is no longer kept cannot be looked into.
        const dead = await db.$queryRaw<
          { event_id: string }[]
        >`SELECT event_id FROM inbox WHERE state = 'dead' AND payload IS NOT NULL ORDER BY received_at, event_id LIMIT ${MOST} FOR UPDATE`;
        if (dead.length === 0) return;
        const told = await writeAudit(db, {
          ...by,
          id: once,
          at: clock.now(),
          action: 'events-replayed',
          target: null,
          before: { dead: dead.length },
          after: { dead: 0 },
          reason: remark.trim() || null,
        });
        if (told) for (const { event_id: id } of dead) await requeue(db, id);
      });
      res.redirect(303, `${inbox}?done=events-replayed`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
