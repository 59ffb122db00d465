import type Stripe from 'stripe';
import { find } from '../../find';
import { NO_FEATURES, newPortalConfiguration } from '../../objects/portal';
import { PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import { address, clearable, given, inner, listOf, maybe, oneOf, text, textUpTo, truth, type Read } from '../params';
import { route, theId } from '../route';
import { PRORATION } from './subscription-items';

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
    ({ world, params: { metadata: givenMetadata, features, business_profile, ...values } }) => {
      const first = world.portalConfigurations.size === 0;
      const configuration = newPortalConfiguration(world, {
        ...given(values),
        features: featuresAfter(NO_FEATURES, features),
        is_default: first,
        metadata: merged({}, givenMetadata),
      });
      Object.assign(configuration.business_profile, given(business_profile ?? {}));
      world.add('portalConfigurations', configuration);
      world.emit('billing_portal.configuration.created', configuration);
      return configuration;
    },
  ),
  route('GET', 'billing_portal/configurations/:id', {}, (request) =>
    find(request.world, 'portalConfigurations', theId(request)),
  ),
  route('POST', 'billing_portal/configurations/:id', { ...CONFIGURATION, active: maybe(truth) }, (request) => {
    const {
      world,
      params: { metadata: givenMetadata, features, business_profile, ...values },
    } = request;
    const configuration = find(world, 'portalConfigurations', theId(request));
    const previous = world.alter('portalConfigurations', configuration, {
      ...given(values),
      business_profile: { ...configuration.business_profile, ...given(business_profile ?? {}) },
      features: featuresAfter(configuration.features, features ?? {}),
      metadata: merged(configuration.metadata, givenMetadata),
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
  wanted: Said,
): Stripe.BillingPortal.Configuration.Features {
  const { customer_update, invoice_history, payment_method_update, subscription_cancel, subscription_update } = wanted;
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
