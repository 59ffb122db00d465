import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountsViewer } from '../../../access/viewer';
import { readId } from '../../../accounts/own/forms';
import { ALARMS } from '../../../billing/sync/alarms';
import { onlyMethods } from '../../../http/errors';
import { formBody } from '../../../http/form';
import { notFound } from '../../../lib/failure';
import type { Language } from '../../../lib/language';
import { actionContext, perform } from '../../action/perform';
import { submissionOfButton } from '../../action/submission';
import { selectField, withQuery } from '../../fields';
import { renderAdmin } from '../../frame';
import type { FilterForm } from '../../page-types';
import { staffOnly } from '../../staff';
import { alarmAction, type AlarmStep } from './action';
import { refundedSubscriptions } from './subscriptions';
import { alarmLine, customersOf, readAlarms, formatAlarm } from './lines';
import { readFilter, readSettling, some } from '../forms';
import { billingFrame, exportOf } from '../frame';
import type { AlarmsPage } from '../page-types';
import type { AdminBillingParts } from '../parts';

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
type AlarmFilter = z.infer<typeof askedAlarms>;

/** The open ones unless the settled are asked for. */
export const whereAlarms = ({ state = 'open', kind }: Pick<AlarmFilter, 'state' | 'kind'>) => ({
  settledAt: state === 'open' ? null : { not: null },
  ...(kind === undefined ? {} : { kind }),
});

interface Context {
  readonly parts: AdminBillingParts;
  readonly language: Language;
}

/** `/admin/billing/alarms`: what a person should look at, or has; settled by hand, and opened again. */
export function alarmRoutes(parts: AdminBillingParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  const adminsOnly = staffOnly(language, ['admin']);
  router
    .route('/admin/billing/alarms')
    .all(adminsOnly)
    .get((req, res) => show(context, req, res, readFilter(askedAlarms, req.query)))
    .all(onlyMethods('GET', 'HEAD'));
  for (const step of ['settle', 'reopen'] as const)
    router
      .route(`/admin/billing/alarms/:id/${step}`)
      .all(adminsOnly)
      .post(formBody, (req, res) => take(context, step, req, res))
      .all(onlyMethods('POST'));
  return router;
}

/** Settles an alarm, or opens it again. */
async function take(context: Context, step: AlarmStep, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const id = readId(req.params['id']);
  if (id === null) throw notFound('an alarm');
  const { submission, back, end } = readSettling(req.body);
  const action = alarmAction(parts, language, { id, step, ends: end === 'yes' });
  const outcome = await perform(action, submissionOfButton(submission), await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') {
    const { error, status } = outcome.rejection;
    return show(context, req, res, { state: status === 503 ? 'open' : 'settled' }, error, status);
  }
  const section = `${language.prefix}/admin/billing`;
  res.redirect(303, withQuery(back === undefined ? section : `${section}/alarms`, { done: action.name }));
}

async function show(
  { parts: { site, wall }, language }: Context,
  req: Request,
  res: Response,
  filter: AlarmFilter,
  trouble: string | null = null,
  status = 200,
): Promise<void> {
  const { state = 'open', kind, page = 1 } = filter;
  const { rows, customers, refunded } = await wall.read(accountsViewer, async (db) => {
    const read = await readAlarms(db, whereAlarms({ state, kind }), {
      skip: (page - 1) * ON_A_PAGE,
      take: ON_A_PAGE + 1,
    });
    return {
      rows: read,
      customers: await customersOf(db, read),
      refunded: await refundedSubscriptions(db, read),
    };
  });
  const path = `${language.prefix}/admin/billing/alarms`;
  const at = (number: number) => withQuery(path, { state, kind, page: number === 1 ? undefined : String(number) });
  const view: AlarmsPage = {
    frame: billingFrame(language, req, res, 'alarms', language.say('admin.billing.alarms.heading'), trouble),
    filter: filterForm(language, path, { state, kind }),
    alarms: rows
      .slice(0, ON_A_PAGE)
      .map((alarm) => alarmLine(language, alarm, customers.get(alarm.id), 'alarms', refunded.has(alarm.id))),
    exports: rows.length === 0 ? null : exportOf(language, 'alarms', { state, kind }),
    steps: { previous: page > 1 ? at(page - 1) : null, next: rows.length > ON_A_PAGE ? at(page + 1) : null },
  };
  await renderAdmin(site, language, req, res, 'billing/alarms', '/admin/billing/alarms', { ...view }, status);
}

function filterForm(
  language: Language,
  path: string,
  { state, kind }: { readonly state: 'open' | 'settled'; readonly kind: AlarmFilter['kind'] },
): FilterForm {
  const { say } = language;
  const states = (['open', 'settled'] as const).map((value) => ({
    value,
    label: say(`admin.billing.alarms.${value}`),
  }));
  const kinds = ALARMS.map((value) => ({ value, label: formatAlarm(language, value) }));
  return {
    action: path,
    fields: [
      selectField(language, 'state', state, states),
      selectField(language, 'kind', kind ?? '', kinds, { any: say('admin.any') }),
    ],
    all: kind === undefined && state === 'open' ? null : path,
  };
}
