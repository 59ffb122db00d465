import type { Request, Response } from 'express';
import type { Language } from '../../lib/language';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import { renderAdmin } from '../frame';
import type { LoadedCase } from './action-case';
import type { BillingAction } from './actions/action';
import { memberFrame } from './frame';
import type { BillingActionPage } from './page-types';
import type { AdminBillingParts } from './parts';

interface Context {
  readonly parts: AdminBillingParts;
  readonly action: BillingAction;
  readonly language: Language;
}

/** Answers with the page that asks before an action on a member's payments. */
export async function showBillingAction(
  { parts, action, language }: Context,
  req: Request,
  res: Response,
  it: LoadedCase,
  rejection: Pick<Rejection, 'status'> | Rejection | null,
): Promise<void> {
  const { prepared, known } = it;
  const page: BillingActionPage = {
    frame: memberFrame(language, req, res, language.say(`admin.billing.action.${action.name}.heading`)),
    ...billingActionPage(action, language, it, rejection),
  };
  const wrongChoice = prepared.is === 'open' && prepared.fields.some((field) => field.error !== null);
  const path = `/admin/members/${known.member.id}/billing/${action.name}`;
  const status = wrongChoice ? 422 : (rejection?.status ?? 200);
  await renderAdmin(parts.site, language, req, res, 'action', path, page, status);
}

function billingActionPage(
  action: BillingAction,
  language: Language,
  { known: { member, asked }, prepared, version }: LoadedCase,
  rejection: Rejection | null,
): Omit<BillingActionPage, 'frame'> {
  const { say, prefix } = language;
  const key = `admin.billing.action.${action.name}`;
  const at = `${prefix}/admin/members/${member.id}/billing`;
  const refused =
    rejection?.refused ?? (prepared.is === 'refused' || prepared.is === 'unanswered' ? prepared.why : null);
  const ready = prepared.is === 'ready' && refused === null ? prepared : null;
  const why = action.reasoned ? 'reason' : 'remark';
  return {
    back: { label: say('admin.action.back', { name: member.name }), href: at },
    who: { name: member.name, email: member.email },
    text: say(`${key}.text`),
    refused,
    error: rejection?.error ?? null,
    choice:
      prepared.is === 'open'
        ? {
            action: `${at}/${action.name}`,
            fields: prepared.fields,
            hidden: action.about.flatMap((name) => (asked[name] === undefined ? [] : [{ name, value: asked[name] }])),
            submit: say('admin.action.continue'),
          }
        : null,
    changes: ready?.changes ?? [],
    happens: ready?.happens ?? [],
    charges: [],
    sure:
      ready &&
      confirmForm(language, {
        action: `${at}/${action.name}`,
        chosen: ready.chosen,
        version,
        why,
        typed: asked[why],
        rejection,
        submit: say(`${key}.submit`),
        grave: action.grave,
      }),
  };
}
