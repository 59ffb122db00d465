import { MEDIA_TYPES } from '../briefings/pictures/queries';
import type { SiteContext } from '../http/site-context';
import { API_SCOPES } from '../accounts/credentials/api-tokens';
import { API_PATH } from './addresses';
import { jsonSchemas, refTo, type SchemaName } from './answers';
import { examplesFor } from './examples';
import { ADDRESSES, formsOf } from './forms';
import { parametersOf, type Parameter } from './openapi-parameters';
import { problemOf, header, REFUSALS, responsesOf, type ResponseObject } from './openapi-responses';

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

type Forms = ReturnType<typeof formsOf>;
type Examples = ReturnType<typeof examplesFor>;

const ETAG = { ETag: header('Names these very bytes; sent back as `If-None-Match` it is answered with 304.') };
const NOT_MODIFIED = { description: 'These are the bytes the caller has.' };

/** A token with the scope to read, or none: then as a visitor. */
const READS = [{}, { token: [...API_SCOPES] }];

/** The description of the API, as it stands on this Dossier: of what checks requests, and of what types answers. */
export function describeApi({
  publicUrl,
  languages,
  shape,
}: Pick<SiteContext, 'publicUrl' | 'languages' | 'shape'>): OpenApi {
  const forms = formsOf(languages, shape.current);
  const examples = examplesFor(publicUrl);
  return {
    openapi: '3.1.1',
    info: {
      title: languages.first.siteName,
      version: '1.0.0',
      description:
        'The briefings, as far as whoever asks may read them. What stays shut is counted in `gates` and has no text.',
    },
    servers: [{ url: publicUrl }],
    paths: {
      [`${API_PATH}/openapi.json`]: { get: describeDescription(forms) },
      [`${API_PATH}/v1/briefings`]: { get: describeList(forms, examples) },
      [`${API_PATH}/v1/briefings/{slug}`]: { get: describeBriefing(forms, examples) },
      [`${API_PATH}/v1/search`]: { get: describeSearch(forms) },
      [`${API_PATH}/v1/pictures/{file}`]: { get: describePicture(forms) },
    },
    components: {
      schemas: jsonSchemas(),
      responses: responsesOf(examples),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'dos_…',
          description:
            'A token of an account, made on its page and shown once, with the scope `briefings:read`. It reads as ' +
            'far as the account does at that moment. The session cookie of a browser is not heeded.',
        },
      },
    },
  };
}

const describeDescription = (forms: Forms): Operation => ({
  operationId: 'describe',
  summary: 'This description',
  security: [],
  parameters: parametersOf(ADDRESSES.nothing, forms.nothing),
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
});

const describeList = (forms: Forms, examples: Examples): Operation => ({
  operationId: 'listBriefings',
  summary: 'Published briefings, newest first, 20 on a page',
  security: READS,
  parameters: parametersOf(ADDRESSES.nothing, forms.list),
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
});

const describeSearch = (forms: Forms): Operation => ({
  operationId: 'searchBriefings',
  summary: 'Briefings in which whoever asks may read what is looked for, 10 on a page',
  security: READS,
  parameters: parametersOf(ADDRESSES.nothing, forms.search),
  responses: {
    200: {
      description: 'One page of what was found.',
      headers: {
        ...ETAG,
        Link: header('The pages before and after, as `rel="prev"` and `rel="next"` (RFC 8288).'),
      },
      content: { 'application/json': { schema: { $ref: refTo('SearchResult') } } },
    },
    304: NOT_MODIFIED,
    ...REFUSALS,
  },
});

const describeBriefing = (forms: Forms, examples: Examples): Operation => ({
  operationId: 'readBriefing',
  summary: 'One briefing, as far as whoever asks may read it',
  security: READS,
  parameters: parametersOf(ADDRESSES.briefing, forms.briefing),
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
});

const describePicture = (forms: Forms): Operation => ({
  operationId: 'readPicture',
  summary: 'A picture, for whoever may read a text that it stands in',
  security: READS,
  parameters: parametersOf(ADDRESSES.picture, forms.nothing),
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
});
