/** The answers a request can be refused with on purpose. */
export type FailureStatus = 400 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 429 | 500 | 503;

/** A refusal that a person will read as a page: the status says which. The message is for the log alone. */
export class Failure extends Error {
  constructor(
    readonly status: FailureStatus,
    message: string,
    options?: ErrorOptions & {
      readonly headers?: Readonly<Record<string, string>>;
      readonly told?: readonly string[];
    },
  ) {
    super(message, options);
    this.name = 'Failure';
    this.headers = options?.headers ?? {};
    this.told = options?.told ?? [];
  }

  readonly headers: Readonly<Record<string, string>>;
  /** Sentences that the page says besides: public, whoever reads it. */
  readonly told: readonly string[];
}

/** Nothing here for this viewer. Said alike for what does not exist and what may not be known to exist. */
export function notFound(what: string): Failure {
  return new Failure(404, `${what} not found`);
}
