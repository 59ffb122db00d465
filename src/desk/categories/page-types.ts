import type { LocalizedText } from '../../briefings/reading/page-types';
import type { Box, DeskFrame, LanguageMark, Link, Sides } from '../page-types';

/** The form of a category: its words in every language, and its address. */
export interface CategoryForm {
  readonly action: string;
  readonly wrong: string | null;
  /** The first field that is wrong. */
  readonly wrongHref: string | null;
  readonly words: readonly Sides[];
  readonly slug: Box;
  readonly slugHint: string;
  readonly hidden: { readonly name: string; readonly value: string };
  readonly submit: string;
}

/** One way to put a category elsewhere in the order. */
interface Move {
  readonly to: 'before' | 'after';
  readonly neighbour: string;
  readonly label: string;
}

export interface CategoriesPage {
  readonly frame: DeskFrame;
  readonly rows: readonly {
    readonly name: LocalizedText;
    readonly href: string;
    readonly description: LocalizedText | null;
    readonly address: string;
    readonly briefings: Link;
    readonly languages: readonly LanguageMark[];
    readonly move: { readonly action: string; readonly ways: readonly Move[] };
  }[];
  readonly form: CategoryForm;
}

export interface CategoryPage {
  readonly frame: DeskFrame;
  readonly form: CategoryForm;
  /** Where somebody else has changed it meanwhile: what stands now beside what was typed. */
  readonly conflict: readonly { readonly label: string; readonly theirs: string; readonly mine: string }[] | null;
  readonly links: readonly Link[];
}

export interface CategoryDeletePage {
  readonly frame: DeskFrame;
  readonly text: string;
  /** The briefings in it, or some of them; empty where it may go. */
  readonly users: readonly { readonly title: LocalizedText; readonly href: string }[];
  readonly more: string | null;
  readonly sure: { readonly action: string; readonly seen: string } | null;
  readonly back: string;
}
