import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../src/lib/failure';
import { parseForm } from '../../src/http/urlencoded';
import { enterAll, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

const NOBODYS = '00000000-0000-4000-8000-000000000000';
const FORM = 'application/x-www-form-urlencoded';
const FILES = 'multipart/form-data; boundary=b';
const MEGABYTE = 1024 * 1024;

interface Answer {
  readonly status: number;
  /** Status of what was said before the answer. */
  readonly before: string | null;
  readonly closes: boolean;
}

/**
 * Begins a request and sends no more of its body than that. The connection is left as it is: whoever waits for more
 * waits for ever.
 */
async function begin(path: string, headers: Readonly<Record<string, string | number>>, body = ''): Promise<Answer> {
  const { host, port } = new URL(dossier.url);
  const socket: Socket = connect(Number(port), '127.0.0.1');
  const lines = Object.entries({ Host: host, Origin: dossier.url, Accept: 'text/html', ...headers });
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  try {
    const head = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        const [first = '', second] = text.split('\r\n\r\n');
        if (!/^HTTP\/1\.1 1/.test(first) && second !== undefined) resolve(first);
        else if (/^HTTP\/1\.1 1/.test(first)) resolve(text);
      });
      socket.on('error', reject).on('end', () => reject(new Error(`ended: ${text}`)));
    });
    const status = Number(head.slice(9, 12));
    return { status, before: status < 200 ? head.slice(9, 12) : null, closes: /^connection: close$/im.test(head) };
  } finally {
    socket.destroy();
  }
}

const INVENTED = { Cookie: 'dossier=s%3Ainvented.by-a-stranger' };
const INVENTED_DEVICE = { Cookie: `device=${'d'.repeat(43)}` };
const signature = () => `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`;
const tiny = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';

describe('is answered before a byte of its body is read', () => {
  test.each<[string, string, () => Readonly<Record<string, string | number>>, number]>([
    [
      'files at a section that is not there, with any cookie',
      '/desk/x',
      () => ({ ...INVENTED, 'Content-Type': FILES, 'Content-Length': 15 * MEGABYTE }),
      303,
    ],
    [
      'files at the import, with any cookie',
      '/desk/import',
      () => ({ ...INVENTED, 'Content-Type': FILES, 'Content-Length': 15 * MEGABYTE }),
      303,
    ],
    [
      'files at the import, with any device',
      '/desk/import',
      () => ({ ...INVENTED_DEVICE, 'Content-Type': FILES, 'Content-Length': MEGABYTE }),
      303,
    ],
    [
      "an editor's form, with any device",
      `/desk/briefings/${NOBODYS}`,
      () => ({ ...INVENTED_DEVICE, 'Content-Type': FORM, 'Content-Length': 70_000 }),
      303,
    ],
    [
      "an admin's form, with any cookie",
      '/admin/audit/export',
      () => ({ ...INVENTED, 'Content-Type': FORM, 'Content-Length': 70_000 }),
      303,
    ],
    [
      'a form of the account, of nobody',
      '/account/password',
      () => ({ 'Content-Type': FORM, 'Content-Length': MEGABYTE }),
      303,
    ],
    ['a login', '/login', () => ({ 'Content-Type': FORM, 'Content-Length': MEGABYTE }), 413],
    ['a joining', '/es/join/strategy-circle', () => ({ 'Content-Type': FORM, 'Content-Length': MEGABYTE }), 413],
    [
      'a login that is packed',
      '/login',
      () => ({ 'Content-Type': FORM, 'Content-Encoding': 'gzip', 'Content-Length': 100_000 }),
      415,
    ],
    ['an event of Stripe that is not signed', '/webhooks/stripe', () => ({ 'Content-Length': MEGABYTE }), 400],
    [
      'an event of Stripe that is too large',
      '/webhooks/stripe',
      () => ({ 'Stripe-Signature': signature(), 'Content-Length': 2 * MEGABYTE }),
      413,
    ],
    ['what is sent to the API', '/api/v1/briefings', () => ({ 'Content-Length': 15 * MEGABYTE }), 405],
    ['what is sent to a page', '/', () => ({ 'Content-Length': 15 * MEGABYTE }), 405],
    ['what is sent to nobody', '/nothing', () => ({ 'Transfer-Encoding': 'chunked' }), 404],
    [
      'what another origin sends',
      '/login',
      () => ({ Origin: 'https://evil.example', 'Content-Length': 15 * MEGABYTE }),
      403,
    ],
    [
      'more than a form of the desk may have, of an editor',
      `/desk/briefings/${NOBODYS}`,
      () => ({ ...cast.editor.headers, 'Content-Type': FORM, 'Content-Length': 4 * MEGABYTE }),
      413,
    ],
    [
      'a heavy picture, of an editor',
      '/desk/import',
      () => ({ ...cast.editor.headers, 'Content-Type': FILES, 'Content-Length': 17 * MEGABYTE }),
      413,
    ],
  ])('%s', async (_name, path, headers, status) => {
    expect(await begin(path, headers())).toEqual({ status, before: null, closes: true });
  });
});

describe('is read no further than it may be', () => {
  test.each<[string, string, () => Readonly<Record<string, string | number>>, string, number]>([
    [
      'a form that says not how long it is',
      '/login',
      () => ({ 'Content-Type': FORM, 'Transfer-Encoding': 'chunked' }),
      `5000\r\n${'a'.repeat(0x5000)}\r\n`,
      413,
    ],
    [
      'a form of many parts, of an editor',
      '/desk/import',
      () => ({ ...cast.editor.headers, 'Content-Type': FILES, 'Content-Length': 15 * MEGABYTE }),
      tiny.repeat(1_000),
      413,
    ],
    [
      'a field that is too long, of an editor',
      '/desk/import',
      () => ({ ...cast.editor.headers, 'Content-Type': FILES, 'Content-Length': 15 * MEGABYTE }),
      `${tiny.slice(0, -2)}${'a'.repeat(300_000)}\r\n--b`,
      413,
    ],
    [
      'a form of many fields, of an editor',
      `/desk/briefings/${NOBODYS}`,
      () => ({ ...cast.editor.headers, 'Content-Type': FORM, 'Content-Length': 12_000 }),
      'a&'.repeat(6_000),
      413,
    ],
    [
      'a form of many fields, of anybody',
      '/login',
      () => ({ 'Content-Type': FORM, 'Content-Length': 16_000 }),
      'a&'.repeat(8_000),
      413,
    ],
  ])('%s', async (_name, path, headers, body, status) => {
    expect((await begin(path, headers(), body)).status).toBe(status);
  });

  test('whoever asks whether to send it is told to only when it is wanted', async () => {
    const asks = { Expect: '100-continue', 'Content-Type': FILES, 'Content-Length': MEGABYTE };
    expect((await begin('/desk/import', { ...INVENTED, ...asks })).status).toBe(303);
    expect((await begin('/desk/import', { ...cast.editor.headers, ...asks })).before).toBe('100');
  });
});

describe('a form', () => {
  const MANY = 5_000;

  test.each([
    '',
    '&',
    '&&a',
    'a',
    'a=',
    '=',
    '=b',
    'a=b=c',
    'a=1&a=2',
    'a+b=c+d',
    '%61%3d=%26%2B',
    '%',
    '%4',
    '%zz=%',
    'é=ñ',
    '%C3%A9',
    '%C3',
    '%E0%A4%A',
    'a%00b',
    '%ED%A0%80',
    '🙂=%F0%9F%99%82',
    'a[b]=c',
    '__proto__=x',
    ' = ',
  ])('%j is understood as a browser does', async (text) => {
    expect(await parseForm(Buffer.from(text), MANY)).toEqual([...new URLSearchParams(Buffer.from(text).toString())]);
  });

  test('is one whose fields are counted before they are understood', async () => {
    expect(await parseForm(Buffer.from('a&b&c'), 3)).toHaveLength(3);
    await expect(parseForm(Buffer.from('a&b&c&d'), 3)).rejects.toEqual(new Failure(413, 'a form with too many fields'));
  });

  test.each([
    ['many fields', `${'a=%41&'.repeat(4_000)}${'b'.repeat(MEGABYTE)}`],
    ['one long field', '%41'.repeat(350_000)],
  ])('of %s lets others go on while it is understood', async (_name, text) => {
    let [turns, done] = [0, false];
    const others = (async () => {
      for (; !done; await turn()) turns++;
    })();
    await parseForm(Buffer.from(text), MANY);
    done = true;
    await others;
    expect(turns).toBeGreaterThanOrEqual(7);
  });
});
