import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { within } from '../../lib/wait';
import { MESSAGES } from './request-prototypes';
import { continuesWhenRead } from './unread';

/** A port that is ours. */
export interface Listening {
  readonly port: number;
  /** From now on requests go there; before, they are told to come back in a second. */
  answerWith(handler: http.RequestListener): void;
  /** Takes no new connection, lets requests in flight finish for at most `milliseconds`, then cuts them. */
  close(milliseconds: number): Promise<void>;
  /** Cuts every connection now. */
  cut(): void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Take one of the next ports when this one is taken? */
  readonly orNext: boolean;
}

/** How many ports are tried. */
const REACH = 50;

/**
 * Takes a port at once, so that nobody else can between finding it free and being ready to answer.
 * @returns undefined when it is taken.
 * @throws for any other reason the address cannot be listened on.
 */
export async function listen({ host, port, orNext }: ListenOptions): Promise<Listening | undefined> {
  let handler: http.RequestListener = starting;
  let closing = false;
  const underWay = new Set<http.ServerResponse>();
  const answer: http.RequestListener = (request, response) => {
    underWay.add(response);
    if (closing) response.shouldKeepAlive = false;
    response.once('close', () => {
      underWay.delete(response);
      // A connection that stays open for a next request would hold up the end.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    handler(request, response);
  };
  const server = http.createServer(MESSAGES, answer);
  server.on('checkContinue', continuesWhenRead(answer));
  const taken = await take(server, host, port, orNext ? Math.min(port + REACH, 65_535) : port);
  if (taken === undefined) return undefined;
  return {
    port: taken,
    answerWith: (next) => void (handler = next),
    close: async (milliseconds) => {
      closing = true;
      // Whoever is told that the connection ends sends the next request to another process, and none is lost.
      for (const response of underWay) response.shouldKeepAlive = false;
      const closed = new Promise<true>((resolve) => void server.close(() => resolve(true)));
      if (await within(milliseconds, closed)) return;
      server.closeAllConnections();
      await closed;
    },
    cut: () => server.closeAllConnections(),
  };
}

const starting: http.RequestListener = (_, response) => {
  response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain; charset=utf-8' }).end('Starting.\n');
};

async function take(server: http.Server, host: string, first: number, last: number): Promise<number | undefined> {
  for (let port = first; port <= last; port++) {
    if (first !== last && (await answersElsewhere(port))) continue;
    try {
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as net.AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return undefined;
}

// "localhost" is asked at ::1 first, so a stranger there would answer in our name.
async function answersElsewhere(port: number): Promise<boolean> {
  const socket = net.connect({ host: '::1', port });
  try {
    return (await within(200, once(socket, 'connect'))) !== undefined;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
