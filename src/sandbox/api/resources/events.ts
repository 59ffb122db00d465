import type Stripe from 'stripe';
import { invalid } from '../../failure';
import { find } from '../../find';
import { newWebhookEndpoint } from '../../objects/webhook-endpoint';
import { PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import { address, assertOnlyOne, clearable, given, listOf, maybe, range, text, truth, type Param } from '../params';
import { route, theId } from '../route';

/** Events: what happened in the last thirty days. */
export const events = [
  route('GET', 'events/:id', {}, (request) => find(request.world, 'events', theId(request))),
  route(
    'GET',
    'events',
    {
      ...PAGING,
      created: maybe(range),
      delivery_success: maybe(truth),
      type: maybe(text),
      types: maybe(listOf(text, 20)),
    },
    ({ world, params }) => {
      assertOnlyOne(params, 'type', 'types');
      return pageOf(
        world.events.values(),
        params,
        '/v1/events',
        ({ created, pending_webhooks, type }) =>
          (params.type === undefined || matches(params.type, type)) &&
          (params.types === undefined || params.types.some((one) => matches(one, type))) &&
          (params.delivery_success === undefined || params.delivery_success === (pending_webhooks === 0)) &&
          (params.created?.(created) ?? true),
      );
    },
  ),
];

function matches(pattern: string, type: string): boolean {
  return pattern === type || pattern === '*' || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));
}

/** The types of events an endpoint is sent: at least one. */
const eventTypes: Param<Stripe.WebhookEndpoint['enabled_events']> = (value, name) => {
  const types = listOf(text, 500)(value, name);
  if (types.length === 0) throw invalid(`Missing required param: ${name}.`, name, 'parameter_missing');
  const error = types.find((type) => type !== '*' && !/^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(type));
  if (error !== undefined) throw invalid(`Invalid ${name}: ${error} is not a type of event.`, name);
  return types;
};

/** As many as Stripe lets a test account have. */
const MOST_ENDPOINTS = 16;

const ENDPOINT = { description: maybe(clearable(text)), metadata: maybe(metadata) };

/** Webhook endpoints: where events are sent. The secret is answered once, when the endpoint is made. */
export const webhookEndpoints = [
  route(
    'POST',
    'webhook_endpoints',
    { ...ENDPOINT, api_version: maybe(text), enabled_events: eventTypes, url: address },
    ({ world, params: { metadata: givenMetadata, ...values } }) => {
      if (world.webhookEndpoints.size >= MOST_ENDPOINTS)
        throw invalid(`You have reached the maximum of ${MOST_ENDPOINTS} test webhook endpoints.`);
      return world.add(
        'webhookEndpoints',
        newWebhookEndpoint(world, {
          ...given(values),
          url: values.url,
          enabled_events: values.enabled_events,
          metadata: merged({}, givenMetadata),
        }),
      );
    },
  ),
  route('GET', 'webhook_endpoints/:id', {}, (request) =>
    withoutSecret(find(request.world, 'webhookEndpoints', theId(request))),
  ),
  route(
    'POST',
    'webhook_endpoints/:id',
    { ...ENDPOINT, disabled: maybe(truth), enabled_events: maybe(eventTypes), url: maybe(address) },
    (request) => {
      const {
        world,
        params: { metadata: givenMetadata, disabled, ...values },
      } = request;
      const endpoint = find(world, 'webhookEndpoints', theId(request));
      world.alter('webhookEndpoints', endpoint, {
        ...given(values),
        metadata: merged(endpoint.metadata, givenMetadata),
        ...(disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' }),
      });
      return withoutSecret(endpoint);
    },
  ),
  route('DELETE', 'webhook_endpoints/:id', {}, (request) => {
    const { id } = find(request.world, 'webhookEndpoints', theId(request));
    request.world.remove('webhookEndpoints', id);
    return { id, object: 'webhook_endpoint', deleted: true } satisfies Stripe.DeletedWebhookEndpoint;
  }),
  route('GET', 'webhook_endpoints', PAGING, ({ world, params }) => {
    const page = pageOf(world.webhookEndpoints.values(), params, '/v1/webhook_endpoints');
    return { ...page, data: page.data.map(withoutSecret) };
  }),
];

function withoutSecret({ secret: _, ...endpoint }: Stripe.WebhookEndpoint): Stripe.WebhookEndpoint {
  return endpoint;
}
