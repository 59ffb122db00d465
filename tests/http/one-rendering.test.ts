import express from 'express';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { visitor } from '../../src/access/viewer';
import { openCachedPages, type MadeDocument, type PageReader } from '../../src/http/cache/cached-pages';
import { NO_PARAMETERS } from '../../src/http/cache/page-address';
import { PageCache } from '../../src/http/cache/page-cache';
import { original } from '../support/briefing';
import { startDossier } from '../support/dossier';
import { until } from '../support/until';

/** Answers under way, to be given by hand. */
const making: { give(text: string): void; fail(): void }[] = [];
let heard = true;
let reader: PageReader['audience'] = 'visitor';
const pages = new PageCache(() => heard);
const agent = new http.Agent({ keepAlive: true, maxSockets: 600 });
let server: http.Server;

beforeAll(async () => {
  const readerOf = () => ({ viewer: visitor, audience: reader, atDesk: false });
  const cached = openCachedPages({ pages, readerOf, answers: () => Promise.resolve(true) });
  const make = () =>
    new Promise<MadeDocument>((resolve, reject) => {
      const give = (text: string) => resolve({ type: 'text/plain', text });
      making.push({ give, fail: () => reject(new Error('not now')) });
    });
  const app = express().get('/:page', cached.handler(NO_PARAMETERS, make));
  app.use(((_error, _req, res, _next) => void res.sendStatus(500)) satisfies express.ErrorRequestHandler);
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  making.length = 0;
  heard = true;
  reader = 'visitor';
  pages.invalidate();
});
afterAll(() => {
  agent.destroy();
  server.close();
});

const port = () => (server.address() as AddressInfo).port;
const asked: http.ServerResponse[] = [];
beforeAll(() => server.prependListener('request', (_req, res: http.ServerResponse) => void asked.push(res)));

/** Asks, and goes on once the server has met the request. */
async function ask(path: string): Promise<{ leave(): void; readonly answer: Promise<string> }> {
  const before = asked.length;
  const request = http.get({ port: port(), path, agent });
  const answer = once(request, 'response').then(
    async ([res]: http.IncomingMessage[]) => `${res!.statusCode} ${(await res!.toArray()).join('')}`,
    () => 'left',
  );
  await until(() => asked.length > before);
  return { leave: () => void request.destroy(), answer };
}
const answers = (requests: readonly { readonly answer: Promise<string> }[]) =>
  Promise.all(requests.map(({ answer }) => answer));

test('whoever asks while a page is being made waits for it; it is made once', async () => {
  const all = [await ask('/a'), await ask('/a'), await ask('/a')];
  const other = await ask('/b');
  expect(making.length).toBe(2);
  making[0]!.give('once');
  making[1]!.give('other');
  expect(await answers([...all, other])).toEqual(['200 once', '200 once', '200 once', '200 other']);
});

test('a page of another audience is another page', async () => {
  const one = await ask('/a');
  reader = 'member';
  const other = await ask('/a');
  expect(making.length).toBe(2);
  making[0]!.give('for visitors');
  making[1]!.give('for members');
  expect(await answers([one, other])).toEqual(['200 for visitors', '200 for members']);
});

test('one that fails fails for all who waited, and is made anew for the next', async () => {
  const all = [await ask('/a'), await ask('/a')];
  making[0]!.fail();
  expect(await answers(all)).toEqual(['500 Internal Server Error', '500 Internal Server Error']);
  const next = await ask('/a');
  making[1]!.give('now');
  expect(await next.answer).toBe('200 now');
});

test('nobody waits for one that was begun before a change, nor where changes are not heard', async () => {
  const before = await ask('/a');
  pages.invalidate();
  const after = [await ask('/a'), await ask('/a')];
  expect(making.length).toBe(2);
  making[1]!.give('new');
  expect(await answers(after)).toEqual(['200 new', '200 new']);
  // The one from before ends last, and takes nobody's place.
  making[0]!.give('old');
  expect(await before.answer).toBe('200 old');
  expect(await (await ask('/a')).answer).toBe('200 new');

  heard = false;
  const deaf = [await ask('/c'), await ask('/c')];
  expect(making.length).toBe(4);
  making[2]!.give('mine');
  making[3]!.give('yours');
  expect(await answers(deaf)).toEqual(['200 mine', '200 yours']);
});

test('the first one leaves, and the others are answered', async () => {
  const [first, second] = [await ask('/a'), await ask('/a')];
  first.leave();
  await until(() => asked.at(-2)!.destroyed);
  making[0]!.give('for who stayed');
  expect(await second.answer).toBe('200 for who stayed');
  expect([await first.answer, making.length]).toEqual(['left', 1]);
});

test('five hundred who ask for a cold briefing at once cost Postgres as much as one', async () => {
  const dossier = await startDossier();
  try {
    for (const slug of ['warm', 'alone', 'crowded']) {
      await dossier.take(slug, { 'en.md': original().replace('a-signal', slug) });
    }
    const { hostname, port: its } = new URL(dossier.url);
    const get = async (slug: string) => {
      const request = http.get({ hostname, port: its, path: `/briefings/${slug}`, agent });
      const [res] = (await once(request, 'response')) as [http.IncomingMessage];
      await res.toArray();
      return res.statusCode;
    };
    await get('warm');
    const reads = jest.spyOn(dossier.stores.pool, 'connect');
    await get('alone');
    const alone = reads.mock.calls.length;
    reads.mockClear();
    expect(new Set(await Promise.all(Array.from({ length: 500 }, () => get('crowded'))))).toEqual(new Set([200]));
    expect([alone > 0, reads.mock.calls.length]).toEqual([true, alone]);
  } finally {
    await dossier.stop();
  }
});
