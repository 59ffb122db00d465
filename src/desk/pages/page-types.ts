import type { LocalizedText } from '../../briefings/reading/page-types';
import type {
  Box,
  Choice,
  DeskFrame,
  FindingView,
  LanguageMark,
  Link,
  Moment,
  Option,
  Sides,
  StateMark,
} from '../page-types';

/** What the templates of the desk's section of pages print. */

/** The form that begins a page: a title, a language, and its address. */
export interface BeginPageForm {
  readonly action: string;
  readonly title: Box;
  readonly slug: Box;
  readonly slugHint: string;
  readonly languages: readonly Option[];
  readonly wrong: string | null;
}

export interface PagesPage {
  readonly frame: DeskFrame;
  readonly count: string;
  readonly sorts: readonly (Link & { readonly current: boolean })[];
  readonly rows: readonly {
    readonly href: string;
    readonly title: LocalizedText;
    readonly address: string;
    readonly state: StateMark;
    readonly marks: readonly string[];
    readonly languages: readonly LanguageMark[];
    readonly when: { readonly label: string; readonly moment: Moment };
  }[];
  readonly paging: object | null;
  /** Pages that other sections ask for and that are not there: each with the way to begin it. */
  readonly wanted: readonly { readonly slug: string; readonly text: string; readonly href: string }[];
  readonly begin: BeginPageForm;
}

export interface PageEditorPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly version: string;
  readonly page: string;
  readonly base: string;
  readonly state: StateMark;
  readonly stateText: string;
  readonly note: string | null;
  readonly copy: string | null;
  readonly warning: string | null;
  readonly fields: readonly Sides[];
  readonly original: Choice;
  /** Null: it has no byline. */
  readonly authors: { readonly choices: readonly Choice[]; readonly section: Link } | null;
  readonly previews: readonly (Link & { readonly code: string })[];
  readonly tools: readonly Link[];
  readonly faults: readonly FindingView[];
  readonly discard: string | null;
  /** Do its texts show pictures? */
  readonly pictures: boolean;
  readonly says: Readonly<Record<string, string>>;
}

/** The pictures that the texts of a page may show. */
export interface PagePicturesPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly editor: string;
  readonly hint: string;
  readonly wrong: string | null;
  readonly rows: readonly {
    readonly name: string;
    /** Has it come just now? */
    readonly added: boolean;
    readonly anchor: string;
    readonly src: string;
    readonly width: number;
    readonly height: number;
    readonly size: string;
    /** The Markdown that shows it. */
    readonly line: string;
    readonly lineId: string;
    /** The texts that show it. */
    readonly places: readonly Link[];
    /** Null while a text shows it. */
    readonly remove: string | null;
  }[];
}

export interface PagePublishPage {
  readonly frame: DeskFrame;
  readonly state: StateMark;
  readonly stateText: string;
  readonly version: string;
  readonly action: string;
  readonly wrong: string | null;
  /** Null: there is nothing to publish now, or not by whoever looks at it. */
  readonly publish: {
    readonly changes: Choice | null;
    readonly when: Box;
    readonly hint: string;
  } | null;
  readonly blocked: string | null;
  readonly acts: readonly {
    readonly name: string;
    readonly label: string;
    readonly text: string;
    readonly strong: boolean;
  }[];
  /** Null: its address is its own for good. */
  readonly address: { readonly action: string; readonly slug: Box; readonly hint: string } | null;
  readonly links: readonly Link[];
}
