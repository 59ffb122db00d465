import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import Redis from 'ioredis';
import { pino } from 'pino';
import { openRedis } from '../../../src/stores/redis';
import { until } from '../until';

/** A Redis of a test's own, which may be killed and frozen. */
export interface TestRedis {
  readonly client: Redis;
  readonly port: number;
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Is there a `redis-server` on this machine? */
export const redisIsHere = spawnSync('redis-server', ['--version']).status === 0;

/**
 * `describe` where there is a Redis to test against; elsewhere the cases are reported as skipped, with what is missing.
 */
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
    // Until it listens it refuses, which is what is waited for.
    probe.on('error', () => undefined);
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
    port,
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

/**
 * A Redis and its replica behind one address, as a hosted one is: a failover moves the address, not its connections.
 */
export interface FailoverRedis {
  /** Connects by the address. */
  readonly client: Redis;
  /** Makes the replica the primary and the primary its replica; from now on the address leads to the new one. */
  failOver(): Promise<void>;
  /** The primary of now, told anything. */
  readonly primary: () => Redis;
  stop(): Promise<void>;
}

export async function startFailover(): Promise<FailoverRedis> {
  const [first, second] = [await startRedis(), await startRedis()];
  let [primary, replica] = [first, second];
  const sockets = new Set<Socket>();
  const relay = createServer((inward) => {
    const outward = connect(primary.port, '127.0.0.1');
    for (const [one, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  await replica.client.replicaof('127.0.0.1', primary.port);
  const client = openRedis(`redis://127.0.0.1:${(relay.address() as AddressInfo).port}`, pino({ level: 'silent' }));
  await until(() => client.status === 'ready');
  return {
    client,
    failOver: async () => {
      [primary, replica] = [replica, primary];
      await primary.client.replicaof('NO', 'ONE');
      await replica.client.replicaof('127.0.0.1', primary.port);
    },
    primary: () => primary.client,
    stop: async () => {
      client.disconnect();
      await new Promise<void>((resolve) => {
        relay.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      await Promise.all([first.stop(), second.stop()]);
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
