import type { Consent } from '../http/consent';
import type { Language } from '../lib/language';
import { hasHidden, visibleLine } from '../lib/line';
import type { FieldErrors } from './forms';
import type { AuthPage, FormField } from './page-types';
import { passkeyLoginForm } from './passkeys/pages';

/** What a form is shown with: what was typed, and what came of it. */
export interface FormState {
  /** Where the reader goes afterwards; null: nowhere in particular. */
  readonly next: string | null;
  readonly typed?: Readonly<Record<string, string | undefined>>;
  readonly wrong?: FieldErrors;
  /** The key of what is wrong with the whole of it. `doubted`: the fields do not belong together. */
  readonly refused?: { readonly key: string; readonly minutes?: number; readonly doubted?: boolean };
}

/** The free tier as it is called now, and what is said where one joins it. */
export interface JoinTier {
  readonly name: string;
  readonly blurb: string;
  readonly benefits: readonly string[];
  /** The words for joining it. */
  readonly join: string;
  readonly heading: string;
  readonly text: string;
}

/**
 * The page on which one joins the free tier: what it opens, for whom, and three fields. Without its texts it is the
 * form alone. `slug` is the tier's.
 */
export function joinPage(
  language: Language,
  state: FormState,
  slug: string,
  joined: JoinTier | null,
  consent: Consent | null = null,
): AuthPage {
  const { say } = language;
  return {
    label: joined?.name ?? say('nav.join'),
    tier: slug,
    heading: joined?.heading ?? say('nav.join'),
    text: joined?.text ?? '',
    rows: joined
      ? [
          { label: say('join.free.for.label'), lines: [joined.blurb] },
          { label: say('join.free.opens.label'), lines: joined.benefits },
          { label: say('join.free.price.label'), lines: [say('join.free.price.text')] },
        ]
      : [],
    form: {
      ...formMessages(language, state),
      action: `${language.prefix}/join/${slug}`,
      fields: formFields(language, state, [
        { name: 'name', type: 'text', autocomplete: 'name', hint: null },
        { name: 'email', type: 'email', autocomplete: 'email', hint: say('form.email.hint') },
        { name: 'password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
      ]),
      consent,
      submit: joined?.join ?? say('join.submit'),
      links: [
        { label: say('join.member'), href: withNext(`${language.prefix}/login`, state.next) },
        ...(state.refused?.key === 'join.refused'
          ? [{ label: say('login.forgotten'), href: `${language.prefix}/reset` }]
          : []),
      ],
    },
    passkey: null,
  };
}

/** The page on which one logs in. `join`: where one joins, without the language. */
export function loginPage(language: Language, state: FormState, join: string | null): AuthPage {
  const { say } = language;
  return {
    label: say('login.label'),
    tier: null,
    heading: say('login.heading'),
    text: say('login.text'),
    rows: [],
    form: {
      ...formMessages(language, state),
      action: `${language.prefix}/login`,
      fields: formFields(language, state, [
        { name: 'email', type: 'email', autocomplete: 'username', hint: null },
        { name: 'password', type: 'password', autocomplete: 'current-password', hint: null },
      ]),
      submit: say('login.submit'),
      links: [
        { label: say('login.forgotten'), href: `${language.prefix}/reset` },
        ...(join === null
          ? []
          : [{ label: say('login.join'), href: withNext(`${language.prefix}${join}`, state.next) }]),
      ],
    },
    passkey: passkeyLoginForm(language, state.next),
  };
}

function formMessages(language: Language, state: FormState) {
  return { next: state.next, error: formError(language, state) };
}

/** What is wrong with the whole of a form, in words. */
export function formError({ say }: Language, { refused }: Pick<FormState, 'refused'>): string | null {
  return refused ? say(refused.key, { n: refused.minutes ?? 0 }) : null;
}

/** A form is refused for so many seconds. */
export const limited = (seconds: number): NonNullable<FormState['refused']> => ({
  key: 'form.limited',
  minutes: Math.ceil(seconds / 60),
});

/** The fields of a form, each with its label (`form.` and its name) and what is wrong with it. */
export function formFields(
  language: Language,
  { typed = {}, wrong: errors = {}, refused }: FormState,
  fields: readonly Pick<FormField, 'name' | 'type' | 'autocomplete' | 'hint'>[],
): FormField[] {
  // Who typed a wrong password types it again, and not the address.
  const first = fields.find(({ name }) => name in errors)?.name ?? (refused?.doubted ? 'password' : undefined);
  return fields.map((field) => ({
    ...field,
    label: language.say(`form.${field.name}`),
    value: field.type === 'password' ? '' : shownAgain(typed[field.name] ?? ''),
    error: errors[field.name] === undefined ? null : language.say(errors[field.name]!),
    doubted: refused?.doubted === true && field.name !== 'name',
    focus: field.name === first,
  }));
}

/** What was typed, without what cannot be seen: whoever is told of that could not find it to take it out. */
const shownAgain = (typed: string): string => (hasHidden(typed) ? visibleLine(typed) : typed);

function withNext(path: string, next: string | null): string {
  return next === null ? path : `${path}?next=${encodeURIComponent(next)}`;
}
