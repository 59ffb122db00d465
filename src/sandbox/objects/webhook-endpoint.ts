import type Stripe from 'stripe';
import { letters, newId } from '../ids';
import type { World } from '../world';

export type EndpointValues = Pick<Stripe.WebhookEndpoint, 'url' | 'enabled_events'> &
  Partial<Pick<Stripe.WebhookEndpoint, 'api_version' | 'description' | 'metadata'>>;

/** Where events are sent, with the secret they are signed with. */
export function newWebhookEndpoint(world: World, values: EndpointValues): Stripe.WebhookEndpoint {
  return {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: world.now(),
    description: null,
    livemode: false,
    metadata: {},
    secret: `whsec_${letters(32)}`,
    status: 'enabled',
    ...values,
  };
}
