import { createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import express, { type Express } from 'express';
import { listenerOf, MESSAGES } from '../../src/http/server/request-prototypes';

const servers: Server[] = [];
afterAll(() =>
  Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, 'close');
    }),
  ),
);

async function answerOf(
  listener: RequestListener,
  options: typeof MESSAGES | Record<string, never>,
): Promise<{ body: unknown; changed: boolean }> {
  let changed = false;
  const server = createServer(options, (req, res) => {
    const before = [req, res].map(Object.getPrototypeOf);
    listener(req, res);
    changed = [req, res].some((one, number) => Object.getPrototypeOf(one) !== before[number]);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const body = await new Promise<unknown>((resolve, reject) => {
    get({ port: (server.address() as AddressInfo).port, path: '/here?one=1', agent: false }, (res) => {
      let text = '';
      res
        .setEncoding('utf8')
        .on('data', (part: string) => {
          text += part;
        })
        .on('end', () => resolve(JSON.parse(text)));
    }).on('error', reject);
  });
  return { body, changed };
}

/** An application that answers with what only Express's requests know, and with a setting of its own. */
function anApp(name: string): Express {
  const app = express();
  app.set('name', name);
  app.get('/here', (req, res) => {
    res.json({
      name: req.app.get('name') as string,
      same: res.app === app,
      path: req.path,
      query: req.query,
      accepts: req.accepts('json'),
    });
  });
  return app;
}
const answers = (name: string) => ({ name, same: true, path: '/here', query: { one: '1' }, accepts: 'json' });

test('Express changes no prototype of a request or an answer, and each application answers for itself', async () => {
  const [one, other] = [listenerOf(anApp('one')), listenerOf(anApp('other'))];
  expect(await answerOf(one, MESSAGES)).toEqual({ body: answers('one'), changed: false });
  expect(await answerOf(other, MESSAGES)).toEqual({ body: answers('other'), changed: false });
  expect(await answerOf(one, MESSAGES)).toEqual({ body: answers('one'), changed: false });
});

test('without them it answers as ever, and changes both', async () => {
  expect(await answerOf(listenerOf(anApp('one')), {})).toEqual({ body: answers('one'), changed: true });
});
