import type { AdminField, AdminFrame, PastChangeView } from '../page-types';

/** One input of a setting: a box to tick, besides those every section has. */
export interface SettingInput extends Omit<AdminField, 'type'> {
  readonly type: AdminField['type'] | 'check' | 'colour' | 'picture';
  readonly checked: boolean;
  /** What is kept under the value of a picture. */
  readonly picture: { readonly src: string; readonly width: number; readonly height: number } | null;
  /** Its language, where it is a text in one. */
  readonly lang: string | null;
}

/** A field with its inputs: several where it is said in several languages. */
export interface SettingGroup {
  readonly label: string;
  readonly hint: string | null;
  readonly inputs: readonly SettingInput[];
  /** What the environment says of the same thing, and which of the two is in force. */
  readonly environment: string | null;
}

/** One setting as a form, with what has been changed of it before. */
export interface SettingPage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly title: string;
  readonly text: string;
  readonly error: string | null;
  /** What is shown is what once was, and is not saved. */
  readonly restoring: string | null;
  readonly action: string;
  /** Is it sent with files? */
  readonly upload: boolean;
  readonly groups: readonly SettingGroup[];
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  /** What can be previewed; null: nothing of it shows on a page. */
  readonly preview: readonly AdminField[] | null;
  readonly notesHeading: { readonly title: string; readonly text: string };
  readonly notes: readonly { readonly label: string; readonly text: string; readonly state: string | null }[];
  readonly history: readonly PastChangeView[];
}

/** Every setting, and what is missing before going live. */
export interface SettingsPage {
  readonly frame: AdminFrame;
  readonly missing: readonly { readonly text: string; readonly href: string | null }[];
  readonly sections: readonly {
    readonly title: string;
    readonly text: string;
    readonly href: string;
  }[];
}

/** What would be said where no page of readers shows it. */
export interface PreviewTexts {
  readonly heading: string;
  readonly blocks: readonly { readonly heading: string; readonly text: string }[];
}
