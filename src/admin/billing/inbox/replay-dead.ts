import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../../access/viewer';
import { formatMoment } from '../../../accounts/own/format';
import { requeue } from '../../../billing/stripe/inbox';
import { onlyMethods } from '../../../http/errors';
import { formBody } from '../../../http/form';
import type { Language } from '../../../lib/language';
import type { WallTransaction } from '../../../stores/postgres/wall';
import { confirmForm } from '../../action/form';
import { actionContext, perform, type AdminAction, type Rejection } from '../../action/perform';
import { submissionOfButton } from '../../action/submission';
import { renderAdmin } from '../../frame';
import { staffOnly } from '../../staff';
import { readReplayAll } from '../forms';
import { billingFrame } from '../frame';
import type { BillingActionPage } from '../page-types';
import type { AdminBillingParts } from '../parts';

/** Events put back at once: the oldest. Further ones are asked about again. */
const MOST = 1_000;

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/** `/admin/billing/inbox/replay-dead`: every dead event, looked into once more, after asking. */
export function replayDeadRoutes(parts: AdminBillingParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/billing/inbox/replay-dead')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { submission, remark = '' } = readReplayAll(req.body);
  const outcome = await perform(
    replayAction(parts),
    submissionOfButton(submission, remark),
    await actionContext(parts, language, req, res),
  );
  if (outcome.is === 'rejected') return show(context, req, res, remark, outcome.rejection);
  res.redirect(303, `${language.prefix}/admin/billing/inbox?done=events-replayed`);
}

/** Puts dead events back. The case is their ids, known within the transaction alone. */
const replayAction = ({ wall }: AdminBillingParts): AdminAction<readonly string[] | null> => ({
  name: 'events-replayed',
  targetId: null,
  reason: 'optional',
  load: () => Promise.resolve(null),
  check: (ids) => (ids?.length === 0 ? 'nothing' : null),
  wall,
  viewer: accountsViewer,
  reload: lockDead,
  entry: (ids) => ({ target: null, before: { dead: ids?.length ?? 0 }, after: { dead: 0 } }),
  write: async (db, ids) => {
    for (const id of ids ?? []) await requeue(db, id);
  },
});

/** The dead events that can be looked into: what is no longer kept cannot be. */
async function lockDead(db: WallTransaction): Promise<string[]> {
  const dead = await db.$queryRaw<{ event_id: string }[]>`
    SELECT event_id FROM inbox WHERE state = 'dead' AND payload IS NOT NULL
    ORDER BY received_at, event_id LIMIT ${MOST} FOR UPDATE`;
  return dead.map(({ event_id: id }) => id);
}

async function show(
  { parts: { site, wall }, language }: Context,
  req: Request,
  res: Response,
  remark = '',
  rejection: Rejection | null = null,
): Promise<void> {
  const { _count, _min, _max } = await wall.read(accountsViewer, (db) =>
    db.inboxEvent.aggregate({
      where: { state: 'dead' },
      _count: { _all: true },
      _min: { receivedAt: true },
      _max: { receivedAt: true },
    }),
  );
  const dead = { count: _count._all, first: _min.receivedAt, last: _max.receivedAt };
  const page: BillingActionPage = {
    frame: billingFrame(language, req, res, null, language.say('admin.billing.replay-dead.heading')),
    ...replayPage(language, dead, remark, rejection),
  };
  const status = rejection?.status ?? 200;
  await renderAdmin(site, language, req, res, 'action', '/admin/billing/inbox/replay-dead', page, status);
}

interface DeadEvents {
  readonly count: number;
  readonly first: Date | null;
  readonly last: Date | null;
}

function replayPage(
  language: Language,
  { count, first, last }: DeadEvents,
  remark: string,
  rejection: Rejection | null,
): Omit<BillingActionPage, 'frame'> {
  const { say, prefix } = language;
  const inbox = `${prefix}/admin/billing/inbox`;
  const between = first && last ? { from: formatMoment(language, first), to: formatMoment(language, last) } : null;
  const now = Math.min(count, MOST);
  return {
    back: { label: say('admin.billing.event.back'), href: inbox },
    who: {
      name: say('admin.billing.replay-dead.count', { n: count }),
      email: between ? say('admin.billing.replay-dead.between', between) : '',
    },
    text: say('admin.billing.replay-dead.text'),
    refused: count === 0 ? say('admin.billing.replay-dead.none') : null,
    error: rejection?.error ?? null,
    choice: null,
    changes: [],
    charges: [],
    happens: [
      say('admin.billing.replay-dead.happens', { n: now }),
      ...(count > MOST ? [say('admin.billing.replay-dead.more', { n: count - MOST })] : []),
      say('admin.billing.replay-dead.safe'),
    ],
    sure:
      count === 0
        ? null
        : confirmForm(language, {
            action: `${inbox}/replay-dead`,
            chosen: {},
            version: null,
            why: 'remark',
            typed: remark,
            rejection,
            submit: say('admin.billing.replay-dead.submit', { n: now }),
            grave: false,
          }),
  };
}
