import { Router } from 'express';
import { readId } from '../../accounts/own/forms';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { timesOf } from '../../lib/language-times';
import type { Language } from '../../lib/language';
import { DATE_STYLES, isTimeZone, timeZones, type TimeStyle } from '../../lib/local-time';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { selectField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { staffOnly } from '../staff';
import { historyViews, readHistory, valueBefore } from '../settings/history';
import type { LanguageParts } from './parts';
import { readCurrent, saveFrom, type FormContext } from './save';

const PATH = '/admin/settings/time';

/** `/admin/settings/time`: the time zone of every time that is shown, and how days are written. */
export function timeRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route(PATH)
    .all(staffOnly(language, ['admin']))
    .get((req, res) => open({ parts, language, req, res }))
    .post(formBody, (req, res) => save({ parts, language, req, res }))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

/** As it is, as it was chosen, or as it was before a change. */
async function open(context: FormContext): Promise<void> {
  const { parts, req } = context;
  const asked = readId(req.query['restore']);
  const past = asked === null ? null : await valueBefore(parts.wall, 'time', asked);
  await show(context, past ? { ...past.value } : readFields(req.query), null, past?.at ?? null);
}

async function save(context: FormContext): Promise<void> {
  const submission = readSubmission(context.req);
  const style = styleIn(submission.fields);
  const rejection = style === null ? ({ status: 422 } as const) : await saveFrom(context, 'time', style, submission);
  if (rejection !== null) return show(context, submission.fields, rejection);
  context.res.redirect(303, withQuery(`${context.language.prefix}${PATH}`, { done: 'setting-changed' }));
}

/** What was chosen; null where it is not whole. */
function styleIn({ zone = '', dates = '' }: Fields): TimeStyle | null {
  const style = DATE_STYLES.find((one) => one === dates);
  return style !== undefined && isTimeZone(zone) ? { zone, dates: style } : null;
}

async function show(
  context: FormContext,
  fields: Fields,
  rejection: Rejection | null,
  restoring: Date | null = null,
): Promise<void> {
  const { parts, language, req, res } = context;
  const { say, prefix } = language;
  const { value, version } = await readCurrent(parts, 'time');
  const chosen = styleIn(fields);
  const wrongZone = fields['zone'] !== undefined && !isTimeZone(fields['zone']);
  const same = chosen !== null && chosen.zone === value.zone && chosen.dates === value.dates;
  const ready = chosen !== null && !same;
  const page: ActionPage = {
    frame: adminFrame(language, req, res, 'settings', say('admin.time.heading')),
    back: { label: say('admin.languages.back'), href: `${prefix}/admin/settings` },
    who: { name: value.zone, email: exampleOf(language, value, parts.clock.now()) },
    text: restoring ? say('admin.settings.restoring', { moment: language.moment(restoring) }) : say('admin.time.text'),
    refused: null,
    error: rejection?.error ?? (same ? say('admin.tiers.nothing') : null),
    choice: ready ? null : choiceForm(language, { ...value, ...fields }, wrongZone),
    changes: ready ? changesOf(language, value, chosen, parts.clock.now()) : [],
    happens: ready ? [say('admin.time.happens.shown'), say('admin.time.happens.moments')] : [],
    charges: [],
    sure: ready
      ? confirmForm(language, {
          ...{ action: `${prefix}${PATH}`, chosen: { ...chosen }, version, why: 'remark', typed: fields['remark'] },
          ...{ rejection, submit: say('admin.languages.save'), grave: false },
        })
      : null,
    history: historyViews(language, await readHistory(parts.wall, 'time'), PATH),
  };
  const status = rejection?.status ?? (wrongZone || same ? 422 : 200);
  await renderAdmin(parts.site, language, req, res, 'action', PATH, page, status);
}

function choiceForm(language: Language, { zone, dates }: Record<string, string>, wrongZone: boolean) {
  const { say, prefix } = language;
  const zones = timeZones().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  const styles = DATE_STYLES.map((value) => ({ value, label: say(`admin.time.dates.${value}`) }));
  return {
    action: `${prefix}${PATH}`,
    fields: [
      selectField(language, 'zone', zone ?? '', zones, { error: wrongZone ? say('admin.time.wrong') : null }),
      selectField(language, 'dates', dates ?? '', styles),
    ],
    hidden: [],
    submit: say('admin.action.continue'),
  };
}

const exampleOf = ({ code }: Language, style: TimeStyle, now: Date): string => timesOf(code, style).moment(now);

function changesOf(language: Language, before: TimeStyle, after: TimeStyle, now: Date): ActionPage['changes'] {
  const { say } = language;
  return [
    { what: say('admin.field.zone'), before: before.zone, after: after.zone },
    {
      what: say('admin.field.dates'),
      before: say(`admin.time.dates.${before.dates}`),
      after: say(`admin.time.dates.${after.dates}`),
    },
    {
      what: say('admin.time.now'),
      before: exampleOf(language, before, now),
      after: exampleOf(language, after, now),
    },
  ];
}
