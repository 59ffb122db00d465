/** What a file's bytes are read as. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const LINE_FEED = 0x0a;

/** By its mark, or by the zeros that every other byte is in a text of Latin letters (Unicode 16, 23.8). */
export function encodingOf(head: Uint8Array): Encoding {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const some = head.subarray(0, 200);
  const zeros = (from: number) => some.filter((byte, at) => at % 2 === from && byte === 0).length;
  if (zeros(1) > some.length / 4 && zeros(0) === 0) return 'utf-16le';
  return zeros(0) > some.length / 4 && zeros(1) === 0 ? 'utf-16be' : 'utf-8';
}

/**
 * The text of a file, as it comes. What is no UTF-8 is read as Windows-1252, which holds Latin-1, line by line: a file
 * put together from both is read too.
 */
export async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: { take(part: Uint8Array): string; end(): string } | null = null;
  let head = Buffer.alloc(0);
  for await (const part of bytes) {
    if (decoder) {
      yield decoder.take(part);
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.length < 4) continue;
    decoder = decoderOf(head);
    yield decoder.take(head);
  }
  if (!decoder) {
    decoder = decoderOf(head);
    yield decoder.take(head);
  }
  yield decoder.end();
}

function decoderOf(head: Uint8Array) {
  const encoding = encodingOf(head);
  if (encoding === 'utf-8') return byLine();
  const decoder = new TextDecoder(encoding);
  return {
    take: (part: Uint8Array) => decoder.decode(part, { stream: true }),
    end: () => decoder.decode(),
  };
}

function byLine() {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const western = new TextDecoder('windows-1252');
  let rest = Buffer.alloc(0);
  const read = (line: Uint8Array): string => {
    try {
      return strict.decode(line);
    } catch {
      return western.decode(line);
    }
  };
  /** Whole lines at once where they are all of one kind. */
  const readAll = (lines: Buffer): string => {
    try {
      return strict.decode(lines);
    } catch {
      const parts: string[] = [];
      for (let from = 0; from < lines.length;) {
        const end = lines.indexOf(LINE_FEED, from);
        const to = end < 0 ? lines.length : end + 1;
        parts.push(read(lines.subarray(from, to)));
        from = to;
      }
      return parts.join('');
    }
  };
  return {
    take: (part: Uint8Array) => {
      const all = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
      const last = all.lastIndexOf(LINE_FEED);
      // A line without an end is not kept for ever: what follows is read by itself.
      const to = last < 0 && all.length > 1_048_576 ? all.length : last + 1;
      rest = all.subarray(to);
      return to === 0 ? '' : readAll(all.subarray(0, to));
    },
    end: () => readAll(rest),
  };
}
