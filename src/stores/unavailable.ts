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
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Timeouts of pg carry no code, only these words. */
const WORDS = new RegExp(
  [
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated',
    'Client has encountered a connection error',
    'terminating connection',
    'statement timeout',
    'DatabaseNotReachable',
    'ConnectionClosed',
    'not currently accepting connections',
  ].join('|'),
  'i',
);

/**
 * Codes that mean: it answers, and cannot do this now. Postgres (PostgreSQL 18, appendix A): connection exceptions, a
 * serialization failure or a deadlock, insufficient resources (a full disk among them), operator intervention, a
 * read-only server, a lock that was not to be had, an I/O error. Prisma: a write conflict, too many connections. Node:
 * no room, a read-only disk, no file handles.
 */
const TRANSIENT =
  /^(?:08\w{3}|40001|40P01|53\w{3}|57\w{3}|25006|25P0[34]|55P03|58030|P2034|P2037|ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE)$/;

/**
 * Codes that mean: what was sent is nothing that can be kept or compared, such as a character zero in a text or a day
 * in the year 275760. Postgres: data exceptions of a value that was given (class 22), or too deep a nesting. Prisma:
 * too long, of the wrong kind, out of range.
 */
const IMPOSSIBLE = new RegExp(
  `^(?:${[
    '2200[1378]',
    '2200[9AHS]',
    '2202[12]',
    '22P0[2-5]',
    '2203\\d',
    '5400[01]',
    'P2000',
    'P200[67]',
    'P202[03]',
    'P2033',
  ].join('|')})$`,
);

/** Prisma hides a SQLSTATE it has no code for in its message. */
const HIDDEN = /Code: `(\w{5})`|\bcode: "(\w{5})"/;

/** Does this error mean that Postgres is down, frozen or out of connections, and not that the question was wrong? */
export function isUnavailable(error: unknown): boolean {
  return someReason(error, (code, message) => CODES.has(code) || WORDS.test(message));
}

/**
 * Does this error mean that the same request may do later, whether the store does not answer or answers that it cannot
 * now? Then it is answered with 503.
 */
export function isTransient(error: unknown): boolean {
  return someReason(error, (code, message) => CODES.has(code) || TRANSIENT.test(code) || WORDS.test(message));
}

/** Does this error mean that a value which was given can be none that is kept here? Then it is answered with 400. */
export function isImpossibleValue(error: unknown): boolean {
  return someReason(error, (code) => IMPOSSIBLE.test(code));
}

interface Reason {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  /** Where Prisma keeps what the driver said (@prisma/client 7.10.0). */
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** Asks of an error and of what caused it, by its code and by its message. */
function someReason(error: unknown, holds: (code: string, message: string) => boolean): boolean {
  for (let one: unknown = error, depth = 0; typeof one === 'object' && one !== null && depth < 6; depth++) {
    const { code, originalCode, message, cause, meta } = one as Reason;
    const text = typeof message === 'string' ? message : '';
    const hidden = HIDDEN.exec(text);
    const codes = [code, originalCode, hidden?.[1], hidden?.[2]].filter((known) => typeof known === 'string');
    if (codes.some((known) => holds(known, text)) || holds('', text)) return true;
    one = cause ?? meta?.driverAdapterError;
  }
  return false;
}
