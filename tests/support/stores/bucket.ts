import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { BucketOptions } from '../../../src/stores/bucket';

/** A small S3 on loopback: one bucket, which does nothing that is not signed. */
export interface BucketServer {
  readonly place: BucketOptions;
  /** What lies in it, by name. */
  readonly objects: Map<string, { readonly bytes: Buffer; readonly type: string }>;
  /** What it was asked, such as `GET name`. */
  readonly asked: string[];
  /** What is wrong with it: it answers 503, or never, or begins an answer and does not end it. */
  mood: 'well' | 'failing' | 'silent' | 'stuck';
  /** Is done before an answer to what was asked. */
  before: ((asked: string) => Promise<void> | void) | null;
  stop(): Promise<void>;
}

export async function startBucket(): Promise<BucketServer> {
  const server = createServer((req, res) => {
    answer(one, req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const one: BucketServer = {
    place: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-test-1',
      name: 'pictures',
      accessKeyId: 'AKIDTEST',
      secretAccessKey: 'a-secret-of-the-tests',
      pathStyle: true,
    },
    objects: new Map(),
    asked: [],
    mood: 'well',
    before: null,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return one;
}

async function answer(one: BucketServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await buffer(req);
  const url = new URL(req.url!, one.place.endpoint);
  const name = decodeURIComponent(url.pathname).slice(`/${one.place.name}/`.length);
  const asked = `${req.method} ${name}`;
  one.asked.push(asked);
  await one.before?.(asked);
  const refuse = (status: number, code: string) =>
    res
      .writeHead(status, { 'Content-Type': 'application/xml' })
      .end(req.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code></Error>`);
  if (one.mood === 'silent') return;
  if (one.mood === 'failing') return void refuse(503, 'SlowDown');
  if (!isSigned(one.place, req, url, body)) return void refuse(403, 'SignatureDoesNotMatch');
  if (!url.pathname.startsWith(`/${one.place.name}`)) return void refuse(404, 'NoSuchBucket');
  const found = one.objects.get(name);
  if (name === '') res.end();
  else if (req.method === 'PUT') {
    one.objects.set(name, { bytes: body, type: req.headers['content-type'] ?? '' });
    res.end();
  } else if (req.method === 'DELETE') {
    one.objects.delete(name);
    res.writeHead(204).end();
  } else if (!found) refuse(404, 'NoSuchKey');
  else {
    res.writeHead(200, { 'Content-Type': found.type, 'Content-Length': found.bytes.length });
    if (one.mood === 'stuck') res.write(found.bytes.subarray(0, 10));
    else res.end(found.bytes);
  }
}

const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const keyed = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * Signature Version 4 in the Authorization header, over the very bytes of the body
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
function isSigned(
  { region, accessKeyId, secretAccessKey }: BucketOptions,
  req: IncomingMessage,
  url: URL,
  body: Buffer,
): boolean {
  const [, credential = '', signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? '',
    ) ?? [];
  const [key, day = '', ...scope] = credential.split('/');
  const stated = String(req.headers['x-amz-content-sha256']);
  const names = signed.split(';');
  if (
    key !== accessKeyId ||
    scope.join('/') !== `${region}/s3/aws4_request` ||
    stated !== hash(body) ||
    !names.includes('host') ||
    !names.includes('x-amz-content-sha256')
  )
    return false;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonical = [
    req.method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${String(req.headers[name]).trim()}`),
    '',
    signed,
    stated,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], `${day}/${scope.join('/')}`, hash(canonical)].join('\n');
  return (
    keyed(
      [day, ...scope].reduce<string | Buffer>((by, part) => keyed(by, part), `AWS4${secretAccessKey}`),
      text,
    ).toString('hex') === signature
  );
}
