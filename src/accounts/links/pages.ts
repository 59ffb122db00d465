import type { Language } from '../../lib/language';
import type { Consent } from '../../http/consent';
import type { FormField } from '../page-types';

/** A page behind a link in a letter, or on the way to one: a few words and one form. */
export interface LinkPage {
  readonly label: string;
  readonly heading: string;
  readonly text: string;
  readonly form: {
    readonly action: string;
    /** Goes back with the form, so that the address can be forgotten. */
    readonly token: string | null;
    readonly error: string | null;
    readonly fields: readonly FormField[];
    /** What is accepted by sending it. */
    readonly consent?: Consent | null;
    readonly submit: string;
    readonly links: readonly { readonly label: string; readonly href: string }[];
  };
}

/** What `views/notice.ejs` prints. */
export interface Notice {
  readonly label: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly rows: readonly never[];
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

/** A page that says how it went, with one way on. */
export function noticePage(
  { say }: Language,
  key: string,
  link: { readonly label: string; readonly href: string },
): Notice {
  return {
    label: say(`${key}.label`),
    heading: say(`${key}.heading`),
    paragraphs: [say(`${key}.text`)],
    rows: [],
    links: [link],
  };
}
