import { refTo } from './answers';
import type { examplesFor } from './examples';

/** An answer as OpenAPI describes it. */
export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: object }>>;
}

/** A header of an answer. */
export const header = (description: string) => ({ description, schema: { type: 'string' } });

/** Where a refusal is described. */
export const problemOf = (name: string) => ({ $ref: `#/components/responses/${name}` });

/** How whatever reads briefings refuses. */
export const REFUSALS = {
  400: problemOf('BadRequest'),
  401: problemOf('Unauthorized'),
  403: problemOf('Forbidden'),
  404: problemOf('NotFound'),
  405: problemOf('MethodNotAllowed'),
  429: problemOf('TooManyRequests'),
  503: problemOf('Unavailable'),
  default: problemOf('Failed'),
};

const problem = (description: string, headers: ResponseObject['headers'] = {}, example?: object): ResponseObject => ({
  description,
  headers,
  content: {
    'application/problem+json': { schema: { $ref: refTo('Problem') }, ...(example === undefined ? {} : { example }) },
  },
});

/** Every refusal by its name. */
export const responsesOf = (
  examples: Pick<ReturnType<typeof examplesFor>, 'problem'>,
): Readonly<Record<string, ResponseObject>> => ({
  BadRequest: problem('A parameter is unknown, repeated or of no allowed value; each is named.', {}, examples.problem),
  Unauthorized: problem(
    'An `Authorization` header was sent that proves nobody: mistyped, unknown, revoked, or of an account that is ' +
      'suspended.',
    { 'WWW-Authenticate': header('`Bearer` with `error="invalid_token"` (RFC 6750).') },
  ),
  Forbidden: problem('The token was made without the scope.', {
    'WWW-Authenticate': header('`Bearer` with `error="insufficient_scope"` (RFC 6750).'),
  }),
  NotFound: problem('There is nothing here, or nothing that is published.'),
  MethodNotAllowed: problem('The API only reads.', { Allow: header('What the address answers.') }),
  TooManyRequests: problem(
    'Too many searches, or too many wrong tokens from this address. Tokens that held before are still heeded.',
    { 'Retry-After': header('Seconds to wait.') },
  ),
  Unavailable: problem('The stores do not answer. Nothing is served that could not be proved.', {
    'Retry-After': header('Seconds to wait.'),
  }),
  Failed: problem('Any other failure.'),
});
