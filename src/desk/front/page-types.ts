import type { LocalizedText } from '../../briefings/reading/page-types';
import type { DeskFrame, Link } from '../page-types';

/** A briefing in the section of the front page, and what can be said of its place. */
export interface FrontRow {
  readonly id: string;
  readonly title: LocalizedText;
  readonly href: string;
  readonly category: string;
  readonly published: { readonly iso: string; readonly text: string };
  readonly acts: readonly { readonly name: string; readonly label: string }[];
}

/** Some of them under their heading; `none` is said where there are none. */
export interface FrontPart {
  readonly name: string;
  readonly heading: string;
  readonly text: string | null;
  readonly none: string;
  readonly rows: readonly FrontRow[];
}

export interface FrontSectionPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly wrong: string | null;
  readonly see: Link;
  /** What was looked for; empty where nothing was. */
  readonly q: string;
  readonly parts: readonly FrontPart[];
}
