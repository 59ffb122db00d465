import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress, lookUpPublic, PrivateAddress } from './addresses';

/** Milliseconds until an answer must have begun. */
const PATIENCE = 10_000;

/** What came of it: the status of the answer, or in a word why there was none. */
export type PostResult = { readonly code: number } | { readonly failure: string };

export interface Posted {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** May it go to this machine or to one of its network? */
  readonly mayBePrivate: boolean;
}

/**
 * Sends a body once. Redirects are an answer as any other, and are not followed; of the answer nothing is read but its
 * status.
 */
export async function postOnce({ url, body, headers, mayBePrivate }: Posted): Promise<PostResult> {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!mayBePrivate && (protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))))
    return { failure: PrivateAddress.name };
  try {
    return {
      code: await statusOf(url, protocol === 'http:' ? httpRequest : httpsRequest, body, headers, mayBePrivate),
    };
  } catch (error) {
    return { failure: wordFor(error) };
  }
}

function statusOf(
  url: string,
  request: typeof httpRequest | typeof httpsRequest,
  body: string,
  headers: Readonly<Record<string, string>>,
  mayBePrivate: boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
        'User-Agent': 'Webhooks',
        ...headers,
      },
      agent: false,
      signal: AbortSignal.timeout(PATIENCE),
      ...(mayBePrivate ? {} : { lookup: lookUpPublic }),
    });
    asked.on('error', reject);
    asked.on('response', (answer: IncomingMessage) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    asked.end(body);
  });
}

/** A failure by its name or its code, without what an address or an answer may have put into its words. */
function wordFor(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = error as NodeJS.ErrnoException;
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'TimeoutError' : (code ?? error.name);
}
