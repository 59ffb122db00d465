import { PASSAGE_KINDS } from '../../access/kinds';
import type { PassageContent } from './content';
import type { Fault } from './fault';
import { KEY } from './shape';

export interface LocatedPassage extends PassageContent {
  /** The line of its opening fence, and of the first line of its text. */
  readonly line: number;
  readonly textLine: number;
}

const ALLOWED = `a passage is opened by ::: and one of ${PASSAGE_KINDS.join(', ')}, with a key (a trend may go without)`;

/**
 * Parts what follows the front matter into the public body and the passages. A line that looks like a fence
 * and is not one is a fault: a mistyped fence must never turn gated text into body.
 */
export function readFences(
  file: string,
  rest: string,
  firstLine: number,
): { body: string; bodyLine: number; passages: LocatedPassage[]; faults: Fault[] } {
  const lines = rest.split('\n');
  const body: string[] = [];
  const passages: LocatedPassage[] = [];
  const faults: Fault[] = [];
  let at = 0;
  for (; at < lines.length && !looksLikeFence(lines[at]!); at++) body.push(lines[at]!);
  while (at < lines.length) {
    const line = lines[at]!;
    const number = firstLine + at;
    if (line.trim() === '') {
      at++;
      continue;
    }
    if (!looksLikeFence(line)) {
      faults.push({
        file,
        line: number,
        field: 'passages',
        found: 'text outside a passage',
        allowed: 'the body stands before the first passage, everything after it inside one',
      });
      while (at < lines.length && !looksLikeFence(lines[at]!)) at++;
      continue;
    }
    const fence = /^(:{3,}) *([a-z-]+)?(?: +(\S+))? *$/.exec(line);
    const kind = PASSAGE_KINDS.find((one) => one === fence?.[2]);
    const key = fence?.[3] ?? (kind === 'trend' ? 'trend' : undefined);
    if (!fence || !kind || key === undefined || !KEY.test(key)) {
      faults.push({ file, line: number, field: 'passages', found: JSON.stringify(line), allowed: ALLOWED });
    }
    const close = fence ? lines.indexOf(fence[1]!, at + 1) : -1;
    const closing = close >= 0 ? close : lines.findIndex((one, index) => index > at && /^:{3,}\s*$/.test(one));
    if (closing < 0) {
      faults.push({
        file,
        line: number,
        field: 'passages',
        found: 'a passage that is not closed',
        allowed: 'a line of as many colons as opened it',
      });
      break;
    }
    const text = trimBlankLines(lines.slice(at + 1, closing).join('\n'));
    if (fence && kind && key !== undefined && KEY.test(key)) {
      if (text === '')
        faults.push({
          file,
          line: number,
          field: `${kind}/${key}`,
          found: 'an empty passage',
          allowed: 'text, or no passage',
        });
      if (passages.some((one) => one.kind === kind && one.key === key)) {
        faults.push({
          file,
          line: number,
          field: `${kind}/${key}`,
          found: 'a second passage of this kind and key',
          allowed: 'each key once per kind',
        });
      }
      passages.push({ kind, key, text, line: number, textLine: number + 1 + leadingBlankLines(lines, at + 1) });
    }
    at = closing + 1;
  }
  const lead = leadingBlankLines(body, 0);
  return { body: trimBlankLines(body.join('\n')), bodyLine: firstLine + lead, passages, faults };
}

function looksLikeFence(line: string): boolean {
  return /^\s*::/.test(line);
}

/** Text without blank lines at either end and without spaces after its last line. */
export function trimBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

function leadingBlankLines(lines: readonly string[], from: number): number {
  let count = 0;
  while (from + count < lines.length && lines[from + count]!.trim() === '') count++;
  return count;
}

/** The fence for a text: longer than any run of colons that begins a line of it. */
export function fenceFor(text: string): string {
  const longest = Math.max(0, ...text.split('\n').map((line) => /^:*/.exec(line)![0].length));
  return ':'.repeat(Math.max(3, longest + 1));
}
