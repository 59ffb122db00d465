import type { BriefingCard, LocalizedText, Paging } from '../briefings/reading/page-types';

/** What an author's page prints. */
export interface AuthorPage {
  readonly name: string;
  readonly line: LocalizedText | null;
  readonly picture: {
    readonly src: string;
    readonly srcset: string | null;
    readonly width: number;
    readonly height: number;
  } | null;
  readonly links: readonly { readonly href: string; readonly host: string }[];
  /** `7 briefings`. */
  readonly count: string;
  readonly cards: readonly BriefingCard[];
  /** Pages of the publisher's own by them; on the first page alone. */
  readonly own: readonly { readonly href: string; readonly title: LocalizedText }[];
  readonly paging: Paging | null;
}
