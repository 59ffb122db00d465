import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../../access/viewer';
import { formatMoment } from '../../../accounts/own/format';
import { EVENT_TYPES } from '../../../billing/stripe/events';
import { onlyMethods } from '../../../http/errors';
import type { Language } from '../../../lib/language';
import type { WallTransaction } from '../../../stores/postgres/wall';
import { searchWords } from '../../../lib/search-words';
import { selectField, inputField, withQuery } from '../../fields';
import { renderAdmin } from '../../frame';
import type { FilterForm } from '../../page-types';
import { staffOnly } from '../../staff';
import { readFilter, readPlace, some, writePlace } from '../forms';
import { billingFrame, exportOf } from '../frame';
import type { EventLine, InboxPage } from '../page-types';
import type { AdminBillingParts } from '../parts';

const ON_A_PAGE = 50;

/** Events counted at most; beyond that a page says that there are more. */
const COUNTED = 10_000;

const STATES = ['received', 'dead', 'done', 'ignored'] as const;

/** What the list can be asked for. */
export const askedEvents = z.object({
  state: some(z.enum(STATES)),
  type: some(z.enum(EVENT_TYPES)),
  about: some(searchWords(255)),
  after: some(z.string().max(500)),
  before: some(z.string().max(500)),
});
type InboxFilter = z.infer<typeof askedEvents>;

const COLUMNS = {
  eventId: true,
  type: true,
  customerRef: true,
  receivedAt: true,
  state: true,
  attempts: true,
  failure: true,
} as const;

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/** `/admin/billing/inbox`: everything Stripe has told, the newest first, and what has become of it. */
export function inboxRoutes(parts: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/billing/inbox')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => show({ parts, language }, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function show({ parts: { site, wall }, language }: Context, req: Request, res: Response): Promise<void> {
  const { say, prefix } = language;
  const path = `${prefix}/admin/billing/inbox`;
  const { after, before, ...filtered } = readFilter(askedEvents, req.query);
  const where = whereEvents(filtered);
  const given = after ?? before;
  const way = after === undefined ? ('before' as const) : ('after' as const);
  const place = given === undefined ? null : { way, ...readPlace(given) };
  const { read, count, dead } = await wall.read(accountsViewer, async (db) => ({
    read: await listEvents(db, where, place, ON_A_PAGE + 1),
    count: await db.inboxEvent.count({ where, take: COUNTED + 1 }),
    dead: await db.inboxEvent.count({ where: { state: 'dead' } }),
  }));
  const more = read.length > ON_A_PAGE;
  const rows = place?.way === 'before' ? read.slice(more ? 1 : 0) : read.slice(0, ON_A_PAGE);
  const at = (row: (typeof rows)[number] | undefined, direction: 'after' | 'before') =>
    row ? withQuery(path, { ...filtered, [direction]: writePlace(row.receivedAt, row.eventId) }) : null;
  const forwards = place?.way !== 'before';
  const page: InboxPage = {
    frame: billingFrame(language, req, res, 'inbox', say('admin.billing.inbox.heading')),
    filter: filterForm(language, path, filtered),
    count:
      count > COUNTED
        ? say('admin.billing.inbox.many', { most: language.number(COUNTED) })
        : say('admin.billing.inbox.count', { n: count }),
    events: rows.map((row) => eventLine(language, row)),
    steps: {
      previous: (forwards ? place !== null : more) ? at(rows[0], 'before') : null,
      next: (forwards ? more : true) ? at(rows.at(-1), 'after') : null,
    },
    exports: rows.length === 0 ? null : exportOf(language, 'inbox', filtered),
    replay: dead === 0 ? null : { label: say('admin.billing.replay-all', { n: dead }), href: `${path}/replay-dead` },
  };
  await renderAdmin(site, language, req, res, 'billing/inbox', '/admin/billing/inbox', page);
}

function filterForm(
  language: Language,
  path: string,
  filtered: Pick<InboxFilter, 'state' | 'type' | 'about'>,
): FilterForm {
  const { say } = language;
  const any = say('admin.any');
  const states = STATES.map((value) => ({ value, label: say(`admin.billing.state.${value}`) }));
  const types = EVENT_TYPES.map((value) => ({ value, label: value }));
  return {
    action: path,
    fields: [
      inputField(language, 'about', 'search', filtered.about ?? '', { hint: say('admin.field.about.hint') }),
      selectField(language, 'state', filtered.state ?? '', states, { any }),
      selectField(language, 'type', filtered.type ?? '', types, { any }),
    ],
    all: Object.values(filtered).some((one) => one !== undefined) ? path : null,
  };
}

/**
 * Events of a state and a kind, and those about one id of Stripe's: the event's own, a customer's, or another object's.
 */
export const whereEvents = ({ state, type, about }: Pick<InboxFilter, 'state' | 'type' | 'about'>) => ({
  ...(state === undefined ? {} : { state }),
  ...(type === undefined ? {} : { type }),
  ...(about === undefined || about === ''
    ? {}
    : { OR: [{ eventId: about }, { customerRef: about }, { objectId: about }] }),
});

/** Events of a filter, the newest first: those next to a place in the list, or the first. */
export async function listEvents(
  db: WallTransaction,
  where: ReturnType<typeof whereEvents>,
  place: { readonly way: 'after' | 'before'; readonly at: Date; readonly id: string } | null,
  take: number,
) {
  const newer = place?.way === 'before';
  const beyond =
    place === null
      ? {}
      : newer
        ? { OR: [{ receivedAt: { gt: place.at } }, { receivedAt: place.at, eventId: { gt: place.id } }] }
        : { OR: [{ receivedAt: { lt: place.at } }, { receivedAt: place.at, eventId: { lt: place.id } }] };
  const direction = newer ? 'asc' : 'desc';
  const rows = await db.inboxEvent.findMany({
    where: { AND: [where, beyond] },
    select: COLUMNS,
    orderBy: [{ receivedAt: direction }, { eventId: direction }],
    take,
  });
  return newer ? rows.reverse() : rows;
}

function eventLine(language: Language, row: Awaited<ReturnType<typeof listEvents>>[number]): EventLine {
  return {
    href: `${language.prefix}/admin/billing/event?id=${row.eventId}`,
    id: row.eventId,
    type: row.type,
    customer: row.customerRef,
    received: formatMoment(language, row.receivedAt),
    state: { name: language.say(`admin.billing.state.${row.state}`), warning: row.state === 'dead' },
    attempts: language.number(row.attempts),
    failure: row.failure,
  };
}
