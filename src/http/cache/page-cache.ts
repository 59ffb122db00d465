import { isTransient } from '../../stores/unavailable';
import type { CachedPage } from './cached-page';
import { keyOf, partsOf, valuesOf, type QueryParameters } from './page-address';

/** Bytes all kept pages may take together. The one longest unused goes first. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Who a finished page is for: a visitor, a member of a rank, whoever works at the desk and of that rank (with the way
 * there; a tier may have the same rank), or somebody with a session that could not be proved (the visitor's page, with
 * a word about it). Nothing more personal than that is ever on a kept page.
 */
export type CacheAudience = 'visitor' | 'unverified' | `${'member' | 'desk'} ${number}`;

/** A page as it is kept. */
interface CacheEntry {
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
  readonly known: QueryParameters;
  readonly audience: CacheAudience;
}

/**
 * Finished pages by what their path knows (page-address.ts) and audience. It answers only while changes are heard. A
 * copy that may have missed a change is stale: it is made anew as soon as changes are heard again, and until then it is
 * the last good copy, good enough only when no fresh one can be had.
 */
export class PageCache {
  private readonly pages = new Map<string, CacheEntry>();
  /** What each path with a kept page knows behind the question mark. */
  private readonly known = new Map<string, QueryParameters>();
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
  getStale(key: string, audience: 'visitor' | 'unverified'): CachedPage | null {
    return this.touch(nameOf(key, audience)) ?? this.touch(nameOf(key, 'visitor'));
  }

  /** Asked before a page is read from the database, given back when it is kept. */
  generationNow(): number {
    return this.generation;
  }

  /** @param remake for a visitor's page: how it is made anew when it has become stale. */
  put(
    { path, key, known, audience }: PageName,
    page: CachedPage,
    begun: number,
    remake: CacheEntry['remake'] = null,
  ): void {
    if (begun !== this.generation) return;
    const name = nameOf(key, audience);
    this.drop(name);
    this.known.set(path, known);
    this.store(name, { path, page, generation: begun, remake: audience === 'visitor' ? remake : null });
    this.makeRoom();
  }

  /** How many pages are kept, and the bytes they take. */
  held(): { readonly pages: number; readonly bytes: number } {
    return { pages: this.pages.size, bytes: this.bytes };
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
    // Deferred: `heard()` is true only after the listener that calls this has returned.
    queueMicrotask(() => void this.replace());
  }

  private async replace(): Promise<void> {
    while (this.missedAgain) {
      this.missedAgain = false;
      for (const [name, entry] of this.pages) {
        // Whoever hears again begins again.
        if (!this.heard()) break;
        await this.replaceOne(name, entry);
      }
    }
    this.replacing = false;
  }

  private async replaceOne(name: string, entry: CacheEntry): Promise<void> {
    const begun = this.generation;
    if (entry.generation === begun || !entry.remake) return;
    let page: CachedPage | null = null;
    try {
      page = await entry.remake();
    } catch (error) {
      // It stays a last good copy, and whoever asks for it tries again.
      if (isTransient(error)) return;
    }
    // Forgotten or made anew meanwhile, or a change came in between.
    if (this.pages.get(name) !== entry || begun !== this.generation) return;
    if (page) this.store(name, { ...entry, page, generation: begun });
    else this.drop(name);
  }

  private store(name: string, entry: CacheEntry): void {
    this.bytes += entry.page.size() - (this.pages.get(name)?.page.size() ?? 0);
    this.pages.set(name, entry);
    entry.page.onGrowth((bytes) => {
      if (this.pages.get(name)?.page !== entry.page) return;
      this.bytes += bytes;
      this.makeRoom();
    });
  }

  private makeRoom(): void {
    for (const oldest of this.pages.keys()) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
  }

  private touch(name: string): CachedPage | null {
    const entry = this.pages.get(name);
    if (!entry) return null;
    this.pages.delete(name);
    this.pages.set(name, entry);
    return entry.page;
  }

  private drop(name: string): void {
    const entry = this.pages.get(name);
    if (!entry) return;
    this.bytes -= entry.page.size();
    this.pages.delete(name);
  }
}

function nameOf(key: string, audience: CacheAudience): string {
  return `${audience} ${key}`;
}
