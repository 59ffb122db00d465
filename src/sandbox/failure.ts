/** The kinds of errors the API answers with. */
export type FailureType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

export interface FailureDetails {
  readonly code?: string;
  readonly param?: string;
  readonly declineCode?: string;
  readonly type?: FailureType;
  /** Id of what was left behind by a payment that failed. */
  readonly paymentIntent?: string;
}

/** A refusal in Stripe's words: the status and the fields of its `error` object. */
export class StripeFailure extends Error {
  override name = 'StripeFailure';

  constructor(
    readonly status: number,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message);
  }
}

/** A wrong request: 400. */
export function invalid(message: string, param?: string, code?: string): StripeFailure {
  return new StripeFailure(400, message, {
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  });
}

/** Nothing with that id: 404 where the address named it, 400 where a parameter did. */
export function missing(what: string, id: string, param = 'id', status: 400 | 404 = 404): StripeFailure {
  return new StripeFailure(status, `No such ${what}: '${id}'`, { code: 'resource_missing', param });
}

/** A payment the bank refused: 402. */
export function declined(code: string, message: string, paymentIntent?: string): StripeFailure {
  return new StripeFailure(402, message, {
    type: 'card_error',
    code,
    ...(code === 'card_declined' ? { declineCode: 'generic_decline' } : {}),
    ...(paymentIntent === undefined ? {} : { paymentIntent }),
  });
}
