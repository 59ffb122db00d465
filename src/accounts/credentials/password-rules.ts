import common from './common-passwords.json';
import { normalizePassword } from './passwords';

/**
 * How long a password may be, in characters (Unicode code points): nothing else is asked of it (ASVS 6.2.1, 6.2.5,
 * 6.2.9).
 */
export const SHORTEST = 12;
export const LONGEST = 256;

/** Why a password cannot be taken: the end of a phrase's key. */
export type PasswordFault = 'short' | 'long' | 'own' | 'common';

const COMMON: ReadonlySet<string> = new Set(common.passwords.flatMap((line) => line.split(' ')));

/** What letters are often written as. */
const DISGUISES: Readonly<Record<string, string>> = {
  '@': 'a',
  4: 'a',
  3: 'e',
  1: 'i',
  '!': 'i',
  0: 'o',
  $: 's',
  5: 's',
  7: 't',
};

/** Rows of keys and of the alphabet: walking along one is not a secret. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiop',
  'asdfghjklñ',
  'zxcvbnm',
  'azertyuiop',
  'qwertzuiop',
];

/** A part of the owner's own words shorter than this says nothing. */
const WORD = 4;

/**
 * What is wrong with a new password, or null. Nothing of it is cut off (ASVS 6.2.8); it is measured in the form it is
 * kept in. Refused is what is guessed first: `own` words of the reader and the site, and the common passwords bundled
 * here (ASVS 6.2.4, 6.2.11), which are mostly shorter than a password must be, so a common one doubled, beside another,
 * or with digits and signs around it is refused too.
 */
export function findPasswordFault(password: string, own: readonly string[]): PasswordFault | null {
  const length = [...normalizePassword(password)].length;
  if (length < SHORTEST) return 'short';
  if (length > LONGEST) return 'long';
  const plain = password.normalize('NFKC').toLowerCase();
  if (isOwn(plain, own)) return 'own';
  return isCommon(plain) || isCommon(undisguised(plain)) ? 'common' : null;
}

/** Nothing but the reader's or the site's words, however repeated and whatever digits and signs stand between. */
function isOwn(plain: string, own: readonly string[]): boolean {
  const words = own
    .flatMap((one) => {
      const lower = one.normalize('NFKC').toLowerCase();
      return [lower, ...lower.split(/[^\p{L}\p{N}]+/u)];
    })
    .filter((word) => word.length >= WORD)
    .sort((a, b) => b.length - a.length);
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), plain);
  return left !== plain && onlyLetters(left).length < WORD;
}

function isCommon(plain: string): boolean {
  const word = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return (
    new Set(plain).size < 5 ||
    [plain, word].some((one) => COMMON.has(one) || isRepeated(one) || isTwo(one) || isWalk(one))
  );
}

function isRepeated(text: string): boolean {
  const found = /^(.{1,32}?)\1+$/su.exec(text);
  return found !== null && (COMMON.has(found[1]!) || found[1]!.length < WORD || isWalk(found[1]!));
}

function isTwo(text: string): boolean {
  for (let at = WORD; at <= text.length - WORD; at++)
    if (COMMON.has(text.slice(0, at)) && COMMON.has(text.slice(at))) return true;
  return false;
}

function isWalk(text: string): boolean {
  return text.length >= WORD && ROWS.some((row) => row.includes(text) || [...row].reverse().join('').includes(text));
}

function undisguised(plain: string): string {
  return [...plain].map((char) => DISGUISES[char] ?? char).join('');
}

function onlyLetters(text: string): string {
  return text.replace(/[^\p{L}]/gu, '');
}
