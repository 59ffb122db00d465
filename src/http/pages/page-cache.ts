import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { isTransient } from '../../stores/unavailable';
import { keyOf, partsOf, valuesOf, type Knows } from './page-address';

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
 * Who a finished page is for: a visitor, a member of a rank, whoever works at the desk and of that rank (with the way
 * there; a tier may have the same rank), or somebody with a session that could not be proved (the visitor's page, with
 * a word about it). Nothing more personal than that is ever on a kept page.
 */
export type CacheAudience = 'visitor' | 'unproved' | `${'member' | 'desk'} ${number}`;

/** A page as it is kept. */
interface Kept {
  readonly path: string;
  readonly page: CachedPage;
  /** That of the store when it was read: with another one it is stale. */
  readonly generation: number;
  /** Makes it anew, for a visitor; null when there is no such page any more. */
  readonly remake: (() => Promise<CachedPage | null>) | null;
}

/** Under which name a page is kept, and what its path knows. */
export interface PageName {
  readonly path: string;
  readonly key: string;
  readonly known: Knows;
  readonly audience: CacheAudience;
}

/**
 * Finished pages by what their path knows (page-address.ts) and audience. It answers only while changes are heard. A
 * copy that may have missed a change is stale: it is made anew as soon as changes are heard again, and until then it is
 * the last good copy, good enough only when no fresh one can be had.
 */
export class PageCache {
  private readonly pages = new Map<string, Kept>();
  /** What each path with a kept page knows behind the question mark. */
  private readonly known = new Map<string, Knows>();
  private bytes = 0;
  /** Counts what may have changed pages: one begun before and finished after is not kept. */
  private generation = 0;
  private replacing = false;
  private missedAgain = false;

  /** @param heard says whether every change of a second ago and earlier has been heard of. */
  constructor(readonly heard: () => boolean) {}

  /** The page of a request's target that is true now, or null. */
  find(target: string, audience: CacheAudience): CachedPage | null {
    if (!this.heard()) return null;
    const { path, query } = partsOf(target);
    const known = this.known.get(path);
    const values = known && valuesOf(known, query);
    return values ? this.get(keyOf(path, values), audience) : null;
  }

  /** The same, by the page's key. */
  get(key: string, audience: CacheAudience): CachedPage | null {
    if (!this.heard()) return null;
    const name = nameOf(key, audience);
    return this.pages.get(name)?.generation === this.generation ? this.touch(name) : null;
  }

  /** A public page that was true when it was last heard of, for when the stores do not answer. */
  getStale(key: string, audience: 'visitor' | 'unproved'): CachedPage | null {
    return this.touch(nameOf(key, audience)) ?? this.touch(nameOf(key, 'visitor'));
  }

  /** Asked before a page is read from the database, given back when it is kept. */
  generationNow(): number {
    return this.generation;
  }

  /** @param remake for a visitor's page: how it is made anew when it has become stale. */
  put({ path, key, known, audience }: PageName, page: CachedPage, begun: number, remake: Kept['remake'] = null): void {
    if (begun !== this.generation) return;
    const name = nameOf(key, audience);
    this.drop(name);
    this.known.set(path, known);
    this.store(name, { path, page, generation: begun, remake: audience === 'visitor' ? remake : null });
    for (const oldest of this.pages.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  /** Something shown has changed: nothing kept is good any more, not even as a last copy. */
  invalidate(): void {
    this.generation++;
    this.pages.clear();
    this.known.clear();
    this.bytes = 0;
  }

  /**
   * Changes may have been missed: what is kept is stale. Visitors' pages stay as last good copies until each has been
   * made anew, one after the other; the others are no last copy of anything.
   */
  missed(): void {
    this.generation++;
    for (const [name, { remake }] of this.pages) if (!remake) this.drop(name);
    this.missedAgain = true;
    if (this.replacing) return;
    this.replacing = true;
    // Whoever says that changes are heard again says so in a moment.
    queueMicrotask(() => void this.replace());
  }

  private async replace(): Promise<void> {
    while (this.missedAgain) {
      this.missedAgain = false;
      for (const [name, kept] of this.pages) {
        // Whoever hears again begins again.
        if (!this.heard()) break;
        await this.replaceOne(name, kept);
      }
    }
    this.replacing = false;
  }

  private async replaceOne(name: string, kept: Kept): Promise<void> {
    const begun = this.generation;
    if (kept.generation === begun || !kept.remake) return;
    let page: CachedPage | null = null;
    try {
      page = await kept.remake();
    } catch (error) {
      // It stays a last good copy, and whoever asks for it tries again.
      if (isTransient(error)) return;
    }
    // Forgotten or made anew meanwhile, or a change came in between.
    if (this.pages.get(name) !== kept || begun !== this.generation) return;
    if (page) this.store(name, { ...kept, page, generation: begun });
    else this.drop(name);
  }

  private store(name: string, kept: Kept): void {
    this.bytes += size(kept.page) - size(this.pages.get(name)?.page);
    this.pages.set(name, kept);
  }

  private touch(name: string): CachedPage | null {
    const kept = this.pages.get(name);
    if (!kept) return null;
    this.pages.delete(name);
    this.pages.set(name, kept);
    return kept.page;
  }

  private drop(name: string): void {
    const kept = this.pages.get(name);
    if (!kept) return;
    this.bytes -= size(kept.page);
    this.pages.delete(name);
  }
}

function nameOf(key: string, audience: CacheAudience): string {
  return `${audience} ${key}`;
}

function size(page: CachedPage | undefined): number {
  return page ? page.plain.length + page.gzip.length + page.brotli.length + 1024 : 0;
}
