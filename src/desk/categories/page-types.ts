import type { LocalizedText } from '../../briefings/reading/page-types';
import type { DeskFrame, LanguageMark, Link, Sides } from '../page-types';
import type { RecordConflict, RecordForm } from '../records/pages';

/** The form of a category: its words in every language, and its address. */
export interface CategoryForm extends RecordForm {
  readonly words: readonly Sides[];
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
  readonly conflict: RecordConflict | null;
  readonly links: readonly Link[];
}
