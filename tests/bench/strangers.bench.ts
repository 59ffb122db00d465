import http from 'node:http';
import { connect } from 'node:net';
import { startDossier, type Dossier } from '../support/dossier';
import { original } from '../support/briefing';

/** What a stranger can do to everybody else, with nothing but a connection. */
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original({ organizations: null }, '') });
});
afterAll(() => dossier.stop());

const SECONDS = 4;
const SENDERS = 3;
const MEGABYTES = 15;

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const get = (path: string) =>
  new Promise<number>((resolve, reject) => {
    http
      .get(`${dossier.url}${path}`, { agent, headers: { 'Accept-Encoding': 'identity' } }, (res) => {
        res.resume().on('end', () => resolve(res.statusCode!));
      })
      .on('error', reject);
  });

/** How many answers a second, asked by so many at once. */
async function perSecond(path: string, at = 32): Promise<number> {
  const end = performance.now() + SECONDS * 1_000;
  let [answers, wrong] = [0, 0];
  const ask = async () => {
    while (performance.now() < end) {
      if ((await get(path)) !== 200) wrong++;
      answers++;
    }
  };
  await Promise.all(Array.from({ length: at }, ask));
  expect(wrong).toBe(0);
  return answers / SECONDS;
}

/** Milliseconds that answers take, the quickest first, asked every twenty milliseconds. */
async function times(path: string, milliseconds: number): Promise<number[]> {
  const [all, end]: [Promise<number>[], number] = [[], performance.now() + milliseconds];
  while (performance.now() < end) {
    const begun = performance.now();
    all.push(get(path).then(() => performance.now() - begun));
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  return (await Promise.all(all)).sort((a, b) => a - b);
}

/** Sends a form of so many tiny parts to a section of the desk, with a cookie of its own making, and again. */
function sender(): { stop(): void } {
  const part = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
  const body = Buffer.from(part.repeat(Math.floor((MEGABYTES * 1_048_576) / part.length)));
  let stopped = false;
  const send = () => {
    if (stopped) return;
    const socket = connect(Number(new URL(dossier.url).port), '127.0.0.1');
    const head = [
      'POST /desk/x HTTP/1.1',
      `Host: ${new URL(dossier.url).host}`,
      `Origin: ${dossier.url}`,
      'Cookie: dossier=s%3Ainvented.x',
      'Accept: text/html',
      'Content-Type: multipart/form-data; boundary=b',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      '',
    ];
    socket.write(head.join('\r\n'));
    socket.write(body);
    socket
      .resume()
      .on('error', () => undefined)
      .on('close', () => setImmediate(send));
  };
  send();
  return {
    stop: () => {
      stopped = true;
    },
  };
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

test('large forms of strangers, and links of campaigns', async () => {
  await get('/briefings/a-signal');
  const calm = await times('/briefings/a-signal', 2_000);
  const senders = Array.from({ length: SENDERS }, sender);
  const [pages, health] = await Promise.all([
    times('/briefings/a-signal', SECONDS * 1_000),
    times('/healthz', SECONDS * 1_000),
  ]);
  for (const one of senders) one.stop();
  await new Promise((resolve) => {
    setTimeout(resolve, 3_000);
  });
  const plain = await perSecond('/briefings/a-signal');
  const campaign = await perSecond('/briefings/a-signal?utm_source=letter&utm_medium=email&fbclid=IwAR0');
  process.stdout.write(
    `\na kept page: median ${at(calm, 0.5).toFixed(1)} ms; while ${SENDERS} strangers send ${MEGABYTES} MB of tiny parts to the desk: median ${at(pages, 0.5).toFixed(1)}, slowest ${pages.at(-1)!.toFixed(0)} ms; /healthz slowest ${health.at(-1)!.toFixed(0)} ms\n` +
      `plain address ${plain.toFixed(0)} answers a second, with a campaign's parameters ${campaign.toFixed(0)} (×${(plain / campaign).toFixed(2)}); asker and server share one process\n`,
  );
}, 120_000);
