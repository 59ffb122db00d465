import type { z } from 'zod';
import type { Language } from './language';

/** What a letter's row holds. It is emptied once the letter is sent. */
export type LetterData = Readonly<Record<string, string | undefined>>;

/**
 * One kind of letter. Its words are the phrases `letter.<kind>.subject`, `.text`, `.note` and, where it leads
 * somewhere, `.link`.
 */
export interface LetterKind {
  readonly data: z.ZodType<LetterData>;
  /** The path its link opens, from what it is about; null: it leads nowhere. */
  readonly opens: (data: LetterData) => string | null;
  /** Has whoever gets it just asked for it? Then it goes to an address that has refused letters, too. */
  readonly asked?: boolean;
  /** Is it the first letter somebody gets? It begins with the publisher's words of welcome. */
  readonly welcomes?: boolean;
  /** What somebody has written to whoever gets it, paragraph by paragraph, as it is. */
  readonly quotes?: (data: LetterData) => readonly string[];
  /** Whom an answer goes to; left out: as every letter's. */
  readonly replyTo?: (data: LetterData) => string | null;
  /** What stands in its phrases, as the language writes it. */
  readonly words?: (data: LetterData, language: Language) => Readonly<Record<string, string>>;
}

/** The kinds of letters a house sends, by name. */
export type LetterKinds = Readonly<Record<string, LetterKind>>;
