import type { Logger } from '../../lib/log';
import type { Wall } from '../../stores/postgres/wall';
import { ALONE, writeRows, type Piece, type Places, type Row } from './rows';

/** Writes what changes into the database, in the order it changed, as it was when it changed. */
export interface Saver {
  /**
   * These parts changed together: they are written in one transaction, together with what was added before them.
   * @param lazily it may wait a moment for more.
   */
  add(pieces: readonly Piece[], lazily?: boolean): void;
  /** What has been added until now: for `saved`, later. */
  mark(): number;
  /**
   * Resolves when everything added until now, or until the mark, is written.
   * @throws when the database does not take it; it is tried again.
   */
  saved(mark?: number): Promise<void>;
  /** Writes what is left and no more after that. @throws when the database does not take it. */
  close(): Promise<void>;
}

/** Milliseconds until a database that did not take the rows is asked again, and that what may wait is waited for. */
const AGAIN = 1_000;
const SOON = 100;

/** Rows and bytes of text in one transaction at most; what changed together may be more. */
const MOST_ROWS = 2_000;
const MOST_BYTES = 8_000_000;

interface Waiting {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (why: unknown) => void;
}

/** @param places where the parts that are stored stand; of what is no list, the id is empty. */
export function openSaver(wall: Wall, places: Places, log: Pick<Logger, 'error'>): Saver {
  return new QueuedSaver(wall, places, log);
}

class QueuedSaver implements Saver {
  private queue: (readonly Piece[])[] = [];
  private added = 0;
  private written = 0;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly wall: Wall,
    private readonly places: Places,
    private readonly log: Pick<Logger, 'error'>,
  ) {}

  add(pieces: readonly Piece[], lazily = false): void {
    if (pieces.length === 0 || this.closed) return;
    this.queue.push(pieces);
    this.added++;
    if (!lazily) this.begin();
    else if (!this.writing) this.later(SOON);
  }

  mark(): number {
    return this.added;
  }

  saved(mark = this.added): Promise<void> {
    if (this.written >= mark) return Promise.resolve();
    const saved = new Promise<void>((resolve, reject) => this.waiting.push({ upTo: mark, resolve, reject }));
    this.begin();
    return saved;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.saved();
    this.closed = true;
  }

  private begin(): void {
    if (this.writing) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    // In a moment, so that what changes meanwhile goes with it.
    const writing = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.drain());
    this.writing = writing.finally(() => {
      this.writing = null;
      if (this.queue.length > 0 && !this.timer && !this.closed) this.later(this.waiting.length > 0 ? 0 : SOON);
    });
  }

  private later(milliseconds: number): void {
    if (this.timer || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.begin();
    }, milliseconds).unref();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const count = howMany(this.queue);
      const pieces = lastOf(this.queue.slice(0, count));
      try {
        await writeRows(this.wall, this.rowsOf(pieces));
      } catch (error) {
        this.failed(error);
        return;
      }
      this.queue.splice(0, count);
      for (const { kind, id, text } of pieces) if (text === null) this.places.drop(kind, id);
      this.written += count;
      const done = this.waiting.filter(({ upTo }) => upTo <= this.written);
      this.waiting = this.waiting.filter(({ upTo }) => upTo > this.written);
      for (const { resolve } of done) resolve();
    }
  }

  private failed(error: unknown): void {
    this.log.error({ err: error }, 'the sandbox could not be saved');
    for (const { reject } of this.waiting.splice(0)) reject(error);
    this.later(AGAIN);
  }

  private rowsOf(pieces: readonly Piece[]): Row[] {
    return pieces.flatMap(({ kind, id, text }) => {
      if (id === '') return [{ kind, place: ALONE, text }];
      const place = text === null ? this.places.find(kind, id) : this.places.of(kind, id);
      return place === undefined ? [] : [{ kind, place, text }];
    });
  }
}

/** Of what changed several times, as it was last. */
function lastOf(batch: readonly (readonly Piece[])[]): Piece[] {
  const last = new Map<string, Piece>();
  for (const piece of batch.flat()) last.set(`${piece.kind} ${piece.id}`, piece);
  return [...last.values()];
}

/** How many of the first go in one transaction. */
function howMany(queue: readonly (readonly Piece[])[]): number {
  let rows = 0;
  let bytes = 0;
  let count = 0;
  for (const pieces of queue) {
    rows += pieces.length;
    bytes += pieces.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
    if (count > 0 && (rows > MOST_ROWS || bytes > MOST_BYTES)) break;
    count++;
  }
  return count;
}
