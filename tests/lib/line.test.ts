import {
  cleanText,
  hasHidden,
  isPrintable,
  isSameLine,
  oneLine,
  searchLine,
  typedLine,
  visibleLine,
} from '../../src/lib/line';

/** A text with everything but plain signs as numbers, so that a failure can be read. */
const numbered = (text: string): string => text.replace(/[^\n -~]/gu, (one) => `<${one.codePointAt(0)!.toString(16)}>`);

test.each<[string, string, string]>([
  ['vertical tab, form feed, next line', 'one\vtwo\fthree\u0085four', 'one two three four'],
  ['separators of files, groups, records, units', 'a\u001cb\u001dc\u001ed\u001fe', 'a b c d e'],
  ['line ends of every kind', 'a\r\nb\rc\nd\u2028e\u2029f', 'a b c d e f'],
  ['runs', '  a \t\n b  ', 'a b'],
  ['a space that does not break', '50\u00a0% of it', '50\u00a0% of it'],
  ['wide and narrow spaces', '\u5927\u3000\u5c0f 1\u202f000', '\u5927\u3000\u5c0f 1\u202f000'],
  ['plain spaces around one that does not break', 'a \u00a0 b', 'a\u00a0b'],
  ['nothing but spaces', '\u00a0\u3000\u2003 ', ''],
  ['decomposed signs', 'n\u0303', '\u00f1'],
  ['compatibility signs', '\ufb01 \u00b2 \uff21', '\ufb01 \u00b2 \uff21'],
])('one line, %s: %j is %j', (_what, text, line) => {
  expect(numbered(oneLine(text))).toBe(numbered(line));
});

test.each([
  0xad, 0x34f, 0x61c, 0x115f, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0x2061, 0x2063, 0x206a,
  0x206f, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0x1d173, 0xe0001, 0xe0041, 0xe007f, 0xe0100,
])('U+%p between Latin letters shows nothing and is left out', (code) => {
  const text = `a${String.fromCodePoint(code)}b`;
  expect([numbered(oneLine(text)), hasHidden(text), numbered(searchLine(text))]).toEqual(['ab', true, 'ab']);
});

test.each<[string, string]>([
  ['Persian', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['Hindi', '\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937'],
  ['Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
  ['Malayalam at the end of a word', '\u0d05\u0d35\u0d28\u0d4d\u200d'],
  ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a hand with a tone', '\u{1faf1}\u{1f3fb}\u200d\u{1faf2}\u{1f3ff}'],
  ['a pirate', '\u{1f3f4}\u200d\u2620\ufe0f'],
  ['a heart in colour and one in print', '\u2764\ufe0f \u2764\ufe0e'],
  ['a keycap', '1\ufe0f\u20e3'],
  ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
  ['a form of a Chinese character', '\u845b\u{e0100}'],
])('%s keeps what makes its signs', (_what, text) => {
  expect([numbered(oneLine(text)), hasHidden(text)]).toEqual([numbered(text), false]);
  expect(numbered(cleanText(text))).toBe(numbered(text));
});

test.each([
  ['\u{1f3f4}\u{e0041}\u{e0042}', '\u{1f3f4}'],
  ['1\ufe0f', '1'],
  ['a\u{1f468}\u200d', 'a\u{1f468}'],
  ['\u0645\u200c ', '\u0645'],
  ['\u200c\u0645', '\u0645'],
])('what only looks like such a sign does not: %j', (text, line) => {
  expect(numbered(oneLine(text))).toBe(numbered(line));
});

test.each(['a\u202eb', 'a\u202ab', 'a\u2066b\u2069', 'a\u0000b', 'a\u0007b', 'a\u009fb', 'a\ue000b', 'a\udc00b'])(
  '%j may stand in no line',
  (text) => {
    expect([isPrintable(oneLine(text)), hasHidden(text), visibleLine(text), searchLine(text)]).toEqual([
      false,
      true,
      'ab',
      'ab',
    ]);
  },
);

test("an editor's pasting leaves control characters behind, and no more than them", () => {
  expect(typedLine('a\u0000b\u0007c\vd')).toBe('abc d');
  expect(isPrintable(typedLine('a\u202eb'))).toBe(false);
});

test('white space around what is typed hides nothing', () => {
  expect([' a@b.example ', 'a@b.example\u00a0', '\ta'].map(hasHidden)).toEqual([false, false, false]);
});

test('lines that read alike are the same', () => {
  expect([
    isSameLine('Export\u00a0Controls', 'export controls'),
    isSameLine('Ex\u00adport', 'Export'),
    isSameLine('a b', 'ab'),
  ]).toEqual([true, true, false]);
});

test.each<[string, string, string]>([
  ['line ends', 'a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h', 'a\nb\nc\nd\ne\nf\ng\n\nh'],
  ['controls', 'a\u0000b\u001fc\td', 'ab c\td'],
  [
    'typesetting',
    'co\u00adop 50\u00a0% \u200bx\u2060y \u200ez\u200f',
    'co\u00adop 50\u00a0% \u200bx\u2060y \u200ez\u200f',
  ],
  ['what turns the writing around', 'a\u202eb\u202cc\u202ad\u202b', 'a\u2067b\u2069c\u2066d\u2067'],
  ['isolates', 'a\u2067b\u2069c', 'a\u2067b\u2069c'],
  ['what is never seen', 'a\ufeffb\u{e0041}c\u{e0101}d\ufff9e', 'abcde'],
])('many lines, %s', (_what, text, clean) => {
  expect(numbered(cleanText(text))).toBe(numbered(clean));
});
