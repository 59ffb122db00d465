import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import Redis from 'ioredis';
import { pino } from 'pino';
import { openRedis } from '../../src/stores/redis';
import { until } from './until';

/** A Redis of a test's own, which may be killed and frozen. */
export interface TestRedis {
  readonly client: Redis;
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Is there a `redis-server` on this machine? */
export const redisIsHere = spawnSync('redis-server', ['--version']).status === 0;

/** `describe` where there is a Redis to test against; elsewhere the cases are reported as skipped, with what is missing. */
export const describeWithRedis = (name: string, cases: () => void): void => {
  (redisIsHere ? describe : describe.skip)(
    redisIsHere ? name : `${name} (skipped: install redis-server so that it is on the PATH)`,
    cases,
  );
};

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    const probe = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    await probe.ping();
    probe.disconnect();
  };
  await start();
  const client = openRedis(`redis://127.0.0.1:${port}`, pino({ level: 'silent' }));
  await until(() => client.status === 'ready');
  const kill = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  return {
    client,
    freeze: () => {
      child.kill('SIGSTOP');
    },
    thaw: () => {
      child.kill('SIGCONT');
    },
    kill,
    restart: start,
    stop: async () => {
      client.disconnect();
      await kill();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
