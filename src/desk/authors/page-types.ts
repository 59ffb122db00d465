import type { LocalizedText, Paging } from '../../briefings/reading/page-types';
import type { Box, DeskFrame, Link, Sides } from '../page-types';
import type { RecordConflict, RecordForm } from '../records/pages';

/** The form of an author. */
export interface AuthorForm extends RecordForm {
  readonly name: Box;
  readonly lines: Sides;
  readonly links: Box;
  readonly linksHint: string;
}

export interface AuthorsPage {
  readonly frame: DeskFrame;
  readonly rows: readonly {
    readonly name: string;
    readonly href: string;
    readonly line: LocalizedText | null;
    readonly address: string;
    readonly briefings: string;
    readonly picture: string | null;
  }[];
  readonly paging: Paging | null;
  readonly form: AuthorForm;
}

export interface AuthorSectionPage {
  readonly frame: DeskFrame;
  readonly form: AuthorForm;
  readonly conflict: RecordConflict | null;
  readonly picture: {
    readonly action: string;
    readonly remove: string | null;
    readonly shown: { readonly src: string; readonly width: number; readonly height: number } | null;
    readonly hint: string;
    readonly error: string | null;
  };
  readonly links: readonly Link[];
}
