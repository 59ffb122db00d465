import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * When that process began, as an opaque text: the same process always answers the same, a later one with the same
 * id answers differently, also after a reboot. Undefined when there is no such process, or it has ended and only
 * waits to be collected.
 */
export function birthOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ask(pid, 'lstart');
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name, in parentheses, may hold anything; after it the fields are plain: state is the first, start the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${(read('/proc/sys/kernel/random/boot_id') ?? '').trim()} ${fields[19] ?? ''}`;
}

/** The command line of a living process, its words separated by spaces; undefined when there is none to see. */
export function commandOf(pid: number): string | undefined {
  if (birthOf(pid) === undefined) return undefined;
  if (process.platform !== 'linux') return ask(pid, 'command');
  const words = read(`/proc/${pid}/cmdline`)?.split('\0').join(' ').trim();
  return words === '' ? undefined : words;
}

/** The folder a living process stands in; undefined when the system does not tell. */
export function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ask(pid: number, column: 'lstart' | 'command'): string | undefined {
  try {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    const answer = execFileSync('ps', ['-ww', '-o', 'state=', '-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state = '', ...rest] = answer.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : rest.join(' ');
  } catch {
    return undefined;
  }
}
