import { wordOf, type BriefingShape, type PassageKind } from '../../site/shape/shape';
import type { PassageContent } from '../content';
import type { Fault } from './fault';
import { KEY } from './shape';

export interface LocatedPassage extends PassageContent {
  /** The line of its opening fence, and of the first line of its text. */
  readonly line: number;
  readonly textLine: number;
}

/** The key of a text that goes without one in files. */
export const ownKey = ({ keyless, slug }: PassageKind): string | undefined => (keyless ? slug : undefined);

const OPENING = /^(:{3,}) *([a-z0-9-]+)?(?: +(\S+))? *$/;

function allowed(kinds: BriefingShape['kinds']): string {
  const keyless = kinds.filter((kind) => ownKey(kind) !== undefined).map(({ slug }) => slug);
  const but = keyless.length > 0 ? ` (${keyless.join(', ')} may go without)` : '';
  return `a passage is opened by ::: and one of ${kinds.map(({ slug }) => slug).join(', ')}, with a key${but}`;
}

/** What follows the front matter, parted. */
export interface Parted {
  readonly body: string;
  /** The line in the file where the body begins. */
  readonly bodyLine: number;
  readonly passages: readonly LocatedPassage[];
  readonly faults: readonly Fault[];
}

/**
 * Parts what follows the front matter into the public body and the passages. A line that looks like a fence
 * and is not one is a fault: a mistyped fence must never turn gated text into body.
 */
export function readFences(file: string, rest: string, firstLine: number, kinds: BriefingShape['kinds']): Parted {
  const lines = rest.split('\n');
  const passages: LocatedPassage[] = [];
  const faults: Fault[] = [];
  const first = lines.findIndex(looksLikeFence);
  const body = first < 0 ? lines : lines.slice(0, first);
  const fault = (at: number, field: string, found: string, allowed: string) =>
    faults.push({ file, line: firstLine + at, field, found, allowed });
  let at = body.length;
  while (at < lines.length) {
    if (lines[at]!.trim() === '') {
      at++;
    } else if (!looksLikeFence(lines[at]!)) {
      fault(at, 'passages', 'text outside a passage', OUTSIDE);
      while (at < lines.length && !looksLikeFence(lines[at]!)) at++;
    } else {
      const fence = readFence(lines[at]!, kinds);
      if (!fence.opens) fault(at, 'passages', JSON.stringify(lines[at]), allowed(kinds));
      const closing = closingOf(lines, at, fence.colons);
      if (closing < 0) {
        fault(at, 'passages', 'a passage that is not closed', 'a line of as many colons as opened it');
        break;
      }
      if (fence.opens) {
        const { kind, key } = fence.opens;
        const text = trimBlankLines(lines.slice(at + 1, closing).join('\n'));
        const name = `${kind}/${key}`;
        if (text === '') fault(at, name, 'an empty passage', 'text, or no passage');
        const before = passages.filter((one) => one.kind === kind);
        if (before.length > 0 && wordOf(kinds, kind)?.shape === 'one-text')
          fault(at, name, 'a second text of this kind', 'one text, since a briefing has one of this kind');
        else if (before.some((one) => one.key === key))
          fault(at, name, 'a second passage of this kind and key', 'each key once per kind');
        const line = firstLine + at;
        passages.push({ kind, key, text, line, textLine: line + 1 + leadingBlankLines(lines, at + 1) });
      }
      at = closing + 1;
    }
  }
  const bodyLine = firstLine + leadingBlankLines(body, 0);
  return { body: trimBlankLines(body.join('\n')), bodyLine, passages, faults };
}

const OUTSIDE = 'the body stands before the first passage, everything after it inside one';

/** What a line opens: its colons, null where it is no fence at all, and its passage where it names one. */
function readFence(
  line: string,
  kinds: BriefingShape['kinds'],
): { readonly colons: string | null; readonly opens: { readonly kind: string; readonly key: string } | null } {
  const [, colons = null, slug = '', typed] = OPENING.exec(line) ?? [];
  const kind = wordOf(kinds, slug);
  const key = typed ?? (kind && ownKey(kind));
  return { colons, opens: kind && key !== undefined && KEY.test(key) ? { kind: kind.slug, key } : null };
}

/** The line that closes what stands open at `at`; of something that is no fence, the next that could close one. */
function closingOf(lines: readonly string[], at: number, colons: string | null): number {
  const own = colons === null ? -1 : lines.indexOf(colons, at + 1);
  return own >= 0 ? own : lines.findIndex((one, index) => index > at && /^:{3,}\s*$/.test(one));
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
