import { pino } from 'pino';

/** Structured lines for machines. What a person at the terminal should read is printed plainly by `boot`. */
export type Logger = pino.Logger;

/** How much is said, from everything to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A logger that writes JSON lines to standard output before the call returns, so that a crash loses none. */
export function createLog(level: LogLevel): Logger {
  const output = pino.destination({ dest: 1, sync: true });
  // Whoever read our output has gone; that is no reason to fail.
  output.on('error', () => undefined);
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
}
