import { Client } from 'pg';
import type { Logger } from '../../lib/log';

/** What may have changed: anything that pages show, one account, or the letters to be sent. */
export type Change =
  { readonly what: 'pages' } | { readonly what: 'account'; readonly id: string } | { readonly what: 'letters' };

/** Tells this process when what it keeps in memory may have become false. */
export interface Changes {
  close(): Promise<void>;
}

export interface ChangeHandlers {
  /** Something has changed, and the change is committed. */
  changed(change: Change): void;
  /** From now on changes are heard. Whatever happened while nobody listened was missed. */
  listening(): void;
  /** Changes are no longer heard. */
  lost(): void;
}

/** Milliseconds between two questions whether the listening connection still lives, and to wait for its answer. */
const HEARTBEAT = 5_000;
const PATIENCE = 2_000;
const RETRY = 500;

/**
 * Listens to the channels of the triggers (prisma/migrations) on a connection of its own, for as long as the
 * process lives. A dead or frozen connection is noticed by a heartbeat and opened again.
 */
export function listenForChanges(databaseUrl: string, hears: ChangeHandlers, log: Pick<Logger, 'warn'>): Changes {
  let closed = false;
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  const lose = (one: Client, error?: unknown) => {
    if (client !== one) return;
    client = null;
    clearTimeout(timer);
    one.removeAllListeners('notification');
    void one.end().catch(() => undefined);
    if (closed) return;
    log.warn({ err: error }, 'the listener for changes is gone; what is kept in memory waits until it is back');
    hears.lost();
    timer = setTimeout(() => void open(), RETRY);
  };

  const beat = (one: Client) => {
    timer = setTimeout(() => {
      one.query('SELECT 1').then(
        () => {
          if (client === one) beat(one);
        },
        (error: unknown) => lose(one, error),
      );
    }, HEARTBEAT);
  };

  const open = async (): Promise<void> => {
    if (closed) return;
    const one = new Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
      application_name: 'dossier listener',
    });
    client = one;
    one.on('error', (error) => lose(one, error));
    one.on('end', () => lose(one));
    one.on('notification', ({ channel, payload = '' }) => hears.changed(changeOf(channel, payload)));
    try {
      await one.connect();
      await one.query('LISTEN dossier_pages; LISTEN dossier_accounts; LISTEN dossier_letters');
      if (client !== one) return;
      hears.listening();
      beat(one);
    } catch (error) {
      lose(one, error);
    }
  };

  void open();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const one = client;
      client = null;
      await one?.end().catch(() => undefined);
    },
  };
}

function changeOf(channel: string, payload: string): Change {
  if (channel === 'dossier_accounts') return { what: 'account', id: payload };
  return { what: channel === 'dossier_letters' ? 'letters' : 'pages' };
}
