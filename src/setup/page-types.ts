/** One field of a step. */
export interface SetupField {
  readonly name: string;
  readonly type: 'text' | 'email' | 'password' | 'select';
  readonly label: string;
  readonly value: string;
  readonly autocomplete: string;
  readonly hint: string | null;
  readonly error: string | null;
  readonly options: readonly { readonly value: string; readonly label: string; readonly selected: boolean }[];
}

/** What one of several buttons or links of a step leads to. */
export interface SetupButton {
  readonly label: string;
  readonly value: string;
  readonly quiet: boolean;
}

/** One step of setting up. */
export interface SetupPage {
  /** `Step 2 of 4`. */
  readonly label: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** What has just been found out, in sentences. */
  readonly results: readonly { readonly text: string; readonly good: boolean }[];
  readonly error: string | null;
  readonly form: {
    readonly action: string;
    readonly hidden: readonly { readonly name: string; readonly value: string }[];
    readonly fields: readonly SetupField[];
    readonly checks: {
      readonly legend: string;
      readonly error: string | null;
      readonly boxes: readonly {
        readonly name: string;
        readonly label: string;
        readonly checked: boolean;
      }[];
    } | null;
    readonly buttons: readonly SetupButton[];
  } | null;
  /** The secret of a second factor, to be read by an app. */
  readonly factor: {
    readonly qr: { readonly size: number; readonly d: string };
    readonly secret: string;
    readonly address: string;
  } | null;
  readonly codes: readonly string[];
  readonly next: { readonly label: string; readonly href: string } | null;
}
