import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import type { BriefingAnswer, ListAnswer, ProblemAnswer } from '../../src/api/answers';
import type { OpenApi } from '../../src/api/openapi';

/** An answer of the API as it came over the wire. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; null when it is none or no JSON. */
  readonly json: unknown;
}

/** Asks as a program would that follows nothing and keeps nothing. */
export async function ask(url: string, init: RequestInit & { readonly token?: string } = {}): Promise<Asked> {
  const { token, ...rest } = init;
  const response = await fetch(url, {
    redirect: 'manual',
    ...rest,
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(rest.headers as Record<string, string>) },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text !== '' && /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : null,
  };
}

export const briefingIn = ({ json }: Asked) => json as BriefingAnswer;
export const listIn = ({ json }: Asked) => json as ListAnswer;
export const problemIn = ({ json }: Asked) => json as ProblemAnswer;

/** Moments and addresses in answers are what their formats say, or the answer is none of the schema. */
const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  uri: (value: string) => URL.canParse(value),
};

/** Validators made of a description, one for each of its schemas, in its own dialect (2020-12). */
export function validatorsOf({ components: { schemas } }: OpenApi): (name: string) => ValidateFunction {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, formats: FORMATS });
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'https://the.description/', components: { schemas } }, undefined, undefined, false);
  return (name) => ajv.compile({ $ref: `https://the.description/#/components/schemas/${name}` });
}
