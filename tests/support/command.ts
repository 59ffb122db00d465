import { spawn } from 'node:child_process';
import { root } from '../../src/lib/root';

/** What a command has said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Runs `npm run <name> -- …` as its script does: in a process of its own, which takes a second to be there. */
export const spawned = (name: string, args: readonly string[], env: Env, input?: string): Promise<Ended> =>
  script('run', [name, ...args], env, input);

/** Runs one of the scripts to its end. @param input what is piped into it */
export function script(name: string, args: readonly string[], env: Env, input?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`scripts/${name}.mjs`, ...args], { cwd: root, env });
    let [out, err] = ['', ''];
    if (input !== undefined) child.stdin.end(input);
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** What a command listens to; of a process that runs many, Node says so on the standard error of one of them. */
const LISTENED: readonly (readonly [NodeJS.EventEmitter, string])[] = [
  ...['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'].map(
    (event) => [process as NodeJS.EventEmitter, event] as const,
  ),
  [process.stdout, 'error'],
  [process.stderr, 'error'],
];

/**
 * Runs the same command in this process, on sources of its own: with these arguments and this environment, until it
 * would end the process. One at a time.
 */
export async function ran(name: string, args: readonly string[], env: Env): Promise<Ended> {
  const before = { env: process.env, argv: process.argv };
  const listeners = LISTENED.map(([to, event]) => ({ to, event, kept: to.rawListeners(event) }));
  let [out, err] = ['', ''];
  const spies: { mockRestore(): void }[] = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += text.toString();
      return true;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += text.toString();
      return true;
    }),
  ];
  try {
    process.env = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    process.argv = [process.execPath, name, ...args];
    const code = await new Promise<number>((resolve) => {
      spies.push(jest.spyOn(process, 'exit').mockImplementation(((as: number) => resolve(as)) as never));
      jest.isolateModules(() => jest.requireActual(`../../src/cli/${name}`));
    });
    return { code, out, err };
  } finally {
    for (const spy of spies) spy.mockRestore();
    Object.assign(process, before);
    for (const { to, event, kept } of listeners)
      for (const listener of to.rawListeners(event))
        if (!kept.includes(listener)) to.off(event, listener as () => void);
  }
}
