import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { systemClock, type Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import { actsOn, type Acts } from './acts';
import { apiOf } from './api/server';
import { timelineOf, type Timeline } from './engine/timeline';
import { World } from './world';

export interface SandboxOptions {
  /** The port on 127.0.0.1; when left out, the one it had before, or any that is free. */
  readonly port?: number;
  readonly machine?: Clock;
  /** What `world.snapshot()` gave before. */
  readonly restored?: object | null;
  readonly log: Logger;
  /** Resolves when what has happened until now is kept; the API answers no sooner. */
  readonly saved?: () => Promise<void>;
  /** Answers what is not the API: the hosted pages and the dashboard. */
  readonly pages?: (sandbox: Sandbox) => RequestListener;
  /** Is this the real thing? Then nothing opens. */
  readonly production?: boolean;
}

/** A small Stripe on a loopback port. No money moves. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly world: World;
  readonly acts: Acts;
  /** The machine's clock, moved on with the sandbox's. */
  readonly clock: Clock;
  close(): Promise<void>;
}

/** Milliseconds between looks at what has fallen due while nobody asked. */
const LOOK = 5_000;

/** Opens the sandbox. @throws in production, where money is real, and when the port is taken. */
export async function openSandbox({
  port,
  machine = systemClock,
  restored,
  log,
  saved = () => Promise.resolve(),
  pages,
  production = false,
}: SandboxOptions): Promise<Sandbox> {
  if (production) throw new Error('the sandbox never opens in production');
  const world = restored ? World.restore(restored, machine) : new World(machine);
  let api: RequestListener = (_, response) => void response.writeHead(503, { 'Retry-After': '1' }).end();
  let hosted: RequestListener = (_, response) => void response.writeHead(404).end();
  const server = http.createServer((request, response) =>
    (request.url?.startsWith('/v1/') ? api : hosted)(request, response),
  );
  const taken = await listen(server, port === undefined ? [formerPort(world), 0] : [port]);
  const url = `http://127.0.0.1:${taken}`;
  world.moveTo(url);
  const timeline = timelineOf(world);
  api = apiOf(world, timeline, saved, log);
  const stop = keepGoing(timeline, log);
  const sandbox: Sandbox = {
    url,
    port: taken,
    apiKey: world.apiKey,
    world,
    acts: actsOn(world, timeline),
    clock: world.clock,
    async close() {
      stop();
      timeline.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  if (pages) hosted = pages(sandbox);
  return sandbox;
}

/** The port it answered at before, so that addresses people still have go on leading here; 0 when there was none. */
function formerPort({ url }: World): number {
  return Number(new URL(url).port);
}

/** Listens at the first of these ports that is free, 0 standing for any. @throws when none is. */
async function listen(server: http.Server, [port, ...others]: readonly number[]): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (others.length === 0) throw error;
    return listen(server, others);
  }
  return (server.address() as AddressInfo).port;
}

function keepGoing(timeline: Timeline, log: Logger): () => void {
  const timer = setInterval(() => {
    try {
      timeline.catchUp();
    } catch (error) {
      log.error({ err: error }, 'what fell due in the sandbox could not be done');
    }
  }, LOOK).unref();
  return () => clearInterval(timer);
}
