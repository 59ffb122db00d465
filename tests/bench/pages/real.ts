import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from '../../../src/lib/root';

/** The built program, as an operator runs it in production, on stores that are there. */
export interface Real {
  readonly child: ChildProcess;
  readonly port: number;
  /** From its start to the last byte of its first page. */
  readonly seconds: number;
  /** Milliseconds of processor time so far. */
  cpu(): Promise<number>;
  /** Megabytes it holds now, as the system counts them. */
  memory(): number;
  stop(): Promise<void>;
}

/** Milliseconds in which it must have answered. */
const PATIENCE = 60_000;
/** Ticks of a second in which Linux counts processor time (`getconf CLK_TCK`). */
const TICKS = 100;

export async function startReal(databaseUrl: string, redisPort: number): Promise<Real> {
  // Built before it is measured: an image is.
  const built = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('it could not be built');
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'dist/main.js')], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment(databaseUrl, redisPort, port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await firstPage(child, `http://127.0.0.1:${port}/`, begun + PATIENCE);
  const seconds = (performance.now() - begun) / 1_000;
  return {
    ...{ child, port, seconds },
    cpu: () => Promise.resolve(processorTime(child.pid!)),
    memory: () => {
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))!;
      return Math.round(Number(kilobytes) / 1_024);
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const environment = (databaseUrl: string, redisPort: number, port: number) => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'fatal',
  DATABASE_URL: databaseUrl,
  REDIS_URL: `redis://127.0.0.1:${redisPort}`,
  SESSION_SECRET: 'of the benchmark and of nothing else',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'letters@publisher.example',
  STRIPE_SECRET_KEY: 'sk_test_0123456789',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  PORT: String(port),
});

function processorTime(pid: number): number {
  // After the name in brackets (proc(5)): user and system time are the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
}

async function firstPage(child: ChildProcess, url: string, deadline: number): Promise<void> {
  while (performance.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    await answer?.text();
    // The port is open before the program is: it says 503 until then.
    if (answer && answer.status !== 503) return expect(answer.status).toBe(200);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  throw new Error('it did not answer');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
