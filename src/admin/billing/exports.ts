import { Router } from 'express';
import type { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import type { Wall } from '../../stores/postgres/wall';
import { exportTable } from '../export-table';
import { staffOnly } from '../staff';
import { askedAlarms, whereAlarms } from './alarms/routes';
import { readFilter } from './forms';
import { askedEvents, listEvents, whereEvents } from './inbox/routes';
import type { AdminBillingParts } from './parts';

/** Rows read at a time. */
const BATCH = 1_000;

type Rows = (string | number | Date | null)[][];

const EVENT_COLUMNS = ['id', 'type', 'customer', 'received_at', 'state', 'attempts', 'failure'] as const;
const ALARM_COLUMNS = [
  'id',
  'kind',
  'subject',
  'account_id',
  'account',
  'times',
  'first_at',
  'last_at',
  'settled_at',
  'details',
] as const;

/** The lists of billing as tables to take along: what their filter finds, all of it; who took it is noted. */
export function billingExportRoutes(parts: AdminBillingParts, language: Language): Router {
  const { wall } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  const table = <T extends Record<string, unknown>>(
    name: 'inbox' | 'alarms',
    schema: z.ZodType<T>,
    columns: readonly string[],
    batches: (filter: T) => AsyncIterable<Rows>,
  ) => {
    router
      .route(`/admin/billing/${name}/export`)
      .all(adminsOnly)
      .post(formBody, async (req, res) => {
        const filter = readFilter(schema, req.body);
        await exportTable(parts, req, res, { name, asked: filter, columns, batches: () => batches(filter) });
      })
      .all(onlyMethods('POST'));
  };
  table('inbox', askedEvents, EVENT_COLUMNS, (filter) => eventBatches(wall, whereEvents(filter)));
  table('alarms', askedAlarms, ALARM_COLUMNS, (filter) => alarmBatches(wall, whereAlarms(filter)));
  return router;
}

/** The events of a filter, the newest first, each batch in a transaction of its own. */
async function* eventBatches(wall: Wall, where: ReturnType<typeof whereEvents>): AsyncGenerator<Rows> {
  let last: { readonly receivedAt: Date; readonly eventId: string } | undefined;
  for (;;) {
    const place = last ? { way: 'after' as const, at: last.receivedAt, id: last.eventId } : null;
    const rows = await wall.read(accountsViewer, (db) => listEvents(db, where, place, BATCH));
    yield rows.map(({ eventId, type, customerRef, receivedAt, state, attempts, failure }) => [
      eventId,
      type,
      customerRef,
      receivedAt,
      state,
      attempts,
      failure,
    ]);
    last = rows.at(-1);
    if (rows.length < BATCH) return;
  }
}

/** The alarms of a filter in the order of their ids, which does not change when one is met again meanwhile. */
async function* alarmBatches(wall: Wall, where: ReturnType<typeof whereAlarms>): AsyncGenerator<Rows> {
  let last: string | undefined;
  for (;;) {
    const beyond = last === undefined ? {} : { id: { gt: last } };
    const rows = await wall.read(accountsViewer, (db) =>
      db.alarm.findMany({
        where: { AND: [where, beyond] },
        include: { account: { select: { email: true } } },
        orderBy: { id: 'asc' },
        take: BATCH,
      }),
    );
    yield rows.map(({ id, kind, subject, accountId, account, times, createdAt, lastAt, settledAt, details }) => [
      id,
      kind,
      subject,
      accountId,
      account?.email ?? null,
      times,
      createdAt,
      lastAt,
      settledAt,
      JSON.stringify(details),
    ]);
    last = rows.at(-1)?.id;
    if (rows.length < BATCH) return;
  }
}
