/** Codes of Prisma (P…), Postgres (SQLSTATE) and Node that mean: the store does not answer, whatever was asked. */
const CODES = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/** Timeouts of pg carry no code, only these words. */
const WORDS =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|terminating connection|statement timeout|DatabaseNotReachable|ConnectionClosed|not currently accepting connections/i;

/** Prisma hides a SQLSTATE it has no code for in its message. */
const HIDDEN = /Code: `(\w{5})`/;

/** Does this error mean that Postgres is down, frozen or out of connections, and not that the question was wrong? */
export function isUnavailable(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; typeof one === 'object' && one !== null && depth < 5; depth++) {
    const { code, message, cause } = one as { code?: unknown; message?: unknown; cause?: unknown };
    if (typeof code === 'string' && CODES.has(code)) return true;
    if (typeof message === 'string' && (WORDS.test(message) || CODES.has(HIDDEN.exec(message)?.[1] ?? ''))) return true;
    one = cause;
  }
  return false;
}
