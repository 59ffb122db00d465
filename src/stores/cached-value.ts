import { isUnavailable } from './unavailable';

/** Milliseconds for which nobody waits for a value that could not be read again. */
const RETRY = 1_000;

/**
 * A value that is read from a store and kept in memory until a change of it is heard of. While the store does not
 * answer it is what it was.
 */
export class CachedValue<T> {
  private known: T;
  private fresh = false;
  private generation = 0;
  private notBefore = 0;
  private loading: Promise<void> | null = null;

  /** @param initial what it is until it has been read for the first time. */
  constructor(
    private readonly load: () => Promise<T>,
    initial: T,
  ) {
    this.known = initial;
  }

  /**
   * Reads it again where it may have changed; whoever waits for this sees it as it is, or as it was while the store
   * does not answer.
   */
  async refresh(): Promise<void> {
    if (this.fresh || (this.loading === null && performance.now() < this.notBefore)) return;
    this.loading ??= this.reload().finally(() => (this.loading = null));
    await this.loading;
  }

  private async reload(): Promise<void> {
    const begun = this.generation;
    try {
      this.known = await this.load();
      this.fresh = begun === this.generation;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.notBefore = performance.now() + RETRY;
    }
  }

  /** It may have changed. */
  invalidate(): void {
    this.generation++;
    this.fresh = false;
    this.notBefore = 0;
  }

  /** As it was read last. */
  get current(): T {
    return this.known;
  }
}
