import { pino } from 'pino';

/** Structured lines for machines. What a person at the terminal should read is printed plainly by `boot`. */
export type Logger = pino.Logger;

/** How much is said, from everything to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * An error as it may be logged: what it is and where it arose. Nothing else of it, because the errors of a driver
 * carry the connection, its parameters and the row that was refused (ASVS 16.2.5).
 */
export function loggedError(error: unknown): {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ReturnType<typeof loggedError>;
} {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: loggedError(error.cause) }),
  };
}

/** What every logger of ours does to what it is given. */
export const LOGGED = { serializers: { err: loggedError } };

/** A logger that writes JSON lines to standard output before the call returns, so that a crash loses none. */
export function createLog(level: LogLevel): Logger {
  const output = pino.destination({ dest: 1, sync: true });
  // Whoever read our output has gone; that is no reason to fail.
  output.on('error', () => undefined);
  return pino({ level, ...LOGGED, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
}
