import { z } from 'zod';
import { DEFAULT_CODE } from '../../lib/language';

/** One text in several languages, by their codes. A language in which it is empty has no entry. */
export type LocalizedText = Readonly<Record<string, string>>;

/** The schema of a text of at most `most` characters in each language; surrounding space is left out. */
export const localizedText = (most: number) =>
  z
    .record(z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/), z.string().trim().max(most))
    .transform((texts): LocalizedText => Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')))
    .default({});

/**
 * The text in the language asked for, else in the default one, else in the first there is by the alphabet. Null: there
 * is none.
 */
export function textFor(texts: LocalizedText, code: string): string | null {
  return texts[code] ?? texts[DEFAULT_CODE] ?? texts[Object.keys(texts).sort()[0] ?? ''] ?? null;
}
