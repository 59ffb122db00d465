import { z } from 'zod';
import { DEFAULT_CODE } from '../../lib/language';

/** One text in several languages, by their codes. A language in which it is empty has no entry. */
export type TextByLanguage = Readonly<Record<string, string>>;

/** The schema of a text of at most `most` characters in each language; surrounding space is left out. */
export const textByLanguage = (most: number) =>
  z
    .record(z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/), z.string().trim().max(most))
    .transform((texts): TextByLanguage => Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')))
    .default({});

/** A text as it is shown, and its language where that is another than the page's. */
export interface ShownText {
  readonly text: string;
  readonly lang: string | null;
}

/** The text as a page in a language shows it (`textFor`). */
export function shownIn(texts: TextByLanguage, code: string, firstCode = DEFAULT_CODE): ShownText | null {
  const text = textFor(texts, code, firstCode);
  if (text === null) return null;
  const lang = [code, firstCode, ...Object.keys(texts).sort()].find((one) => texts[one] === text)!;
  return { text, lang: lang === code ? null : lang };
}

/**
 * The text in the language asked for, else in the publication's first one, else in the first there is by the alphabet.
 * Null: there is none.
 */
export function textFor(texts: TextByLanguage, code: string, firstCode = DEFAULT_CODE): string | null {
  return texts[code] ?? texts[firstCode] ?? texts[Object.keys(texts).sort()[0] ?? ''] ?? null;
}
