import http from 'node:http';
import { once } from 'node:events';
import { listen } from '../../src/http/server/listen';

test('whoever is answered last is told that the connection ends, and nobody is cut off', async () => {
  const waiting: http.ServerResponse[] = [];
  const port = (await listen({ host: '127.0.0.1', port: 0, orNext: false }))!;
  port.answerWith((_req, res) => void waiting.push(res));
  const agent = new http.Agent({ keepAlive: true });
  const ask = () =>
    once(http.get({ port: port.port, agent }), 'response').then(async ([answer]: http.IncomingMessage[]) => [
      answer!.headers.connection,
      (await answer!.toArray()).join(''),
    ]);
  const first = ask();
  while (waiting.length < 1) await new Promise(setImmediate);
  waiting.pop()!.end('before');
  expect(await first).toEqual(['keep-alive', 'before']);

  const last = [ask(), ask()];
  while (waiting.length < 2) await new Promise(setImmediate);
  const closed = port.close(5_000);
  for (const response of waiting) response.end('at last');
  expect(await Promise.all(last)).toEqual([
    ['close', 'at last'],
    ['close', 'at last'],
  ]);
  await closed;
  agent.destroy();
});
