import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** A finished page, in every encoding it is served in. */
export interface CachedPage {
  readonly headers: OutgoingHttpHeaders;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
  /** Does it stand before a gate? Then a member who cannot be proved has not been served by it. */
  readonly gated: boolean;
  /** Is told of whoever is sent it, for whoever counts. */
  readonly sent: ((req: IncomingMessage) => void) | null;
}

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Finishes a page: compressed once, off the event loop, with a validator made of its own bytes. */
export async function buildCachedPage(
  html: string,
  headers: OutgoingHttpHeaders,
  gated = false,
  sent: CachedPage['sent'] = null,
): Promise<CachedPage> {
  const plain = Buffer.from(html);
  const [zipped, brotli] = await Promise.all([
    compressGzip(plain),
    compressBrotli(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }),
  ]);
  return {
    headers,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: zipped,
    brotli,
    gated,
    sent,
  };
}

/** Bytes all kept pages may take together. The one longest unused goes first. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Who a finished page is for: a visitor, a member of a rank, whoever works at the desk and of that rank (with the way there; a
 * tier may have the same rank), or somebody with a session that could not be proved (the visitor's page, with a word about
 * it). Nothing more personal than that is ever on a kept page.
 */
export type Audience = 'visitor' | 'unproved' | `${'member' | 'desk'} ${number}`;

/**
 * Finished pages by address and audience. It answers only while changes are heard; what it kept longer than that is
 * the last good copy, good enough only when no fresh one can be had.
 */
export class PageCache {
  private readonly pages = new Map<string, CachedPage>();
  private bytes = 0;
  private fresh = false;
  /** Counts changes: a page begun before a change and finished after it must not be kept. */
  private generation = 0;

  /** A page that is true now, or null. */
  get(address: string, audience: Audience): CachedPage | null {
    return this.fresh ? this.touch(key(address, audience)) : null;
  }

  /** A public page that was true when it was last heard of, for when the stores do not answer. */
  getStale(address: string, audience: 'visitor' | 'unproved'): CachedPage | null {
    return this.touch(key(address, audience)) ?? this.touch(key(address, 'visitor'));
  }

  /** Asked before a page is read from the database, given back when it is kept. */
  generationNow(): number {
    return this.generation;
  }

  put(address: string, audience: Audience, page: CachedPage, begun: number): void {
    if (begun !== this.generation || !this.fresh) return;
    const name = key(address, audience);
    this.drop(name);
    this.pages.set(name, page);
    this.bytes += size(page);
    for (const oldest of this.pages.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  /** Something shown has changed: nothing kept is good any more, not even as a last copy. */
  invalidate(): void {
    this.generation++;
    this.pages.clear();
    this.bytes = 0;
  }

  /** Changes are heard from now on; what happened before was missed, so everything begins anew. */
  markFresh(): void {
    this.invalidate();
    this.fresh = true;
  }

  /** Changes are no longer heard. */
  markStale(): void {
    this.generation++;
    this.fresh = false;
  }

  private touch(name: string): CachedPage | null {
    const page = this.pages.get(name);
    if (!page) return null;
    this.pages.delete(name);
    this.pages.set(name, page);
    return page;
  }

  private drop(name: string): void {
    const page = this.pages.get(name);
    if (!page) return;
    this.bytes -= size(page);
    this.pages.delete(name);
  }
}

function key(address: string, audience: Audience): string {
  return `${audience} ${address}`;
}

function size(page: CachedPage): number {
  return page.plain.length + page.gzip.length + page.brotli.length + 1024;
}
