// Asks for pages over raw connections in a process of its own, and checks every answer while it measures.
import { connect, type Socket } from 'node:net';

export interface AskPages {
  readonly port: number;
  /** Whole requests, as they are sent; asked one after the other, again and again unless `once`. */
  readonly requests: readonly string[];
  /** Connections that ask at once. */
  readonly connections: number;
  readonly milliseconds: number;
  /** Ends when each was asked once. */
  readonly once?: boolean;
  /** What each answer must have as its status. */
  readonly status: number;
  /** How long each body must be, in bytes, where it is the same each time. */
  readonly length?: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  /** Answers that were not what they must be. */
  readonly wrong: number;
  /** Microseconds that answers took. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Reads answers of one connection: a head, then as many bytes as it says. */
class Answers {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly done: (status: number, length: number) => void) {}

  take(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (;;) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = this.rest.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.rest.length < end + 4 + length) return;
      this.rest = this.rest.subarray(end + 4 + length);
      this.done(Number(head.slice(9, 12)), length);
    }
  }
}

async function load({
  port,
  requests,
  connections,
  milliseconds,
  once,
  status,
  length,
}: AskPages): Promise<LoadResult> {
  const times: number[] = [];
  let [next, wrong] = [0, 0];
  const bytes = requests.map((one) => Buffer.from(one));
  const begun = performance.now();
  const end = begun + milliseconds;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let sent = 0;
      const ask = (socket: Socket): void => {
        const over = once ? next >= bytes.length : performance.now() >= end;
        if (over) {
          socket.destroy();
          return resolve();
        }
        sent = performance.now();
        socket.write(bytes[next++ % bytes.length]!);
      };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => ask(socket));
      const answers = new Answers((got, bodyLength) => {
        times.push((performance.now() - sent) * 1_000);
        if (got !== status || (length !== undefined && bodyLength !== length)) wrong++;
        ask(socket);
      });
      socket.on('data', (chunk: Buffer) => answers.take(chunk)).on('error', reject);
    });
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - begun) / 1_000;
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return { answers: times.length, seconds, wrong, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

process.on('message', (ask: AskPages) => void load(ask).then((result) => process.send!(result)));
process.send!('ready');
