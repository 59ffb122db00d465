import type Stripe from 'stripe';
import { newId } from '../ids';
import type { World } from '../world';

export type ConfigurationValues = Partial<
  Pick<
    Stripe.BillingPortal.Configuration,
    'default_return_url' | 'metadata' | 'name' | 'business_profile' | 'features' | 'is_default'
  >
>;

/** What a portal lets its customers do before anybody said anything: nothing. */
export const NO_FEATURES: Stripe.BillingPortal.Configuration.Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: null,
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
};

/** A configuration of the customer portal as the API answers it. */
export function newPortalConfiguration(world: World, values: ConfigurationValues): Stripe.BillingPortal.Configuration {
  return {
    id: newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: world.now(),
    default_return_url: null,
    features: NO_FEATURES,
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: world.now(),
    ...values,
  };
}

export type PortalValues = Pick<Stripe.BillingPortal.Session, 'customer' | 'flow' | 'locale' | 'return_url'> & {
  readonly configuration: string;
};

/** A visit of a customer to the portal as the API answers it. */
export function newPortalSession(world: World, values: PortalValues): Stripe.BillingPortal.Session {
  const id = newId('bps');
  return {
    id,
    object: 'billing_portal.session',
    after_expiration: null,
    created: world.now(),
    customer_account: null,
    livemode: false,
    on_behalf_of: null,
    url: `${world.url}/p/session/${id}`,
    ...values,
  };
}
