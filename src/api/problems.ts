import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { statusOf } from '../http/errors';
import { Failure } from '../lib/failure';
import type { Logger } from '../lib/log';
import type { ProblemAnswer } from './answers';

/** A refusal whose reason the caller is told; it holds nothing the caller may not know. */
export class Problem extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 429,
    readonly detail: string,
    readonly more: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly parameters?: ProblemAnswer['parameters'];
    } = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** What is said of refusals that carry no reason of their own. */
const DETAILS: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  405: 'This address does not answer this method.',
  503: 'The stores do not answer. Ask again in a few seconds.',
};

/**
 * Answers every error as `application/problem+json` (RFC 9457): what the caller can do about it, and nothing of the
 * inside.
 */
export function sayProblems(log: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const status = error instanceof Problem ? error.status : statusOf(error);
    if (status >= 500) log.error({ err: error, method: req.method, path: req.path }, 'a request to the API failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const headers =
      error instanceof Problem ? (error.more.headers ?? {}) : error instanceof Failure ? error.headers : {};
    const answer: ProblemAnswer = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail:
        error instanceof Problem
          ? error.detail
          : (DETAILS[status] ?? (status >= 500 ? 'Something failed here.' : 'The request cannot be understood.')),
      ...(error instanceof Problem && error.more.parameters ? { parameters: error.more.parameters } : {}),
    };
    res.status(status).set({
      'Cache-Control': 'no-store',
      Vary: 'Authorization',
      'Content-Type': 'application/problem+json',
      ...(status === 503 ? { 'Retry-After': '10' } : {}),
      ...headers,
    });
    res.send(Buffer.from(JSON.stringify(answer)));
  };
}
