// What Node alone takes to send these very bytes: once with the headers it sends itself, once with ours.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BarePage {
  readonly headers: Readonly<Record<string, string>>;
  /** base64. */
  readonly body: string;
  readonly status: number;
}

const listen = (handler: RequestListener): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer(handler).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

async function serve({ headers, body, status }: BarePage): Promise<{ own: number; ours: number }> {
  const bytes = Buffer.from(body, 'base64');
  const length = { 'Content-Length': bytes.length };
  const empty = status === 304;
  return {
    own: await listen((_req, res) => {
      res.writeHead(status, empty ? {} : length);
      res.end(empty ? undefined : bytes);
    }),
    ours: await listen((_req, res) => {
      res.writeHead(status, empty ? headers : { ...headers, ...length });
      res.end(empty ? undefined : bytes);
    }),
  };
}

process.on('message', (ask: BarePage | 'cpu') => {
  if (ask === 'cpu') process.send!(cpu());
  else void serve(ask).then((ports) => process.send!(ports));
});
process.send!('ready');

/** Milliseconds of processor time that this process has taken. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
