import type { LocalizedText } from '../briefings/reading/page-types';

/** What the templates of the desk print, field by field. */

export interface Link {
  readonly label: string;
  readonly href: string;
}

/** What stands around every section of the desk. */
export interface DeskFrame {
  readonly label: string;
  readonly heading: string;
  /** `page`: this very page; `true`: it lies further in. */
  readonly tabs: readonly {
    readonly label: string;
    readonly href: string;
    readonly current: 'page' | 'true' | null;
  }[];
  /** The way back from a page further in. */
  readonly trail: readonly Link[];
  /** The other sections of the same briefing; none where the page is about no single one. */
  readonly sections: readonly (Link & { readonly current: boolean })[];
  /** What has just been done, in a sentence, and where it can be seen. */
  readonly done: string | null;
  readonly then: Link | null;
}

export interface Moment {
  /** ISO 8601, UTC. */
  readonly iso: string;
  readonly text: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** Where a briefing stands; the code chooses its sign. */
export interface StateMark {
  readonly code: 'draft' | 'in-review' | 'scheduled' | 'published' | 'archived';
  readonly label: string;
}

/** How far one language has come. */
export interface LanguageMark {
  readonly code: string;
  readonly name: string;
  readonly state: 'complete' | 'partial' | 'stale' | 'missing';
  /** `Spanish: the original changed after it`. */
  readonly label: string;
}

export interface DeskRow {
  readonly href: string;
  readonly title: LocalizedText;
  readonly state: StateMark;
  /** There are changes that readers do not see yet. */
  readonly changed: string | null;
  readonly category: string;
  readonly languages: readonly LanguageMark[];
  readonly author: string | null;
  readonly when: { readonly label: string; readonly moment: Moment };
}

export interface ListPage {
  readonly frame: DeskFrame;
  /** States with their numbers, each a filter. */
  readonly states: readonly {
    readonly label: string;
    readonly count: string;
    readonly href: string;
    readonly current: boolean;
  }[];
  readonly search: {
    readonly action: string;
    readonly q: string;
    readonly state: string;
    readonly category: readonly Option[];
    readonly languages: readonly Option[];
    readonly author: readonly Option[];
    readonly sort: readonly Option[];
    readonly reset: string | null;
  };
  readonly count: string;
  readonly rows: readonly DeskRow[];
  readonly paging: object | null;
  readonly begin: {
    readonly action: string;
    readonly title: string;
    readonly languages: readonly Option[];
    readonly categories: readonly Option[];
    readonly error: string | null;
    /** Was it sent, and not taken? */
    readonly refused: boolean;
  };
}

export interface CalendarPage {
  readonly frame: DeskFrame;
  readonly months: readonly {
    readonly name: string;
    readonly days: readonly {
      readonly iso: string;
      readonly name: string;
      readonly rows: readonly {
        readonly time: string;
        readonly iso: string;
        readonly title: LocalizedText;
        readonly href: string;
        readonly state: StateMark | null;
        readonly opens: string | null;
      }[];
    }[];
  }[];
}

/** One place to type something into. */
export interface Box {
  readonly name: string;
  readonly id: string;
  readonly label: string;
  /** The language of what is typed; null where it has none. */
  readonly lang: string | null;
  readonly value: string;
  readonly kind: 'line' | 'text' | 'markdown' | 'list' | 'address' | 'number' | 'moment';
  /** Nothing is said here in this language, though another says it. */
  readonly missing: boolean;
  readonly error: string | null;
  readonly list: string | null;
}

/** The same thing in every language, side by side. */
export interface Sides {
  readonly legend: string;
  readonly hint: string | null;
  readonly boxes: readonly Box[];
}

export interface Choice {
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly error: string | null;
}

export interface TierName {
  readonly slug: string;
  readonly name: string;
}

/** A row of a list that can be lengthened, shortened and put in another order. */
export interface EditRow {
  readonly key: string;
  readonly heading: string;
  readonly boxes: readonly Box[];
  readonly choices: readonly Choice[];
  readonly sides: readonly Sides[];
  /** The gated texts of the row, each with who will read it and what may make it stricter. */
  readonly notes: readonly {
    readonly tier: TierName;
    readonly readers: string;
    readonly sides: Sides;
    readonly gating: { readonly stricter: Choice; readonly until: Box; readonly hint: string } | null;
  }[];
}

export interface EditRows {
  readonly group: string;
  readonly heading: string;
  readonly intro: string;
  /** Set when the rows themselves are gated text. */
  readonly tier: (TierName & { readonly readers: string }) | null;
  /** Null where there is to be no further row. */
  readonly add: string | null;
  readonly rows: readonly EditRow[];
  /** Rows that were removed a short while ago; the value tells the form which to put back. */
  readonly removed: readonly { readonly label: string; readonly value: string }[];
  /** An empty row, for the script to copy. */
  readonly blank: EditRow;
}

export interface FindingView {
  readonly level: 'fault' | 'missing' | 'warning';
  readonly text: string;
  readonly why: string;
  /** Where to put it right. */
  readonly href: string | null;
}

export interface EditorPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly version: string;
  readonly page: string;
  /** What the page shows, field by field, for the server to know later. */
  readonly base: string;
  readonly state: StateMark;
  readonly stateText: string;
  /** Whether there are changes that are no revision yet, and who made them last. */
  readonly copy: string | null;
  readonly warning: string | null;
  readonly languages: readonly LanguageMark[];
  readonly stale: readonly { readonly code: string; readonly label: string }[];
  readonly head: readonly Sides[];
  readonly body: Sides;
  readonly slug: Box;
  readonly early: { readonly tier: Choice; readonly until: Box } | null;
  readonly original: Choice;
  readonly classification: readonly { readonly choice: Choice | null; readonly sides: Sides }[];
  readonly scales: readonly Choice[];
  readonly confidence: Box;
  readonly facts: readonly Sides[];
  readonly lists: readonly Sides[];
  /** Who wrote it: none where no author has been made. */
  readonly authors: { readonly choices: readonly Choice[]; readonly section: Link };
  readonly rows: readonly EditRows[];
  readonly knownOrganizations: readonly { readonly name: string; readonly url: string | null }[];
  readonly cover: { readonly src: string; readonly width: number; readonly height: number; readonly alt: Sides } | null;
  readonly previews: readonly {
    readonly tier: TierName;
    readonly links: readonly (Link & { readonly code: string })[];
  }[];
  readonly tools: readonly Link[];
  readonly discard: string | null;
  readonly faults: readonly FindingView[];
  readonly says: Readonly<Record<string, string>>;
}

/** Something that was removed a short while ago, and the form that puts it back. */
export interface Removed {
  readonly label: string;
  readonly action: string;
}

export interface ConflictPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly by: string;
  /** Everything that was sent, to be sent again over what is there now. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly label: string;
    readonly theirs: string;
    readonly mine: string;
  }[];
  readonly theirs: string;
}

/** What is asked before it is done. */
export interface AskPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly text: string;
  /** What is not lost by it. */
  readonly consequence: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly do: string;
  readonly back: string;
}
