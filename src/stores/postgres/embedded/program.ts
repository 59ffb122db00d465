import { spawn } from 'node:child_process';
import { type Account, PLAIN, runningAs } from './account';

/** How to run a program of Postgres to its end. */
export interface Run {
  readonly account: Account;
  /** Given to its standard input. */
  readonly input?: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program until it and all it has started are done.
 * @throws with what it said, when it fails or is ended early.
 */
export function run(command: string, args: readonly string[], { account, input = '', signal }: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...PLAIN, ...runningAs(account), signal, stdio: ['pipe', 'ignore', 'pipe'] });
    let failure: Error | undefined;
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => (failure = error));
    // "close" and not "exit": it waits for grandchildren too, who hold the same pipe.
    child.on('close', (code, killedBy) => {
      if (code === 0 && !failure) resolve();
      else
        reject(
          new Error(`${command} ended with ${killedBy ?? code ?? 'nothing'}: ${output.trim().slice(-2_000)}`, {
            cause: failure,
          }),
        );
    });
    // A program that ends early closes its input; why it ended is what "close" reports.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
