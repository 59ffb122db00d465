import type { AccountFrame } from '../../accounts/own/page-types';
import type { BriefingCard, Paging } from '../reading/page-types';

export interface ReadingListPage {
  readonly frame: AccountFrame;
  readonly cards: readonly { readonly slug: string; readonly card: BriefingCard }[];
  /** Where the form goes that takes one off the list. */
  readonly remove: string;
  readonly paging: Paging | null;
}
