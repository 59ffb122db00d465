import type Stripe from 'stripe';
import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import { NO_FEATURES, newPortalConfiguration, newPortalSession } from '../../objects/portal';
import { PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import { address, clearable, given, inner, listOf, maybe, oneOf, text, textUpTo, truth, type Read } from '../params';
import { route, theId } from '../route';
import { ITEMS, PRORATION } from './subscription-items';

const REASONS = oneOf(
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
);
const FEATURES = inner({
  customer_update: maybe(
    inner({
      enabled: maybe(truth),
      allowed_updates: maybe(listOf(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id'))),
    }),
  ),
  invoice_history: maybe(inner({ enabled: truth })),
  payment_method_update: maybe(inner({ enabled: truth })),
  subscription_cancel: maybe(
    inner({
      enabled: maybe(truth),
      mode: maybe(oneOf('at_period_end', 'immediately')),
      proration_behavior: maybe(PRORATION),
      cancellation_reason: maybe(inner({ enabled: truth, options: maybe(listOf(REASONS)) })),
    }),
  ),
  subscription_update: maybe(
    inner({
      enabled: maybe(truth),
      default_allowed_updates: maybe(listOf(oneOf('price', 'promotion_code', 'quantity'))),
      proration_behavior: maybe(PRORATION),
      products: maybe(listOf(inner({ product: text, prices: listOf(text) }), 10)),
    }),
  ),
});
const PROFILE = inner({
  headline: maybe(clearable(textUpTo(60))),
  privacy_policy_url: maybe(address),
  terms_of_service_url: maybe(address),
});
const CONFIGURATION = {
  business_profile: maybe(PROFILE),
  default_return_url: maybe(clearable(address)),
  features: maybe(FEATURES),
  metadata: maybe(metadata),
  name: maybe(clearable(text)),
};
type Said = Read<{ features: typeof FEATURES }>['features'];

/** Portal configurations: what customers may do by themselves. */
export const portalConfigurations = [
  route(
    'POST',
    'billing_portal/configurations',
    { ...CONFIGURATION, features: FEATURES },
    ({ world, params: { metadata: said, features, business_profile, ...values } }) => {
      const first = world.portalConfigurations.size === 0;
      const configuration = newPortalConfiguration(world, {
        ...given(values),
        features: featuresAfter(NO_FEATURES, features),
        is_default: first,
        metadata: merged({}, said),
      });
      Object.assign(configuration.business_profile, given(business_profile ?? {}));
      world.add('portalConfigurations', configuration);
      world.emit('billing_portal.configuration.created', configuration);
      return configuration;
    },
  ),
  route('GET', 'billing_portal/configurations/:id', {}, (asked) =>
    find(asked.world, 'portalConfigurations', theId(asked)),
  ),
  route('POST', 'billing_portal/configurations/:id', { ...CONFIGURATION, active: maybe(truth) }, (asked) => {
    const {
      world,
      params: { metadata: said, features, business_profile, ...values },
    } = asked;
    const configuration = find(world, 'portalConfigurations', theId(asked));
    const previous = world.alter('portalConfigurations', configuration, {
      ...given(values),
      business_profile: { ...configuration.business_profile, ...given(business_profile ?? {}) },
      features: featuresAfter(configuration.features, features ?? {}),
      metadata: merged(configuration.metadata, said),
      updated: world.now(),
    });
    if (previous) world.emit('billing_portal.configuration.updated', configuration, previous);
    return configuration;
  }),
  route(
    'GET',
    'billing_portal/configurations',
    { ...PAGING, active: maybe(truth), is_default: maybe(truth) },
    ({ world, params }) =>
      pageOf(
        world.portalConfigurations.values(),
        params,
        '/v1/billing_portal/configurations',
        ({ active, is_default }) =>
          (params.active === undefined || params.active === active) &&
          (params.is_default === undefined || params.is_default === is_default),
      ),
  ),
];

function featuresAfter(
  before: Stripe.BillingPortal.Configuration.Features,
  said: Said,
): Stripe.BillingPortal.Configuration.Features {
  const { customer_update, invoice_history, payment_method_update, subscription_cancel, subscription_update } = said;
  const { cancellation_reason: reason, ...cancel } = subscription_cancel ?? {};
  const { products, ...update } = subscription_update ?? {};
  return {
    ...before,
    customer_update: { ...before.customer_update, ...given(customer_update ?? {}) },
    invoice_history: { ...before.invoice_history, ...given(invoice_history ?? {}) },
    payment_method_update: { ...before.payment_method_update, ...given(payment_method_update ?? {}) },
    subscription_cancel: {
      ...before.subscription_cancel,
      ...given(cancel),
      ...(reason
        ? {
            cancellation_reason: {
              ...before.subscription_cancel.cancellation_reason,
              enabled: reason.enabled,
              ...(reason.options ? { options: [...reason.options] } : {}),
            },
          }
        : {}),
    },
    subscription_update: {
      ...before.subscription_update,
      ...given(update),
      ...(products
        ? {
            products: products.map(({ product, prices }) => ({
              adjustable_quantity: { enabled: false, maximum: null, minimum: 1 },
              prices: [...prices],
              product,
            })),
          }
        : {}),
    },
  };
}

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
