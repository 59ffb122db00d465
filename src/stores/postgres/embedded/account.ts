import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { Refusal } from '../../../lib/refusal';

/** The account Postgres runs as; empty when it is the one we run as ourselves. */
export interface Account {
  readonly name?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** What a process of Postgres sees of ours: nothing of the environment, a folder every account may stand in. */
export const PLAIN = { cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' } } as const;

/**
 * Postgres refuses to run as root. Root therefore lends it the account that owns `cluster` already, or else one that
 * every system has; no account is ever created.
 * @throws Refusal when root finds none.
 */
export function accountFor(cluster: string): Account {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: nameOf(owner.uid), uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new Refusal(
    'Postgres refuses to run as root, and this system has neither an account "postgres" nor "nobody" it could ' +
      'use. Start Dossier as an ordinary user.',
  );
}

/** The part of `spawn`'s options that makes the child run as the account. */
export function runningAs({ uid, gid }: Account): { uid?: number; gid?: number } {
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

/** Can the account do that? Tried for real, because rights along a path are more than bits of its end. */
export function can(account: Account, command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { ...PLAIN, ...runningAs(account), stdio: 'ignore' }).status === 0;
}

/** Can the account enter the folder? */
export function canEnter(account: Account, folder: string): boolean {
  return can(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
}

function nameOf(uid: number): string {
  return spawnSync('id', ['-un', String(uid)], { ...PLAIN, encoding: 'utf8' }).stdout.trim() || String(uid);
}

function idOf(name: string, flag: '-u' | '-g'): number | undefined {
  const answer = spawnSync('id', [flag, name], { ...PLAIN, encoding: 'utf8' });
  // Node takes ids as signed numbers; the nobody of macOS is -2 and is printed as 4294967294.
  return answer.status === 0 ? Number(answer.stdout.trim()) | 0 : undefined;
}
