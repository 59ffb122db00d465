import { MEDIA_TYPES } from '../briefings/pictures/queries';
import { CONTENT_TYPES, LEVELS } from '../briefings/vocabulary';
import type { SiteContext } from '../http/site-context';
import { API_SCOPES } from '../accounts/api-tokens';
import { API_PATH } from './addresses';
import { jsonSchemas, refTo, type SchemaName } from './answers';
import { examplesFor } from './examples';

/** As much of OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1) as is said here. */
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<SchemaName, object>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, ResponseObject | { readonly $ref: string }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required: boolean;
  readonly description: string;
  readonly schema: object;
}

interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: object }>>;
}

const header = (description: string) => ({ description, schema: { type: 'string' } });
const ETAG = { ETag: header('Names these very bytes; sent back as `If-None-Match` it is answered with 304.') };
const problemOf = (status: string) => ({ $ref: `#/components/responses/${status}` });
const REFUSALS = {
  400: problemOf('BadRequest'),
  401: problemOf('Unauthorized'),
  403: problemOf('Forbidden'),
  404: problemOf('NotFound'),
  405: problemOf('MethodNotAllowed'),
  429: problemOf('TooManyRequests'),
  503: problemOf('Unavailable'),
  default: problemOf('Failed'),
};
const NOT_MODIFIED = { description: 'These are the bytes the caller has.' };

/** A token with the scope to read, or none: then as a visitor. */
const READS = [{}, { token: [...API_SCOPES] }];

/** The description of the API, as it stands on this Dossier. */
export function describeApi({ publicUrl, languages }: Pick<SiteContext, 'publicUrl' | 'languages'>): OpenApi {
  const examples = examplesFor(publicUrl);
  const language: Parameter = {
    name: 'language',
    in: 'query',
    required: false,
    description:
      'The language to prefer. Each text falls back by itself and says which language it is in; `Accept-Language` is not heeded.',
    schema: { type: 'string', enum: languages.all.map(({ code }) => code), default: languages.first.code },
  };
  const query = (name: string, description: string, schema: object): Parameter => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  });
  const problem = (description: string, headers: ResponseObject['headers'] = {}): ResponseObject => ({
    description,
    headers,
    content: { 'application/problem+json': { schema: { $ref: refTo('Problem') } } },
  });

  return {
    openapi: '3.1.1',
    info: {
      title: 'Dossier',
      version: '1.0.0',
      description:
        'The briefings, as far as whoever asks may read them. What stays shut is counted in `gates` and has no text.',
    },
    servers: [{ url: publicUrl }],
    paths: {
      [`${API_PATH}/openapi.json`]: {
        get: {
          operationId: 'describe',
          summary: 'This description',
          security: [],
          parameters: [],
          responses: {
            200: {
              description: 'An OpenAPI 3.1 document.',
              headers: ETAG,
              content: { 'application/json': { schema: { type: 'object' } } },
            },
            304: NOT_MODIFIED,
            400: problemOf('BadRequest'),
            405: problemOf('MethodNotAllowed'),
            default: problemOf('Failed'),
          },
        },
      },
      [`${API_PATH}/v1/briefings`]: {
        get: {
          operationId: 'listBriefings',
          summary: 'Published briefings, newest first, 20 on a page',
          security: READS,
          parameters: [
            query('page', 'Which page, from 1.', { type: 'integer', minimum: 1, maximum: 99_999, default: 1 }),
            query('category', 'Only briefings of the category with this slug.', {
              type: 'string',
              pattern: '^[a-z0-9-]{1,80}$',
            }),
            query('type', 'Only briefings of this content type.', { type: 'string', enum: CONTENT_TYPES }),
            query('impact', 'Only briefings of this impact.', { type: 'string', enum: LEVELS }),
            language,
          ],
          responses: {
            200: {
              description: 'One page of the list.',
              headers: {
                ...ETAG,
                Link: header('The pages before and after, as `rel="prev"` and `rel="next"` (RFC 8288).'),
              },
              content: { 'application/json': { schema: { $ref: refTo('BriefingList') }, example: examples.list } },
            },
            304: NOT_MODIFIED,
            ...REFUSALS,
          },
        },
      },
      [`${API_PATH}/v1/briefings/{slug}`]: {
        get: {
          operationId: 'readBriefing',
          summary: 'One briefing, as far as whoever asks may read it',
          security: READS,
          parameters: [
            {
              name: 'slug',
              in: 'path',
              required: true,
              description: 'The slug of the briefing.',
              schema: { type: 'string', pattern: '^[a-z0-9-]{1,80}$' },
            },
            language,
          ],
          responses: {
            200: {
              description: 'The briefing.',
              headers: ETAG,
              content: { 'application/json': { schema: { $ref: refTo('Briefing') }, example: examples.briefing } },
            },
            301: {
              description: 'The briefing has another slug now.',
              headers: { Location: header('Its one address.') },
            },
            304: NOT_MODIFIED,
            ...REFUSALS,
          },
        },
      },
      [`${API_PATH}/v1/pictures/{file}`]: {
        get: {
          operationId: 'readPicture',
          summary: 'A picture, for whoever may read a text that it stands in',
          security: READS,
          parameters: [
            {
              name: 'file',
              in: 'path',
              required: true,
              description: 'As the `url` of a picture ends.',
              schema: { type: 'string', pattern: '^[0-9a-f]{64}(-[1-9][0-9]{1,3})?\\.(png|jpg|webp|avif)$' },
            },
          ],
          responses: {
            200: {
              description: 'The picture.',
              headers: ETAG,
              content: Object.fromEntries(
                Object.values(MEDIA_TYPES).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
              ),
            },
            304: NOT_MODIFIED,
            ...REFUSALS,
          },
        },
      },
    },
    components: {
      schemas: jsonSchemas(),
      responses: {
        BadRequest: {
          ...problem('A parameter is unknown, repeated or of no allowed value; each is named.'),
          content: { 'application/problem+json': { schema: { $ref: refTo('Problem') }, example: examples.problem } },
        },
        Unauthorized: problem(
          'An `Authorization` header was sent that proves nobody: mistyped, unknown, revoked, or of an account that is suspended.',
          { 'WWW-Authenticate': header('`Bearer` with `error="invalid_token"` (RFC 6750).') },
        ),
        Forbidden: problem('The token was made without the scope.', {
          'WWW-Authenticate': header('`Bearer` with `error="insufficient_scope"` (RFC 6750).'),
        }),
        NotFound: problem('There is nothing here, or nothing that is published.'),
        MethodNotAllowed: problem('The API only reads.', { Allow: header('What the address answers.') }),
        TooManyRequests: problem(
          'Too many wrong tokens have come from this address. Tokens that held before are still heeded.',
          { 'Retry-After': header('Seconds to wait.') },
        ),
        Unavailable: problem('The stores do not answer. Nothing is served that could not be proved.', {
          'Retry-After': header('Seconds to wait.'),
        }),
        Failed: problem('Any other failure.'),
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'dos_…',
          description:
            'A token of an account, made on its page and shown once, with the scope `briefings:read`. It reads as far as the account does at that moment. The session cookie of a browser is not heeded.',
        },
      },
    },
  };
}
