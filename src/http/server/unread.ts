import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Bytes of a body that are thrown away rather than its connection: a form whose sender is sent elsewhere. */
const SHORT = 65_536;

/**
 * Milliseconds, and bytes, for which a sender who has been answered may go on sending, so that the answer is not lost
 * to them.
 */
const LINGERS = 2_000;
const THROWN_AWAY = 32 * 1024 * 1024;

/**
 * Ends the connection of whoever is answered before their body was read: nothing more of it is read than it takes for
 * the answer to arrive (RFC 9112, 9.6). Node would read it to its end, however large, before the connection is used
 * again. Who asks first whether to send it (`Expect: 100-continue`) is told to only when it is wanted.
 */
export function endsUnread(next: RequestListener): RequestListener {
  return (req, res) => {
    if (mayBeLong(req)) endWhenUnread(req, res);
    next(req, res);
  };
}

function mayBeLong({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SHORT;
}

function endWhenUnread(req: IncomingMessage, res: ServerResponse): void {
  const { socket } = req;
  const writeHead = res.writeHead.bind(res) as (...head: unknown[]) => ServerResponse;
  res.writeHead = (...head: unknown[]) => {
    if (!req.complete && !res.headersSent) {
      res.shouldKeepAlive = false;
      // What Node calls when an answer was the last (node 20, lib/_http_server.js, `resOnFinish`): it would not wait.
      socket.destroySoon = () => linger(req, socket);
    }
    return writeHead(...head);
  };
}

/** Says goodbye and hears the other side out, for a while. */
function linger(req: IncomingMessage, socket: Socket): void {
  const most = socket.bytesRead + THROWN_AWAY;
  const over = () => socket.destroy();
  setTimeout(over, LINGERS).unref();
  req.removeAllListeners('data');
  req.on('data', () => {
    if (socket.bytesRead > most) over();
  });
  req.on('end', over).on('close', over);
  socket.end();
  req.resume();
}

/** For a server's `checkContinue`: the sender is told to go on when somebody begins to read. */
export function continuesWhenRead(next: RequestListener): RequestListener {
  return (req, res) => {
    const read = req._read.bind(req);
    req._read = (size) => {
      req._read = read;
      if (!res.headersSent) res.writeContinue();
      read(size);
    };
    next(req, res);
  };
}
