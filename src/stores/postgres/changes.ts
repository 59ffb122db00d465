import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Client, type Notification } from 'pg';
import type { Logger } from '../../lib/log';
import { within } from '../../lib/wait';

/** What may have changed: anything that pages show, or one account. */
export type Change = { readonly what: 'pages' } | { readonly what: 'account'; readonly id: string };

/** Tells this process when what it keeps in memory may have become false. */
export interface Changes {
  /**
   * Has every change that was committed a second ago or earlier been heard of? Only then is what is kept in memory
   * true. It goes by no clock but this process's own, and whoever asks need not wait for a timer that is late.
   */
  heard(): boolean;
  /** Milliseconds since the heartbeat was sent that was heard last; null: none is. */
  heardAgo(): number | null;
  /** Resolves once whatever is committed by now has been heard of, and at once while nothing is. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface ChangeHandlers {
  /** Something has changed, and the change is committed. */
  changed(change: Change): void;
  /** From now on changes are heard. Whatever happened while nobody listened was missed. */
  missed(): void;
}

/** Milliseconds from the moment a heartbeat is sent for which hearing it is proof, and between two heartbeats. */
const PROOF = 1_000;
const BEAT = 400;

/**
 * Milliseconds without an answer after which a connection is given up, and before the next is opened after one that
 * failed.
 */
const PATIENCE = 2_000;
const RETRY = 500;

/** Milliseconds for a goodbye: a server that stands still does not hear it. */
const GOODBYE = 250;

/**
 * Listens to the channels of the triggers (prisma/migrations) on a connection of its own, for as long as the process
 * lives. The connection sends itself heartbeats the way changes come: Postgres hands notifications out in the order of
 * their commits, so whoever hears a heartbeat has heard whatever was committed before it was sent
 * (docs/decisions/0006). A connection that no longer hears itself is given up and another opened.
 */
export function listenForChanges(databaseUrl: string, hears: ChangeHandlers, log: Pick<Logger, 'warn'>): Changes {
  let closed = false;
  let listener: Listener | null = null;
  let timer: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    if (closed) return;
    const one = new Listener(databaseUrl, hears, (error) => lose(one, error));
    listener = one;
    try {
      await one.open();
    } catch (error) {
      lose(one, error);
    }
  };

  const lose = (one: Listener, error?: unknown) => {
    if (listener !== one) return;
    listener = null;
    void one.close();
    if (closed) return;
    log.warn({ err: error }, 'the listener for changes is gone; what is kept in memory waits until it is back');
    // One that had listened is followed by another at once: perhaps it alone is gone.
    timer = setTimeout(() => void open(), one.listened ? 0 : RETRY);
  };

  void open();
  return {
    heard: () => listener?.heard() ?? false,
    heardAgo: () => listener?.heardAgo() ?? null,
    caughtUp: () => listener?.caughtUp() ?? Promise.resolve(),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const one = listener;
      listener = null;
      await one?.close();
    },
  };
}

/** One connection that listens, and its heartbeat. */
class Listener {
  /** Has it ever heard anything? */
  listened = false;
  private readonly client: Client;
  /** Of this connection alone: those of other processes are not sent to it. */
  private readonly channel = `dossier_beat_${randomBytes(8).toString('hex')}`;
  private beats = 0;
  /** Is the last one still to be heard? */
  private waits = false;
  private sentAt = 0;
  private provedUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  /** Who waits for which heartbeat. */
  private waiting: { readonly beat: number; readonly heard: () => void }[] = [];

  constructor(
    databaseUrl: string,
    private readonly hears: ChangeHandlers,
    private readonly lost: (error?: unknown) => void,
  ) {
    this.client = new Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: PATIENCE,
      keepAlive: true,
      application_name: 'dossier listener',
      // A heartbeat need not be on the disk, and must not keep those who notify of changes waiting for it.
      options: '-c synchronous_commit=off',
    });
    this.client.on('error', lost);
    this.client.on('end', () => lost());
    this.client.on('notification', (notification) => this.take(notification));
  }

  heard(): boolean {
    return performance.now() < this.provedUntil;
  }

  heardAgo(): number | null {
    return this.provedUntil === 0 ? null : performance.now() - (this.provedUntil - PROOF);
  }

  caughtUp(): Promise<void> {
    if (!this.heard()) return Promise.resolve();
    return new Promise((heard) => {
      this.waiting.push({ beat: this.beats + 1, heard });
      if (!this.waits) this.beat();
    });
  }

  /** @throws when it cannot be connected. */
  async open(): Promise<void> {
    await this.client.connect();
    // From here on the patience is this class's own: one of the driver's would run out after a pause of this process.
    this.expect();
    await this.client.query(`LISTEN dossier_pages; LISTEN dossier_accounts; LISTEN ${this.channel}`);
    if (this.closed) return;
    this.listened = true;
    this.hears.missed();
    this.proved();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.provedUntil = 0;
    clearTimeout(this.timer);
    for (const { heard } of this.waiting.splice(0)) heard();
    this.client.removeAllListeners('notification');
    await within(
      GOODBYE,
      this.client.end().catch(() => undefined),
    );
    // The driver waits for the other side to hang up, however long (pg 8.23.1, `Client.end`).
    (this.client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
  }

  private take({ channel, payload = '' }: Notification): void {
    if (channel !== this.channel) this.hears.changed(changeOf(channel, payload));
    else if (this.waits && payload === String(this.beats)) this.proved();
  }

  /** What was sent last has been heard, and with it whatever was committed before. */
  private proved(): void {
    this.waits = false;
    this.provedUntil = this.sentAt + PROOF;
    clearTimeout(this.timer);
    // One that comes too late proves nothing any more, which is no fault of the connection when this process stood
    // still.
    this.timer = setTimeout(() => this.beat(), this.heard() ? BEAT : 0);
    const waiting = this.waiting.splice(0);
    for (const one of waiting) {
      if (one.beat <= this.beats) one.heard();
      else this.waiting.push(one);
    }
    if (this.waiting.length > 0) this.beat();
  }

  private beat(): void {
    this.beats++;
    this.expect();
    this.client.query(`NOTIFY ${this.channel}, '${this.beats}'`).catch((error: unknown) => this.lost(error));
  }

  private expect(): void {
    const { beats } = this;
    this.sentAt = performance.now();
    this.waits = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // This process itself may have stood still: what lies there to be read comes first.
      setImmediate(() => {
        if (this.waits && this.beats === beats && !this.closed) this.lost(new Error('the heartbeat is not heard'));
      });
    }, PATIENCE);
  }
}

function changeOf(channel: string, payload: string): Change {
  if (channel === 'dossier_accounts') return { what: 'account', id: payload };
  return { what: 'pages' };
}
