import http from 'node:http';
import { once } from 'node:events';

/** What readers met who asked again and again, each over a connection that is kept open. */
export interface Met {
  answered: number;
  /** Asked again over a new connection, as browsers do: the old one ended before anything was answered. */
  again: number;
  /** Reset after bytes were read, 500 and above, and connections that were refused or ended at their first request. */
  readonly failed: string[];
  /** Connections that ended without a word while their process was killed. */
  readonly ofKilled: string[];
}

/** Readers who go on until they are stopped. */
export interface Load {
  readonly met: Met;
  /** From now on what ends with this process is its own. */
  killing(pid: number): void;
  stop(): Promise<Met>;
}

/** So many readers, each asking and then at once again; every answer says which process gave it. */
export function startLoad(url: string, readers: number): Load {
  const met: Met = { answered: 0, again: 0, failed: [], ofKilled: [] };
  const killed = new Set<number>();
  let stopped = false;
  const all = Array.from({ length: readers }, async () => {
    // One connection each, so that it is known whose it is.
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let pid: number | null = null;
    while (!stopped) {
      let read = 0;
      const asked = http.get(`${url}/who/slowly`, { agent });
      try {
        const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
        if (!asked.reusedSocket) pid = null;
        read = 1;
        const text = (await answer.toArray()).join('');
        if (answer.statusCode !== 200) met.failed.push(`${answer.statusCode ?? 'nothing'}`);
        else ({ pid } = JSON.parse(text) as { pid: number });
        met.answered++;
      } catch (error) {
        const { code = 'unknown' } = error as NodeJS.ErrnoException;
        const what = `${code} ${read > 0 ? 'while read' : asked.reusedSocket ? 'kept' : 'new'}`;
        if (pid !== null && killed.has(pid)) met.ofKilled.push(what);
        else if (read === 0 && asked.reusedSocket) met.again++;
        else met.failed.push(what);
        pid = null;
      }
    }
    agent.destroy();
  });
  return {
    met,
    killing: (pid) => void killed.add(pid),
    stop: async () => {
      stopped = true;
      await Promise.all(all);
      return met;
    },
  };
}
