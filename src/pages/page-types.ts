import type { FormField } from '../accounts/page-types';
import type { LocalizedHtml, LocalizedText } from '../briefings/reading/page-types';

interface Link {
  readonly label: string;
  readonly href: string;
}

interface Moment {
  /** ISO 8601, UTC. */
  readonly iso: string;
  readonly text: string;
}

/** What `views/pages/page.ejs` prints: a page of the publisher's own. */
export interface OwnPage {
  readonly title: LocalizedText;
  readonly description: LocalizedText | null;
  readonly body: LocalizedHtml | null;
  readonly authors: readonly { readonly name: string; readonly href: string }[];
  /** What stands above it: that it is a sample, or not the version in force. */
  readonly warning: { readonly text: string; readonly link: Link | null } | null;
  readonly changed: { readonly label: string; readonly moment: Moment };
  /** Of a page with versions: which this is, and the others. */
  readonly versions: {
    readonly label: string;
    readonly rows: readonly (Link & { readonly period: string; readonly current: boolean })[];
  } | null;
}

/** What `views/pages/contact.ejs` prints. */
export interface ContactPage extends Pick<OwnPage, 'title' | 'description' | 'body' | 'authors'> {
  readonly warning: string | null;
  /** That nobody is reached by the form now; then it is not there. */
  readonly none: string | null;
  readonly postalAddress: readonly string[];
  readonly form: {
    readonly action: string;
    readonly error: string | null;
    readonly fields: readonly FormField[];
    readonly message: { readonly value: string; readonly error: string | null; readonly focus: boolean };
    readonly submit: string;
  };
}
