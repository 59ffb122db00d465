import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { readId } from '../../accounts/own/forms';
import { ALARMS } from '../../billing/sync/alarms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { writeAudit } from '../../stores/postgres/audit';
import { selectField, withQuery } from '../fields';
import { renderAdmin } from '../frame';
import { actorOf, staffOnly } from '../staff';
import { endRefunded, refundedSubscriptions } from './alarm-subscriptions';
import { alarmLine, customersOf, readAlarms, formatAlarm } from './alarm-lines';
import { readFilter, readSettling, some } from './forms';
import { billingFrame, exportOf } from './frame';
import type { AlarmsPage } from './page-types';
import type { AdminBillingParts } from './parts';

const ON_A_PAGE = 30;

/** What the list can be asked for. */
export const askedAlarms = z.object({
  state: some(z.enum(['open', 'settled'])),
  kind: some(z.enum(ALARMS)),
  page: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number)
    .optional(),
});

/** The open ones unless the settled are asked for. */
export const whereAlarms = ({ state = 'open', kind }: Pick<z.infer<typeof askedAlarms>, 'state' | 'kind'>) => ({
  settledAt: state === 'open' ? null : { not: null },
  ...(kind === undefined ? {} : { kind }),
});

/** `/admin/billing/alarms`: what a person should look at, or has; settled by hand, and opened again. */
export function alarmRoutes(parts: AdminBillingParts, language: Language): Router {
  const { site, wall, clock } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const path = `${prefix}/admin/billing/alarms`;
  const adminsOnly = staffOnly(language, ['admin']);

  const show = async (
    req: Request,
    res: Response,
    trouble: string | null = null,
    status = 200,
    listed: 'open' | 'settled' = 'settled',
  ) => {
    const given: z.infer<typeof askedAlarms> =
      trouble === null ? readFilter(askedAlarms, req.query) : { state: listed };
    const { state = 'open', kind, page = 1 } = given;
    const where = whereAlarms({ state, kind });
    const { read, customers, refunded } = await wall.read(accountsViewer, async (db) => {
      const rows = await readAlarms(db, where, { skip: (page - 1) * ON_A_PAGE, take: ON_A_PAGE + 1 });
      return {
        read: rows,
        customers: await customersOf(db, rows),
        refunded: await refundedSubscriptions(db, rows),
      };
    });
    const at = (number: number) => withQuery(path, { state, kind, page: number === 1 ? undefined : String(number) });
    const view: AlarmsPage = {
      frame: billingFrame(language, req, res, 'alarms', say('admin.billing.alarms.heading'), trouble),
      filter: {
        action: path,
        fields: [
          selectField(
            language,
            'state',
            state,
            (['open', 'settled'] as const).map((value) => ({ value, label: say(`admin.billing.alarms.${value}`) })),
          ),
          selectField(
            language,
            'kind',
            kind ?? '',
            ALARMS.map((value) => ({ value, label: formatAlarm(language, value) })),
            { any: say('admin.any') },
          ),
        ],
        all: kind === undefined && state === 'open' ? null : path,
      },
      alarms: read
        .slice(0, ON_A_PAGE)
        .map((alarm) => alarmLine(language, alarm, customers.get(alarm.id), 'alarms', refunded.has(alarm.id))),
      exports: read.length === 0 ? null : exportOf(language, 'alarms', { state, kind }),
      steps: { previous: page > 1 ? at(page - 1) : null, next: read.length > ON_A_PAGE ? at(page + 1) : null },
    };
    await renderAdmin(site, language, req, res, 'billing-alarms', '/admin/billing/alarms', { ...view }, status);
  };

  router
    .route('/admin/billing/alarms')
    .all(adminsOnly)
    .get((req, res) => show(req, res))
    .all(onlyMethods('GET', 'HEAD'));

  for (const act of ['settle', 'reopen'] as const) {
    router
      .route(`/admin/billing/alarms/:id/${act}`)
      .all(adminsOnly)
      .post(formBody, async (req, res) => {
        const id = readId(req.params['id']);
        if (id === null) throw notFound('an alarm');
        const { once, back, end } = readSettling(req.body);
        const now = clock.now();
        const by = await actorOf(wall, req, res);
        const ended = act === 'settle' && end === 'yes' ? await endRefunded(parts, id) : null;
        if (ended === 'away') return show(req, res, say('admin.billing.alarm.not-ended'), 503, 'open');
        const outcome = await wall.write(accountsViewer, async (db) => {
          await db.$queryRaw`SELECT 1 FROM alarms WHERE id = ${id}::uuid FOR UPDATE`;
          const alarm = await db.alarm.findUnique({ where: { id } });
          if (!alarm) throw notFound('an alarm');
          // Settled or opened already: there is nothing to do, and nothing to tell of.
          if ((alarm.settledAt !== null) === (act === 'settle')) return 'done';
          if (
            act === 'reopen' &&
            (await db.alarm.count({ where: { kind: alarm.kind, subject: alarm.subject, settledAt: null } })) > 0
          )
            return 'another';
          const settledAt = act === 'settle' ? now : null;
          const told = await writeAudit(db, {
            ...by,
            id: once,
            at: now,
            action: act === 'settle' ? 'alarm-settled' : 'alarm-reopened',
            target: { kind: 'alarm', id, name: `${alarm.kind} ${alarm.subject}` },
            before: { settled: alarm.settledAt?.toISOString() ?? null },
            after: {
              settled: settledAt?.toISOString() ?? null,
              ...(ended ? { subscription: ended.stripeId, ends: now.toISOString() } : {}),
            },
          });
          if (told) await db.alarm.update({ where: { id }, data: { settledAt } });
          return 'done';
        });
        if (outcome === 'another') return show(req, res, say('admin.billing.alarm.another'), 409);
        res.redirect(
          303,
          withQuery(back === undefined ? `${prefix}/admin/billing` : path, {
            done: act === 'settle' ? 'alarm-settled' : 'alarm-reopened',
          }),
        );
      })
      .all(onlyMethods('POST'));
  }
  return router;
}
