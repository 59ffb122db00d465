import type { ReaderText, Scale } from '../fields';

/**
 * What the templates of this section print, field by field. A page object holds nothing its template does not
 * show: what is locked has no text here, only its gate.
 */

/** A text as the reader meets it. `lang` is set only when it is not in the page's language. */
export interface LocalizedText {
  readonly text: string;
  readonly lang: string | null;
}

/** Markdown already rendered to safe HTML, its headings from `<h2>` down: the page has the `<h1>`. */
export interface LocalizedHtml {
  readonly html: string;
  readonly lang: string | null;
}

export interface LocalizedList {
  readonly items: readonly string[];
  readonly lang: string | null;
}

export interface Link {
  readonly label: string;
  readonly href: string;
}

/** A value on a scale of the publication's (impact, operational relevance, horizon). */
export interface Step {
  /** Its place from the lowest up, from 1; 0 where nobody knows the word. */
  readonly step: number;
  /** How many steps the scale has. */
  readonly of: number;
  readonly label: string;
}

export interface Band {
  readonly grade: string;
  /** `0.90–1.00`, written in the page's language. */
  readonly range: string;
  readonly label: string;
  /** Share of the scale this band covers, in hundredths, and where it starts. */
  readonly from: number;
  readonly width: number;
  readonly state: 'below' | 'here' | 'above';
}

export interface Confidence {
  /** 0 to 100, for drawing. */
  readonly hundredths: number;
  readonly grade: string;
  /** `High confidence (94%)`. */
  readonly sentence: string;
  /** `High: direct sources`. */
  readonly label: string;
  /** All six, from the lowest up. */
  readonly bands: readonly Band[];
}

export interface Term {
  readonly term: string;
  readonly label: LocalizedText;
  readonly explanation: LocalizedText | null;
}

/** A tier by name and slug; the slug chooses its colour and sign. */
export interface TierMark {
  readonly slug: string;
  readonly name: string;
}

export interface OpenPassage {
  /** Unique on the page, for links to this passage. */
  readonly anchor: string;
  /** The tier it opens for: that of its kind, or a stricter one of its own. */
  readonly tier: TierMark;
  /** Safe HTML, its headings from `<h3>` down. */
  readonly html: string;
  readonly lang: string | null;
}

/**
 * Passages of one kind the viewer may read, in order. Organization and source notes stand with their subject instead.
 */
export interface OpenKind {
  /** Slug of the kind. */
  readonly kind: string;
  readonly anchor: string;
  readonly heading: string;
  /** The tier this kind opens for. */
  readonly tier: TierMark;
  readonly passages: readonly OpenPassage[];
}

/** What stands where passages are locked: what is behind, how much, for whom, and the way in. Never a word of it. */
export interface GateBox {
  readonly tier: TierMark & { readonly rank: number; readonly free: boolean };
  readonly anchor: string;
  readonly heading: string;
  readonly forWhom: string;
  /**
   * One row per kind and moment: `Linked-organization notes`, `9 notes`, and when they open to the reader by
   * themselves.
   */
  readonly rows: readonly {
    readonly kind: string;
    readonly anchor: string | null;
    readonly label: string;
    readonly count: string;
    readonly opens: { readonly iso: string; readonly text: string } | null;
  }[];
  /** How one comes by the tier: joined, paid for, or given to those who are invited. */
  readonly wayIn: 'free' | 'paid' | 'invitation';
  /** Null where nobody joins by themselves. */
  readonly join: Link | null;
  /** Where it is said what it costs; null where it is not sold. */
  readonly pricing: string | null;
  /** Null for whoever is a member already. */
  readonly login: Link | null;
}

/** A note on a source or an organization, with what notes of its kind are called. */
export interface Note {
  readonly name: string;
  readonly text: OpenPassage;
}

/** A list under its heading. */
export interface ListSection {
  readonly anchor: string;
  readonly heading: string;
  readonly list: LocalizedList;
}

export interface SourceRow {
  readonly number: number;
  readonly anchor: string;
  readonly title: LocalizedText;
  readonly href: string;
  readonly host: string;
  readonly description: LocalizedText | null;
  /** Null in a preview, where nobody has chosen it yet. */
  readonly risk: { readonly code: 'low' | 'medium' | 'high'; readonly label: string } | null;
  readonly notes: readonly Note[];
}

export interface OrganizationRow {
  readonly anchor: string;
  /** The page of the organization. */
  readonly page: string;
  readonly name: string;
  readonly href: string | null;
  readonly notes: readonly Note[];
}

/** A picture on a page. `srcset` is null for one that is kept in one size. */
export interface PictureView {
  readonly src: string;
  readonly srcset: string | null;
  readonly width: number;
  readonly height: number;
  readonly alt: LocalizedText;
}

export interface BriefingCard {
  readonly href: string;
  readonly title: LocalizedText;
  readonly summary: LocalizedText | null;
  readonly type: string;
  readonly category: { readonly name: LocalizedText; readonly href: string };
  readonly published: { readonly iso: string; readonly text: string };
  readonly confidence: Confidence;
  readonly impact: Step;
  readonly cover: PictureView | null;
}

/** What is said above a briefing that is shown as one of its revisions said it. */
export interface RevisionNote {
  /** `Revision 3 of this briefing`. */
  readonly name: string;
  /** Is it what readers have now, or a former one? In a sentence. */
  readonly standing: string;
  readonly former: boolean;
  readonly links: readonly Link[];
}

/** Above a briefing that somebody opens by a gift link: whose gift it is, until when, and one way to join. */
export interface GiftBanner {
  readonly text: string;
  readonly until: string;
  readonly join: Link | null;
}

export interface BriefingPage
  extends Readonly<Record<ReaderText, LocalizedText | null>>, Readonly<Record<Scale, Step | null>> {
  /** This and the scales are null in a preview, where nobody has chosen them yet: what is published has all of them. */
  readonly type: string | null;
  readonly category: { readonly name: LocalizedText; readonly href: string };
  readonly title: LocalizedText;
  /** Its own address, without the origin. */
  readonly path: string;
  /** Null: it is the briefing's own page. */
  readonly revision: RevisionNote | null;
  /** Where whoever reads it may give it away; null: they may not. */
  readonly give: string | null;
  readonly gift?: GiftBanner;
  readonly cover: PictureView | null;
  /** In their order; none where the publication itself is. */
  readonly authors: readonly { readonly name: string; readonly href: string }[];
  readonly published: { readonly iso: string; readonly text: string };
  readonly updated: { readonly iso: string; readonly text: string } | null;
  /** `9 public sources`, `One public source`. */
  readonly sourceCount: string;
  /** `4 min open to all`. */
  readonly readingTime: string;
  /** What the gates of the page keep, in one line, and where the first of them stands; null where there is none. */
  readonly membersRead: { readonly href: string; readonly parts: readonly string[] } | null;
  /** The sections of the page, in their order. */
  readonly contents: readonly Link[];
  readonly confidence: Confidence | null;
  readonly body: LocalizedHtml | null;
  /** Category, content type, primary domain, topic, impact: a label and a sentence each. */
  readonly classification: readonly Term[];
  /** What is said of it in a word or two, each under its name. */
  readonly facts: readonly { readonly term: string; readonly value: LocalizedText }[];
  /** Lists in the story, and those beside it. */
  readonly storyLists: readonly ListSection[];
  readonly asideLists: readonly ListSection[];
  readonly open: readonly OpenKind[];
  readonly gates: readonly GateBox[];
  readonly sources: readonly SourceRow[];
  readonly organizations: readonly OrganizationRow[];
  readonly organizationNotes: {
    readonly heading: string;
    /** Of the first note that is open; null where none is. */
    readonly tier: TierMark | null;
    /** Are notes of more than one kind open, so that each says of which it is? */
    readonly named: boolean;
    /** `9 linked-organization notes require member access`, with the name of their gate; null where none is shut. */
    readonly gate: { readonly text: string; readonly anchor: string | null } | null;
  };
  /** What was put right after publishing, newest first. */
  readonly corrections: readonly {
    readonly day: { readonly iso: string; readonly text: string };
    readonly text: LocalizedText;
  }[];
  readonly back: Link;
  readonly more: { readonly heading: string; readonly href: string; readonly cards: readonly BriefingCard[] };
}

export interface Paging {
  readonly page: number;
  readonly pages: number;
  readonly previous: string | null;
  readonly next: string | null;
  readonly numbers: readonly { readonly number: number; readonly href: string; readonly current: boolean }[];
}

export interface CategoryPage {
  readonly slug: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText | null;
  /** `7 briefings`. */
  readonly count: string;
  readonly cards: readonly BriefingCard[];
  readonly paging: Paging | null;
}

/** A simple page in the house: a way in, or a page that says what went wrong. */
export interface NoticePage {
  readonly label: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly rows: readonly { readonly label: string; readonly text: string }[];
  readonly links: readonly Link[];
}
