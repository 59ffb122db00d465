/** One thing wrong with a file: where, what was found, what is allowed instead. */
export interface Fault {
  readonly file: string;
  /** 1 for the first line; 0 when the fault is not in the file but of it. */
  readonly line: number;
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
}

/** A briefing that cannot be taken, with every fault of it. */
export class FaultyFiles extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'FaultyFiles';
  }
}

/** `en.md:12 briefing.confidence: found "1.2"; allowed: a decimal …` */
export function formatFault({ file, line, field, found, allowed }: Fault): string {
  return `${file}${line > 0 ? `:${line}` : ''} ${field}: found ${found}; allowed: ${allowed}`;
}

const SHOWN = 60;

/** A character that is not seen, by its number. */
const escaped = (one: string): string => `\\u{${one.codePointAt(0)!.toString(16).toUpperCase()}}`;

/** A value as a fault shows it: short, on one line, quoted when it is text. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a block of fields';
  const text =
    JSON.stringify(value)?.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, escaped) ?? 'something else';
  return text === '""' ? 'nothing' : text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
