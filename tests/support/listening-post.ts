import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface Arrived {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** An endpoint that writes down what arrives and answers as it is told. */
export interface ListeningPost {
  readonly url: string;
  readonly arrived: Arrived[];
  /** What is answered from now on; a function decides request by request. A promise is waited for. */
  answer: number | ((arrived: Arrived, count: number) => number | Promise<number>);
  close(): Promise<void>;
}

export async function listeningPost(): Promise<ListeningPost> {
  const arrived: Arrived[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const one = { body: Buffer.concat(parts).toString('utf8'), headers: req.headers };
      arrived.push(one);
      const { answer } = post;
      void Promise.resolve(typeof answer === 'number' ? answer : answer(one, arrived.length)).then((status) =>
        res.writeHead(status, status === 302 ? { Location: `${post.url}/elsewhere` } : {}).end(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const post: ListeningPost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return post;
}
