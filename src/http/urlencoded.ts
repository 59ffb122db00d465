import { Failure } from '../lib/failure';

/** Bytes of a form that are understood before everybody else gets a turn: about a millisecond's worth. */
const AT_ONCE = 131_072;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/**
 * The fields of a form (`application/x-www-form-urlencoded`; WHATWG URL, 5.1), in their order. They are counted before
 * any is looked at, and a long form is understood piece by piece, however few fields it has: between two pieces
 * everybody else is served.
 * @param most fields.
 * @throws Failure 413 when there are more.
 */
export async function parseForm(body: Buffer, most: number): Promise<[string, string][]> {
  refuseMore(body, most);
  const form = new Fields(body);
  while (form.read(AT_ONCE)) await new Promise(setImmediate);
  return form.found;
}

function refuseMore(body: Buffer, most: number): void {
  let count = 1;
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    if (++count > most) throw new Failure(413, 'a form with too many fields');
  }
}

/** What each byte means as a digit of an escape; -1 where it is none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

class Fields {
  readonly found: [string, string][] = [];
  /** What was understood of the field at hand: never more than was read. */
  private readonly out: Buffer;
  private length = 0;
  private name: string | null = null;
  private at = 0;
  private begun = false;

  constructor(private readonly body: Buffer) {
    this.out = Buffer.allocUnsafe(body.length);
  }

  /** Goes on for so many bytes. Is there more? */
  read(bytes: number): boolean {
    const { body, out } = this;
    const end = Math.min(body.length, this.at + bytes);
    while (this.at < end) {
      const byte = body[this.at++]!;
      if (byte === AMPERSAND) {
        this.endField();
        continue;
      }
      this.begun = true;
      if (byte === EQUALS && this.name === null) this.name = this.take();
      else out[this.length++] = byte === PLUS ? SPACE : byte === PERCENT ? this.escaped() : byte;
    }
    if (this.at < body.length) return true;
    this.endField();
    return false;
  }

  /** The byte of an escape whose sign was just read; the sign itself where it begins none. */
  private escaped(): number {
    const [high, low] = [DIGITS[this.body[this.at] ?? 0]!, DIGITS[this.body[this.at + 1] ?? 0]!];
    if (high < 0 || low < 0) return PERCENT;
    this.at += 2;
    return high * 16 + low;
  }

  private endField(): void {
    if (this.begun) {
      const last = this.take();
      this.found.push(this.name === null ? [last, ''] : [this.name, last]);
    }
    this.name = null;
    this.begun = false;
  }

  private take(): string {
    const text = this.out.toString('utf8', 0, this.length);
    this.length = 0;
    return text;
  }
}
