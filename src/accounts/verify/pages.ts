import type { Language } from '../../lib/language';
import type { FormState } from '../pages';
import { formFields } from '../pages';
import type { LinkPage } from '../links/pages';

/** What the pages of `/verify` say something about: a link that could be spent now, and its account. */
export interface VerifySubject {
  readonly token: string;
  /** The address that the link would confirm. */
  readonly email: string;
  /** Would it replace a confirmed or unconfirmed address of the account? Else it is the account's first. */
  readonly replaces: boolean;
  readonly hasPassword: boolean;
  readonly hasPasskey: boolean;
}

/** What came of a form of these pages. */
export type VerifyState = Pick<FormState, 'wrong' | 'refused'>;

/** The page for somebody who is logged in to the account: one button. */
export function confirmPage({ say, prefix }: Language, { token, email, replaces }: VerifySubject): LinkPage {
  const key = replaces ? 'verify.new' : 'verify';
  return {
    label: say('verify.label'),
    heading: say(`${key}.heading`),
    text: say(`${key}.text`, { email }),
    form: { action: `${prefix}/verify`, token, error: null, fields: [], submit: say('verify.submit'), links: [] },
  };
}

/** The page for everybody else: the password of the account shows that it is theirs. */
export function provePage(
  language: Language,
  subject: VerifySubject,
  { wrong: errors, refused }: VerifyState = {},
): LinkPage {
  const { say, prefix } = language;
  const { token, email, replaces, hasPasskey } = subject;
  const key = replaces ? 'verify.new' : 'verify';
  return {
    label: say('verify.label'),
    heading: say(`${key}.heading`),
    text: say(`${key}.prove`, { email }),
    form: {
      action: `${prefix}/verify`,
      token,
      error: refused ? say(refused.key, { n: refused.minutes ?? 0 }) : null,
      fields: formFields(language, { next: null, ...(errors ? { wrong: errors } : {}) }, [
        { name: 'password', type: 'password', autocomplete: 'current-password', hint: null },
      ]),
      submit: say('verify.submit'),
      links: [
        ...(replaces
          ? [{ label: say('login.forgotten'), href: `${prefix}/reset` }]
          : [{ label: say('verify.claim.link'), href: `${prefix}/verify/claim?token=${token}` }]),
        ...(hasPasskey ? [{ label: say('verify.login'), href: `${prefix}/login` }] : []),
      ],
    },
  };
}

/** The page for somebody who has the mailbox and not the password: they set one, and it says what that ends. */
export function claimPage(language: Language, subject: VerifySubject, { wrong: errors }: VerifyState = {}): LinkPage {
  const { say, prefix } = language;
  const { token, email, hasPassword, hasPasskey } = subject;
  return {
    label: say('verify.label'),
    heading: say('verify.claim.heading'),
    text: say('verify.claim.text', { email }),
    form: {
      action: `${prefix}/verify/claim`,
      token,
      error: null,
      fields: formFields(language, { next: null, ...(errors ? { wrong: errors } : {}) }, [
        { name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
      ]),
      submit: say('verify.claim.submit'),
      links: [
        ...(hasPassword ? [{ label: say('verify.claim.back'), href: `${prefix}/verify?token=${token}` }] : []),
        ...(hasPasskey ? [{ label: say('verify.login'), href: `${prefix}/login` }] : []),
      ],
    },
  };
}
