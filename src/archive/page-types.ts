import type { FormField, PasskeyForm } from '../accounts/page-types';
import type { AdminFrame } from '../admin/page-types';

/** `/admin/export`: what an archive holds, and the form that makes one. */
export interface ExportPage {
  readonly frame: AdminFrame;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly holds: readonly string[];
  readonly lacks: readonly string[];
  /** Percent of the archive that is being made; null: none is. */
  readonly running: { readonly text: string; readonly percent: number } | null;
  /** Null where only a passkey would prove who sits there. */
  readonly form: {
    readonly action: string;
    readonly error: string | null;
    readonly fields: readonly FormField[];
    readonly submit: string;
  } | null;
  readonly prove: PasskeyForm | null;
}
