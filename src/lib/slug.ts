import type * as Transliteration from 'transliteration';
import { lazily } from './packages/lazily';

const transliteration = lazily<typeof Transliteration>('transliteration');

/**
 * Characters that show nothing: soft hyphens, zero-width spaces and joiners, direction marks (Unicode,
 * DerivedCoreProperties).
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Words as a slug: small Latin letters, digits, single hyphens, at most `most` characters. Letters of other scripts are
 * written in Latin ones (`Ørsted` as `orsted`, `Привет` as `privet`); what shows nothing joins what is around it.
 * Empty when no letter and no digit is left, as of a title of emoji.
 */
export function slugOf(words: string, most = 80): string {
  const spelled = words
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  const latin = transliteration().transliterate(spelled).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return latin
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, most)
    .replace(/-$/, '');
}
