import type { Request, Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import type { Fields } from '../action/submission';
import { adminFrame } from '../frame';
import type { ActionPage } from '../page-types';
import type { AdminParts } from '../parts';
import { staffOf } from '../staff';
import { nameTiers } from '../tier-names';
import type { MemberAction, Prepared } from './actions/action';
import type { MemberRead } from './member';
import { describeCharges } from './running';

/** A member with what would be done to them. */
export interface MemberCase {
  readonly member: MemberRead;
  readonly prepared: Prepared;
  readonly version: string;
}

/** Who asks for the page, and about which action. */
interface Asking {
  readonly parts: AdminParts;
  readonly action: MemberAction;
  readonly language: Language;
  readonly req: Request;
  readonly res: Response;
}

/** The page that asks before an action on a member: for what it needs to know first, then whether it is meant. */
export async function actionPage(
  asking: Asking,
  { member, prepared, version }: MemberCase,
  fields: Fields,
  rejection: Rejection | null,
): Promise<ActionPage> {
  const { action, language, req, res } = asking;
  const { say, prefix } = language;
  const key = `admin.action.${action.name}`;
  const at = `${prefix}/admin/members/${member.id}`;
  const refused = rejection?.refused ?? (prepared.is === 'refused' ? prepared.why : null);
  const ready = prepared.is === 'ready' && refused === null ? prepared : null;
  const why = action.reasoned ? 'reason' : 'remark';
  return {
    frame: adminFrame(language, req, res, 'members', say(`${key}.heading`)),
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
            hidden: fields['grant'] === undefined ? [] : [{ name: 'grant', value: fields['grant'] }],
            submit: say('admin.action.continue'),
          }
        : null,
    changes: ready?.changes ?? [],
    happens: ready?.happens ?? [],
    charges: ready && action.charged ? await chargesOf(asking, member) : [],
    sure:
      ready &&
      confirmForm(language, {
        action: `${at}/${action.name}`,
        chosen: ready.chosen,
        version,
        why,
        typed: fields[why],
        rejection,
        submit: say(`${key}.submit`),
        grave: action.grave,
      }),
  };
}

async function chargesOf({ parts, action, language, res }: Asking, member: MemberRead): Promise<ActionPage['charges']> {
  const tiers = await parts.wall.read(accountsViewer, (db) => nameTiers(db, language));
  return describeCharges(parts, language, staffOf(res), member, tiers, action.name === 'delete');
}
