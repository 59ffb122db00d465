import type { LocalizedText, Paging } from '../../briefings/reading/page-types';
import type { Box, DeskFrame, Link, Sides } from '../page-types';
import type { RecordConflict, RecordForm } from '../records/pages';

/** The form of an organization. */
export interface OrganizationForm extends RecordForm {
  readonly name: Box;
  readonly url: Box;
  readonly descriptions: Sides;
  readonly links: Box;
  readonly linksHint: string;
  readonly lei: Box;
  readonly wikidata: Box;
}

export interface OrganizationsPage {
  readonly frame: DeskFrame;
  readonly search: {
    readonly action: string;
    readonly q: string;
    readonly sort: readonly { readonly value: string; readonly label: string; readonly selected: boolean }[];
    /** Back to all of them; null where all are shown. */
    readonly reset: string | null;
  };
  readonly count: string;
  readonly rows: readonly {
    readonly name: string;
    readonly href: string;
    readonly description: LocalizedText | null;
    readonly address: string;
    readonly briefings: string;
    readonly identifiers: readonly string[];
  }[];
  readonly paging: Paging | null;
  readonly form: OrganizationForm;
}

export interface OrganizationSectionPage {
  readonly frame: DeskFrame;
  readonly form: OrganizationForm;
  readonly conflict: RecordConflict | null;
  readonly links: readonly Link[];
}
