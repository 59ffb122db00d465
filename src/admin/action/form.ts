import { randomUUID } from 'node:crypto';
import type { Language } from '../../lib/language';
import { inputField } from '../fields';
import type { ActionPage, AdminButton } from '../page-types';
import type { Rejection } from './perform';

type Hidden = AdminButton['hidden'];

/** Fields that are sent along unseen. */
export const hiddenFields = (fields: Readonly<Record<string, string>>): Hidden =>
  Object.entries(fields).map(([name, value]) => ({ name, value }));

/**
 * What makes a form one submission: its id, and the version of the case it is shown with.
 * @param id that of a submission which must be sent again as the same one; otherwise a new one.
 */
export const submissionFields = (version: string | null, id: string = randomUUID()): Hidden => [
  { name: 'submission', value: id },
  ...(version === null ? [] : [{ name: 'version', value: version }]),
];

/** A button whose form is sent once: its id becomes the id of the audit entry. */
export const submitOnceButton = (
  action: string,
  label: string,
  fields: Readonly<Record<string, string>> = {},
): AdminButton => ({ action, label, hidden: [...hiddenFields(fields), ...submissionFields(null)] });

/** What the form that means it is made of. */
export interface ConfirmDraft {
  readonly action: string;
  /** The choices that were made before, sent along. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly version: string | null;
  /** `reason` must be given, `remark` may be. */
  readonly why: 'reason' | 'remark';
  /** What was typed as why so far. */
  readonly typed: string | undefined;
  /** The key of the hint below it. */
  readonly hint?: string;
  readonly rejection: Rejection | null;
  readonly submit: string;
  readonly grave: boolean;
}

/** The form at the end of the page that asks: why, and the button that means it. */
export function confirmForm(language: Language, draft: ConfirmDraft): NonNullable<ActionPage['sure']> {
  const { action, chosen, version, rejection, submit, grave } = draft;
  return {
    action,
    fields: [reasonField(language, draft)],
    hidden: [...hiddenFields(chosen), ...submissionFields(version, rejection?.submission)],
    submit,
    grave,
  };
}

/** The field that says why. */
export const reasonField = (
  language: Language,
  {
    why,
    typed = '',
    hint = 'admin.field.reason.hint',
    rejection,
  }: Pick<ConfirmDraft, 'why' | 'typed' | 'hint' | 'rejection'>,
) =>
  inputField(language, why, 'long', typed, {
    hint: language.say(hint),
    error: rejection?.reasonError ?? null,
  });
