import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commandOf, folderOf } from '../../../lib/processes';
import { waitFor } from '../../../lib/wait';
import { readIfThere } from './private-file';

/** What a running Postgres says of itself in its folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none or it is being written. */
export function postmasterIn(cluster: string): Postmaster | undefined {
  const lines = readIfThere(path.join(cluster, 'postmaster.pid'))?.split('\n') ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return Number.isInteger(pid) && pid > 0 ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Ends a Postgres that has outlived the process that started it, and clears what it left. Its pid may have gone to a
 * stranger since: a process is ours only if its command line says so.
 * @throws when it does not end.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const found = postmasterIn(cluster);
  if (found && isOurs(found.pid, cluster)) {
    for (const [signal, patience] of [
      ['SIGINT', 2_000],
      ['SIGQUIT', 6_000],
      ['SIGKILL', 1_000],
    ] as const) {
      process.kill(found.pid, signal);
      if (await waitFor(() => !isOurs(found.pid, cluster), patience)) break;
    }
    if (isOurs(found.pid, cluster))
      throw new Error(`the Postgres left over from an earlier run (process ${found.pid}) does not end`);
  }
  // Postgres refuses to start while the file names any living process, its own or not.
  rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
}

function isOurs(pid: number, cluster: string): boolean {
  const command = commandOf(pid) ?? '';
  // A folder that was moved under it keeps its old name in the command line, not in where the process stands.
  return command.includes(`postgres -D ${cluster} `) || (command.includes('postgres -D ') && folderOf(pid) === cluster);
}

/** The end of a log, for a message. */
export function lastWords(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n');
}
