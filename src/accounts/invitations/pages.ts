import type { StaffRole } from '../../access/invitations';
import type { Language } from '../../lib/language';
import type { LinkPage } from '../links/pages';
import { formError, formFields, type FormState } from '../pages';

export const INVITATION_PATH = '/invitation';

/** How somebody shows that the invited address is theirs, besides having the letter. */
export type AcceptWay = 'new' | 'claim' | 'password' | 'confirm';

/** What the page of an invitation says something about. */
export interface InvitationSubject {
  readonly token: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly way: AcceptWay;
  /** Whose login this browser has, where it is somebody else's: going on ends it. */
  readonly other: string | null;
}

/** What came of its form. */
export type InvitationState = Pick<FormState, 'typed' | 'wrong' | 'refused'>;

const NEW_PASSWORD = { name: 'new-password', type: 'password', autocomplete: 'new-password' } as const;

const FIELDS = {
  new: ['name', 'new-password'],
  claim: ['new-password'],
  password: ['password'],
  confirm: [],
} as const satisfies Record<AcceptWay, readonly string[]>;

/** The page behind the link of an invitation: what one is invited to, and what shows that one is meant. */
export function invitationPage(
  language: Language,
  { token, email, role, way, other }: InvitationSubject,
  state: InvitationState = {},
): LinkPage {
  const { say, prefix } = language;
  const fields = {
    name: { name: 'name', type: 'text', autocomplete: 'name', hint: null },
    'new-password': { ...NEW_PASSWORD, hint: say('form.password.hint') },
    password: { name: 'password', type: 'password', autocomplete: 'current-password', hint: null },
  } as const;
  const words = [
    say(`invitation.role.${role}`),
    say(`invitation.way.${way}`, { email }),
    say('invitation.factor'),
    ...(other === null ? [] : [say('invitation.other', { name: other })]),
  ];
  return {
    label: say('invitation.label'),
    heading: say('invitation.heading'),
    text: words.join(' '),
    form: {
      action: `${prefix}${INVITATION_PATH}`,
      token,
      error: formError(language, state),
      fields: formFields(
        language,
        { next: null, ...state },
        FIELDS[way].map((name) => fields[name]),
      ),
      submit: say('invitation.submit'),
      links: way === 'password' ? [{ label: say('login.forgotten'), href: `${prefix}/reset` }] : [],
    },
  };
}
