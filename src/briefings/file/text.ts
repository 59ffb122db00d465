import type { Fault } from './fault';

/** Bytes a file may have. */
export const MOST_BYTES = 1024 * 1024;

// Controls without tab, line feed and separators: Postgres refuses NUL, and none of them is ever meant.
const CONTROL = /(?![\t\n\v\f\u001c-\u001f\u0085])\p{Cc}/u;

// In a file these part words and no lines: a new line would be another field of the front matter.
const SEPARATORS = /[\v\f\u001c-\u001f\u0085]/g;

/** The text of a file: UTF-8 without a byte order mark, lines ended by line feeds; or what is wrong with it. */
export function readText(file: string, bytes: Uint8Array): { text: string } | { faults: Fault[] } {
  if (bytes.length > MOST_BYTES) {
    return {
      faults: [
        { file, line: 0, field: 'file', found: `${bytes.length} bytes`, allowed: `at most ${MOST_BYTES} bytes` },
      ],
    };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return {
      faults: [
        { file, line: lineOfBadByte(bytes), field: 'file', found: 'bytes that are not UTF-8', allowed: 'UTF-8' },
      ],
    };
  }
  text = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const faults: Fault[] = [];
  text.split('\n').forEach((line, index) => {
    const found = CONTROL.exec(line);
    if (!found) return;
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    faults.push({
      file,
      line: index + 1,
      field: 'file',
      found: `the control character U+${code}`,
      allowed: 'text without control characters',
    });
  });
  return faults.length > 0 ? { faults } : { text: text.replace(SEPARATORS, ' ') };
}

function lineOfBadByte(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    try {
      decoder.decode(bytes.subarray(start, at));
    } catch {
      return line;
    }
    start = at + 1;
    line++;
  }
  return line - 1;
}
