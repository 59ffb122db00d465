import { Client } from 'pg';

/** Milliseconds a server gets to say that it is there: who asks stands before somebody who waits for a page. */
const PATIENCE = 500;

/** Milliseconds for which an answer stands for the next who ask. */
const LASTS = 250;

/**
 * Asks whether Postgres answers, over a connection of its own that is opened for it: one that is frozen says nothing of
 * the others. Many who ask at once, and shortly after one another, are told the same.
 */
export function openProbe(databaseUrl: string): () => Promise<boolean> {
  let answer: { readonly until: number; readonly it: Promise<boolean> } | null = null;
  return () => {
    if (answer && performance.now() < answer.until) return answer.it;
    const it = ask(databaseUrl);
    const own = { until: Infinity, it };
    answer = own;
    void it.then(() => {
      if (answer === own) answer = { until: performance.now() + LASTS, it };
    });
    return it;
  };
}

async function ask(databaseUrl: string): Promise<boolean> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
    application_name: 'dossier probe',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    // No connection is left, says somebody who answers.
    return (error as { readonly code?: unknown }).code === '53300';
  } finally {
    void client.end().catch(() => undefined);
  }
}
