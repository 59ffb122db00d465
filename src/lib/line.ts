/**
 * The one rule for text that is typed or read from a file (docs/text-input.md says it in words). Two sorts of text: one
 * line (names, titles, addresses, search) and many lines (bodies, passages).
 */

/** Separators among the controls: vertical tab, form feed, next line, and those of files, groups, records and units. */
const CONTROL_SEPARATORS = '\\u000b\\u000c\\u001c-\\u001f\\u0085';

const SEPARATORS = new RegExp(`[\\s${CONTROL_SEPARATORS}]+`, 'gu');

/** Control characters that part nothing, and halves of characters. */
const NO_SEPARATOR = new RegExp(`(?![\\s${CONTROL_SEPARATORS}])[\\p{Cc}\\p{Cs}]`, 'gu');

/** Spaces that are set on purpose: they do not break, or have a width of their own. */
const TYPOGRAPHIC_SPACE = /(?! )\p{Zs}/u;

/**
 * What must stand in no line: control characters, halves of characters, private ones, and what turns the writing
 * around.
 */
const REFUSED = '\\p{Cc}\\p{Cs}\\p{Co}\\u2028-\\u202e\\u2066-\\u2069';

const UNPRINTABLE = new RegExp(`[${REFUSED}]`, 'u');
const EVERY_UNPRINTABLE = new RegExp(`[${REFUSED}]`, 'gu');

/** Characters that show nothing by themselves (Unicode's Default_Ignorable_Code_Point, and the few it lacks). */
const UNSEEN = '[[\\p{Default_Ignorable_Code_Point}\\u2800\\ufff9-\\ufffb]--[\\u202a-\\u202e\\u2066-\\u2069]]';

/** Scripts in which a joiner or its opposite makes another letter of the one before it. */
const JOINING = [
  'Arab',
  'Syrc',
  'Nkoo',
  'Mong',
  'Mand',
  'Adlm',
  'Rohg',
  'Deva',
  'Beng',
  'Guru',
  'Gujr',
  'Orya',
  'Taml',
  'Telu',
  'Knda',
  'Mlym',
  'Sinh',
  'Khmr',
  'Mymr',
  'Tibt',
  'Java',
  'Bali',
]
  .map((script) => `\\p{scx=${script}}`)
  .join('');

/** Where a character that shows nothing makes what stands beside it another sign; there it stays. */
const MEANT = [
  // Between letters that would join, and between the parts of one emoji.
  `(?<=[${JOINING}]\\p{M}*)\\u200c(?=[${JOINING}])`,
  `(?<=[${JOINING}])\\u200d`,
  '(?<=\\p{ExtPict}[\\ufe0f\\p{EMod}]?)\\u200d(?=\\p{ExtPict})',
  // Which form of an emoji, a keycap, a Chinese character, a Mongolian letter or a sign is meant.
  '(?<=[\\p{Emoji}--[0-9#*]])[\\ufe0e\\ufe0f]',
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  '(?<=\\p{scx=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=\\p{scx=Mong})[\\u180b-\\u180d\\u180f]',
  '(?<=[\\p{scx=Mymr}\\p{scx=Phag}\\p{Sm}])\\ufe00',
  // The flag of a part of a country.
  '(?<=\\u{1f3f4})[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{2,6}\\u{e007f}',
].join('|');

const UNSEEN_OR_MEANT = new RegExp(`(${MEANT})|${UNSEEN}`, 'gv');

/** What long texts keep beside that: hyphens and breaks that a browser may use, and marks of direction. */
const TYPESETTING = '\\u00ad\\u034f\\u061c\\u200b-\\u200f\\u2060-\\u2064\\u2066-\\u2069';
const UNSEEN_IN_TEXT = new RegExp(`(${MEANT}|[${TYPESETTING}])|${UNSEEN}`, 'gv');

/** Embeddings and overrides, and the isolate that stands for each (UAX 9, 2.7): what they turn ends with them. */
const ISOLATES: Readonly<Record<string, string>> = {
  '\u202a': '\u2066',
  '\u202b': '\u2067',
  '\u202c': '\u2069',
  '\u202d': '\u2066',
  '\u202e': '\u2067',
};

const withoutUnseen = (text: string, unseen: RegExp): string =>
  text.replace(unseen, (_one, meant?: string) => meant ?? '');

/**
 * A text as one line: signs composed, what shows nothing left out, every run of separators one space and none at the
 * ends. Of a run that holds a space set on purpose (one that does not break, one as wide as a Chinese character) that
 * one stays.
 */
export function oneLine(text: string): string {
  const seen = withoutUnseen(text.normalize('NFC'), UNSEEN_OR_MEANT);
  return seen.replace(SEPARATORS, (run) => TYPOGRAPHIC_SPACE.exec(run)?.[0] ?? ' ').trim();
}

/**
 * One line as an editor types it: control characters, which nobody means and the database refuses, are left out too.
 */
export const typedLine = (text: string): string => oneLine(text.replace(NO_SEPARATOR, ''));

/** May this line stand on a page as it is? */
export const isPrintable = (line: string): boolean => !UNPRINTABLE.test(line);

/** Is there a character in it that shows nothing, or that no line may hold? White space around it does not count. */
export function hasHidden(text: string): boolean {
  const trimmed = text.trim();
  return !isPrintable(trimmed) || withoutUnseen(trimmed, UNSEEN_OR_MEANT) !== trimmed;
}

/** A line with nothing in it that is not seen: what a form shows again after `hasHidden`. */
export const visibleLine = (text: string): string => oneLine(text).replace(EVERY_UNPRINTABLE, '');

/** What somebody looks for: as it is seen, every space the plain one. */
export const searchLine = (text: string): string => visibleLine(text).replace(/\p{Zs}+/gu, ' ');

/** Do two lines read alike? Case and kinds of spaces do not count. */
export const isSameLine = (one: string, other: string): boolean =>
  searchLine(one).toLowerCase() === searchLine(other).toLowerCase();

/**
 * A text of many lines: line ends are line feeds, what parts words parts them still, other control characters and what
 * is never seen are left out. What turns the writing around is isolated, so that nothing after it is turned.
 */
export function cleanText(text: string): string {
  const lines = text
    .replace(/\r\n?|[\u000b\u000c\u0085\u2028]/g, '\n')
    .replaceAll('\u2029', '\n\n')
    .replace(/[\u001c-\u001f]/g, ' ');
  const printed = lines.replace(/(?![\t\n])[\p{Cc}\p{Cs}]/gu, '').replace(/[\u202a-\u202e]/g, (one) => ISOLATES[one]!);
  return withoutUnseen(printed, UNSEEN_IN_TEXT);
}

/** Does a text show anything? Spaces, control characters and what has no width do not. */
export const isVisible = (text: string | null): boolean =>
  text !== null && /[^\s\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
