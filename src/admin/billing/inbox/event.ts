import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../../access/viewer';
import { formatMoment } from '../../../accounts/own/format';
import { requeue } from '../../../billing/stripe/inbox';
import { onlyMethods } from '../../../http/errors';
import { formBody } from '../../../http/form';
import { notFound } from '../../../lib/failure';
import type { Language } from '../../../lib/language';
import { writeAudit } from '../../../stores/postgres/audit';
import type { WallTransaction } from '../../../stores/postgres/wall';
import { submitOnceButton } from '../../action/form';
import { actionContext, perform, type AdminAction } from '../../action/perform';
import { submissionOfButton } from '../../action/submission';
import { renderAdmin } from '../../frame';
import { actorOf, staffOnly } from '../../staff';
import { readEvent, readReplay } from '../forms';
import { billingFrame } from '../frame';
import type { EventPage } from '../page-types';
import type { AdminBillingParts } from '../parts';

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/**
 * `/admin/billing/event`: one event as Stripe sent it, whose it is, and the way to look into it again. Whoever looks
 * leaves an entry in the audit log.
 */
export function eventRoutes(parts: AdminBillingParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/billing/event')
    .all(adminsOnly)
    .get((req, res) => show(context, req, res, readEvent(req.query)))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/admin/billing/event/replay')
    .all(adminsOnly)
    .post(formBody, (req, res) => replay(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function replay(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { submission, id } = readReplay(req.body);
  const outcome = await perform(
    replayAction(context, id),
    submissionOfButton(submission),
    await actionContext(parts, language, req, res),
  );
  if (outcome.is === 'rejected')
    return show(context, req, res, id, outcome.rejection.error ?? null, outcome.rejection.status);
  res.redirect(303, `${language.prefix}/admin/billing/event?id=${id}&done=event-replayed`);
}

type EventRow = NonNullable<Awaited<ReturnType<WallTransaction['inboxEvent']['findUnique']>>>;

/** Can it be looked into again: is it kept, and not about to be looked into anyway? */
const isReplayable = ({ payload, state }: EventRow): boolean => payload !== null && state !== 'received';

/** @throws Failure 404 */
async function findEvent(db: WallTransaction, eventId: string): Promise<EventRow> {
  const row = await db.inboxEvent.findUnique({ where: { eventId } });
  if (!row) throw notFound('an event');
  return row;
}

const replayAction = ({ parts: { wall }, language }: Context, id: string): AdminAction<EventRow> => ({
  name: 'event-replayed',
  targetId: id,
  reason: 'optional',
  changed: 'admin.billing.replay.refused',
  load: () => wall.read(accountsViewer, (db) => findEvent(db, id)),
  check: (row) => (isReplayable(row) ? null : { status: 409, error: language.say('admin.billing.replay.refused') }),
  wall,
  viewer: accountsViewer,
  lock: (db) => db.$queryRaw`SELECT 1 FROM inbox WHERE event_id = ${id} FOR UPDATE`,
  reload: (db) => findEvent(db, id),
  entry: (row) => ({
    target: { kind: 'event', id, name: id },
    before: { state: row.state, failed: row.attempts, failure: row.failure },
    after: { state: 'received', failed: 0, failure: null },
  }),
  write: (db) => requeue(db, id),
});

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  id: string,
  trouble: string | null = null,
  status = 200,
): Promise<void> {
  const by = await actorOf(wall, req, res);
  const { row, account } = await wall.write(accountsViewer, async (db) => {
    const found = await findEvent(db, id);
    await writeAudit(db, { ...by, at: clock.now(), action: 'event-viewed', target: { kind: 'event', id, name: id } });
    return { row: found, account: await accountOf(db, found.customerRef) };
  });
  const page: EventPage = {
    frame: billingFrame(language, req, res, null, row.type, trouble),
    ...eventPage(language, row, account),
  };
  await renderAdmin(site, language, req, res, 'billing/event', '/admin/billing/event', page, status);
}

type AccountLink = { readonly id: string; readonly email: string } | null;

async function accountOf(db: WallTransaction, customer: string | null): Promise<AccountLink> {
  if (customer === null) return null;
  const row = await db.customer.findUnique({
    where: { stripeId: customer },
    select: { account: { select: { id: true, email: true } } },
  });
  return row?.account ?? null;
}

function eventPage(language: Language, row: EventRow, account: AccountLink): Omit<EventPage, 'frame'> {
  const { say, prefix } = language;
  const section = `${prefix}/admin/billing`;
  const again = isReplayable(row);
  return {
    back: { label: say('admin.billing.event.back'), href: `${section}/inbox` },
    facts: factsOf(language, row),
    account: account ? { name: account.email, href: `${prefix}/admin/members/${account.id}/billing` } : null,
    compare: row.customerRef === null ? null : `${section}/compare?customer=${row.customerRef}`,
    payload: row.payload === null ? null : JSON.stringify(row.payload, null, 2),
    replay: again
      ? submitOnceButton(`${section}/event/replay`, say('admin.billing.replay'), { id: row.eventId })
      : null,
    replayText: say(`admin.billing.replay.${again ? 'text' : row.state === 'received' ? 'waits' : 'gone'}`),
  };
}

function factsOf(language: Language, row: EventRow): EventPage['facts'] {
  const { say } = language;
  const none = say('admin.fact.none');
  return [
    { label: say('admin.fact.event'), text: row.eventId },
    { label: say('admin.fact.state'), text: say(`admin.billing.state.${row.state}`) },
    { label: say('admin.fact.object'), text: row.objectId ?? none },
    { label: say('admin.fact.customer'), text: row.customerRef ?? none },
    { label: say('admin.fact.made'), text: formatMoment(language, row.createdAt) },
    { label: say('admin.fact.received'), text: formatMoment(language, row.receivedAt) },
    { label: say('admin.fact.looked'), text: row.settledAt === null ? none : formatMoment(language, row.settledAt) },
    { label: say('admin.fact.failed'), text: language.number(row.attempts) },
    ...(row.failure === null ? [] : [{ label: say('admin.fact.failure'), text: row.failure }]),
  ];
}
