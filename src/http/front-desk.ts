import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import type { FinishedPage, PageStore } from './page-store';

/**
 * Answers from the finished pages before Express is asked. A request with any cookie is not the front desk's:
 * whoever carries one may read more, and that must be proved first.
 */
export function withFrontDesk(pages: PageStore, app: RequestListener): RequestListener {
  return (req, res) => {
    if ((req.method === 'GET' || req.method === 'HEAD') && req.headers.cookie === undefined && req.url !== undefined) {
      const page = pages.get(req.url, 0);
      if (page) return sendFinished(req, res, page);
    }
    app(req, res);
  };
}

/** Sends a finished page: in the encoding asked for, or as 304 when the reader has these very bytes (RFC 9110, 13.1.2). */
export function sendFinished(req: IncomingMessage, res: ServerResponse, page: FinishedPage): void {
  const headers: OutgoingHttpHeaders = { ...page.headers, etag: page.etag };
  if (hasAlready(req, page.etag)) {
    const { 'content-type': _type, ...others } = headers;
    res.writeHead(304, others);
    res.end();
    return;
  }
  const encoding = accepted(String(req.headers['accept-encoding'] ?? ''));
  const body = encoding === 'br' ? page.brotli : encoding === 'gzip' ? page.gzip : page.plain;
  res.writeHead(200, { ...headers, ...(encoding ? { 'Content-Encoding': encoding } : {}), 'Content-Length': body.length });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Does the reader's validator name these very bytes? */
export function hasAlready(req: IncomingMessage, etag: string): boolean {
  const given = req.headers['if-none-match'];
  return given !== undefined && (given === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag));
}

/** The best encoding we have among those accepted; one given `q=0` is refused (RFC 9110, 12.5.3). */
function accepted(header: string): 'br' | 'gzip' | null {
  const names = new Map(header.split(',').map((one) => {
    const [name = '', ...parameters] = one.trim().toLowerCase().split(/\s*;\s*/);
    return [name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))];
  }));
  if (names.get('br')) return 'br';
  if (names.get('gzip') ?? names.get('*')) return 'gzip';
  return null;
}
