import type { Language } from '../../lib/language';
import type { LinkPage } from '../links/pages';
import { formFields, formError, type FormState } from '../pages';

/** Asks for the address that the letter goes to. */
export function askPage(language: Language, state: Omit<FormState, 'next'>): LinkPage {
  const { say, prefix } = language;
  return {
    label: say('reset.label'),
    heading: say('reset.heading'),
    text: say('reset.text'),
    form: {
      action: `${prefix}/reset`,
      token: null,
      error: formError(language, state),
      fields: formFields(language, { next: null, ...state }, [
        { name: 'email', type: 'email', autocomplete: 'username', hint: null },
      ]),
      submit: say('reset.submit'),
      links: [{ label: say('reset.remembered'), href: `${prefix}/login` }],
    },
  };
}

/** Asks for the new password. `fault`: the key of what is wrong with the one that was typed. */
export function choosePage(language: Language, token: string, fault: string | null): LinkPage {
  const { say, prefix } = language;
  const errors = fault === null ? {} : { wrong: { 'new-password': fault } };
  return {
    label: say('reset.label'),
    heading: say('reset.choose.heading'),
    text: say('reset.choose.text'),
    form: {
      action: `${prefix}/reset/choose`,
      token,
      error: null,
      fields: formFields(language, { next: null, ...errors }, [
        { name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
      ]),
      submit: say('reset.choose.submit'),
      links: [],
    },
  };
}
