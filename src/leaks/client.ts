import http from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** One request as it goes over the wire: nothing in its path is tidied. */
export interface LeakRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface LeakResponse {
  readonly status: number;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
  /** Decompressed where it was compressed. */
  readonly body: Buffer;
}

export interface HttpClient {
  ask(what: LeakRequest): Promise<LeakResponse>;
  close(): void;
}

/** Milliseconds after which a site that does not answer has failed the run. */
const PATIENCE = 30_000;

/** Asks one site over kept connections. */
export function openClient(origin: string, sockets: number): HttpClient {
  const { request, Agent } = origin.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const { hostname, port } = new URL(origin);
  const sendOnce = ({ method, path, headers, body }: LeakRequest) =>
    new Promise<LeakResponse>((resolve, reject) => {
      const all = { ...headers, ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) };
      const asked = request(
        { hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, headers: all, agent, timeout: PATIENCE },
        (answer) => {
          const chunks: Buffer[] = [];
          answer
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('error', reject)
            .on('end', () => {
              resolve({
                status: answer.statusCode ?? 0,
                rawHeaders: answer.rawHeaders,
                headers: answer.headers,
                body: decompressed(Buffer.concat(chunks), packingOf(answer.headers)),
              });
            });
        },
      );
      asked
        .on('timeout', () => asked.destroy(new Error(`${method} ${path} was not answered in ${PATIENCE / 1000} s`)))
        .on('error', reject)
        .end(body);
    });
  return {
    // A kept connection may be closed by the site just as it is used again.
    ask: (what) =>
      sendOnce(what).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET') return sendOnce(what);
        throw error;
      }),
    close: () => agent.destroy(),
  };
}

/** How a body is packed, on its way or as the file it is. */
const packingOf = (headers: http.IncomingHttpHeaders): string | undefined =>
  headers['content-type'] === 'application/gzip' ? 'gzip' : headers['content-encoding'];

function decompressed(body: Buffer, encoding: string | undefined): Buffer {
  if (body.length === 0) return body;
  try {
    if (encoding === 'br') return brotliDecompressSync(body);
    if (encoding === 'gzip') return gunzipSync(body);
    if (encoding === 'deflate') return inflateSync(body);
  } catch {
    // Part of a compressed body: looked at as it is.
  }
  return body;
}
