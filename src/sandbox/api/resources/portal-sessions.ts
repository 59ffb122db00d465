import type Stripe from 'stripe';
import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import { newPortalSession } from '../../objects/portal';
import { address, inner, maybe, oneOf, text, type Read } from '../params';
import { route } from '../route';
import { ITEMS } from './subscription-items';

const OF_A_SUBSCRIPTION = inner({ subscription: text });
const FLOW = inner({
  type: oneOf('payment_method_update', 'subscription_cancel', 'subscription_update', 'subscription_update_confirm'),
  after_completion: maybe(
    inner({
      type: oneOf('hosted_confirmation', 'portal_homepage', 'redirect'),
      redirect: maybe(inner({ return_url: address })),
      hosted_confirmation: maybe(inner({ custom_message: maybe(text) })),
    }),
  ),
  subscription_cancel: maybe(OF_A_SUBSCRIPTION),
  subscription_update: maybe(OF_A_SUBSCRIPTION),
  subscription_update_confirm: maybe(inner({ subscription: text, items: ITEMS })),
});

/** Portal sessions: one visit of one customer. */
export const portalSessions = [
  route(
    'POST',
    'billing_portal/sessions',
    {
      configuration: maybe(text),
      customer: text,
      flow_data: maybe(FLOW),
      locale: maybe(text),
      return_url: maybe(address),
    },
    ({ world, params }) => {
      const customer = findCustomer(world, params.customer, 'customer');
      const standard = [...world.portalConfigurations.values()].find(({ is_default }) => is_default);
      if (params.configuration === undefined && !standard)
        throw invalid(
          'No configuration provided and your test mode default configuration has not been created. Provide a ' +
            'configuration or create your default by saving your customer portal settings in test mode at ' +
            'https://dashboard.stripe.com/test/settings/billing/portal.',
          'configuration',
        );
      const configuration =
        params.configuration === undefined
          ? standard
          : find(world, 'portalConfigurations', params.configuration, 'configuration');
      if (!configuration?.active) throw invalid('This configuration is not active.', 'configuration');
      const flow = params.flow_data;
      const named = flow?.subscription_cancel ?? flow?.subscription_update ?? flow?.subscription_update_confirm;
      if (flow && flow.type !== 'payment_method_update' && !named)
        throw invalid(
          `Missing required param: flow_data[${flow.type}].`,
          `flow_data[${flow.type}]`,
          'parameter_missing',
        );
      if (
        named &&
        idOf(
          find(world, 'subscriptions', named.subscription, `flow_data[${flow?.type ?? ''}][subscription]`).customer,
        ) !== customer.id
      )
        throw invalid(`The subscription ${named.subscription} does not belong to this customer.`, 'flow_data');
      const session = newPortalSession(world, {
        configuration: configuration.id,
        customer: customer.id,
        flow: flow ? flowOf(flow) : null,
        locale: params.locale ?? null,
        return_url: params.return_url ?? configuration.default_return_url,
      });
      world.add('portalSessions', session);
      world.emit('billing_portal.session.created', session);
      return session;
    },
  ),
];

function flowOf({
  type,
  after_completion: after,
  subscription_cancel,
  subscription_update,
  subscription_update_confirm: confirm,
}: Read<{ flow: typeof FLOW }>['flow']): Stripe.BillingPortal.Session.Flow {
  return {
    after_completion: {
      type: after?.type ?? 'portal_homepage',
      redirect: after?.redirect ? { return_url: after.redirect.return_url } : null,
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
    },
    customer_update: null,
    subscription_cancel: subscription_cancel
      ? { retention: null, subscription: subscription_cancel.subscription }
      : null,
    subscription_pause: null,
    subscription_update: subscription_update ? { subscription: subscription_update.subscription } : null,
    subscription_update_confirm: confirm
      ? {
          discounts: null,
          items: confirm.items.map(({ id, price, quantity }) => ({
            id: id ?? null,
            price: price ?? null,
            ...(quantity === undefined ? {} : { quantity }),
          })),
          subscription: confirm.subscription,
        }
      : null,
    type,
  };
}
