import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** How a page's bytes are sent. */
export type Form = 'brotli' | 'gzip' | 'plain';

/** A page in one encoding: its headers, names and values in turn, as `writeHead` takes them fastest, and its bytes. */
export interface Encoded {
  readonly head: string[];
  readonly bytes: Buffer;
}

/** A finished page. */
export interface CachedPage {
  readonly headers: OutgoingHttpHeaders;
  readonly etag: string;
  readonly plain: Buffer;
  /** The headers of a 304. */
  readonly notModified: string[];
  /** Does it stand before a gate? Then a member who cannot be proved has not been served by it. */
  readonly gated: boolean;
  /** Is told of whoever is sent it, for whoever counts. */
  readonly sent: ((req: IncomingMessage) => void) | null;
  /** In that encoding: compressed once, off the event loop, when somebody asks for it first. */
  in(form: Form): Encoded | Promise<Encoded>;
  /** Bytes it takes in memory now. */
  size(): number;
  /** Calls back when it has come to take so many bytes more. */
  onGrowth(grown: (bytes: number) => void): void;
}

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

const compress = {
  gzip: (plain: Buffer) => compressGzip(plain),
  brotli: (plain: Buffer) =>
    compressBrotli(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }),
};

const NAMES = { gzip: 'gzip', brotli: 'br' } as const;

/** Bytes of what is kept of a page besides its texts, roughly. */
const AROUND = 1_024;

/** Finishes a page, with a validator made of its own bytes. */
export function buildCachedPage(
  html: string,
  headers: OutgoingHttpHeaders,
  gated = false,
  sent: CachedPage['sent'] = null,
): CachedPage {
  const plain = Buffer.from(html);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const all: OutgoingHttpHeaders = { ...headers, etag };
  const { 'content-type': type, ...others } = all;
  const rest = rawHeaders(others);
  const whole = [...rawHeaders({ 'content-type': type }), ...rest];
  const forms = new Map<Form, Encoded | Promise<Encoded>>([
    ['plain', { head: [...whole, 'Content-Length', String(plain.length)], bytes: plain }],
  ]);
  let bytes = plain.length + AROUND;
  let grown = (_bytes: number): void => undefined;

  const make = async (form: 'gzip' | 'brotli'): Promise<Encoded> => {
    const made = await compress[form](plain);
    const length = ['Content-Encoding', NAMES[form], 'Content-Length', String(made.length)];
    const encoded: Encoded = { head: [...whole, ...length], bytes: made };
    forms.set(form, encoded);
    bytes += made.length;
    grown(made.length);
    return encoded;
  };
  return {
    ...{ headers, etag, plain, notModified: rest, gated, sent },
    in: (form) => {
      const known = forms.get(form);
      if (known || form === 'plain') return known ?? forms.get('plain')!;
      const making = make(form).catch(() => forms.get('plain')!);
      forms.set(form, making);
      return making;
    },
    size: () => bytes,
    onGrowth: (callback) => (grown = callback),
  };
}

const rawHeaders = (headers: OutgoingHttpHeaders): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, String(one)]),
  );
