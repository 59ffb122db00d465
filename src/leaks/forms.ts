const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  hyphen: '-',
  dash: '-',
  shy: '',
};

/**
 * Every form in which a word could hide in what was sent: as it is, with entities, percent signs, JSON's escapes or
 * base64 undone, and with the tags taken out that may split it. All in small letters.
 */
export function formsOf(text: string): string[] {
  const open = decodeEntities(text);
  return [
    text,
    open,
    open.replace(/<[^>]*>/g, ''),
    text.replace(/<[^>]*>|[\u00ad\u200b-\u200d\u2060]/g, ''),
    text.replace(/%([0-9a-f]{2})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    text.replace(/\\u([0-9a-f]{4})|\\([/"\\])/gi, (_whole, code: string | undefined, plain: string) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : plain,
    ),
    decodeBase64(text),
  ].map((form) => form.toLowerCase());
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** Whatever in a text may be base64, decoded, one piece a line. */
function decodeBase64(text: string): string {
  return (text.match(/[A-Za-z0-9+/_-]{20,}/g) ?? [])
    .map((piece) => Buffer.from(piece, 'base64').toString('latin1'))
    .join('\n');
}
