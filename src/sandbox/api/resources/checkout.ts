import type Stripe from 'stripe';
import { describeItem } from '../../engine/describe';
import { assertUsable, discountOn } from '../../engine/discounts';
import { expireSession } from '../../engine/checkout-expiry';
import { sameInterval } from '../../engine/periods';
import { invalid } from '../../failure';
import { find, findCustomer, idOf, idOrNull } from '../../find';
import { newCheckoutSession, newLineItem } from '../../objects/checkout-session';
import type { World } from '../../world';
import { PAGING, pageOf } from '../lists';
import {
  address,
  email,
  ignored,
  inner,
  listOf,
  maybe,
  merged,
  metadata,
  moment,
  oneOf,
  range,
  text,
  truth,
  whole,
  type Read,
} from '../params';
import { route, theId } from '../route';

const HOUR = 3_600;
const LOCALES = [
  'auto',
  'bg',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'en-GB',
  'es',
  'es-419',
  'et',
  'fi',
  'fil',
  'fr',
  'fr-CA',
  'hr',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'ms',
  'mt',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'ro',
  'ru',
  'sk',
  'sl',
  'sv',
  'th',
  'tr',
  'vi',
  'zh',
  'zh-HK',
  'zh-TW',
] as const;

const CREATE = {
  allow_promotion_codes: maybe(truth),
  automatic_tax: maybe(inner({ enabled: truth })),
  billing_address_collection: maybe(oneOf('auto', 'required')),
  cancel_url: maybe(address),
  client_reference_id: maybe(text),
  consent_collection: maybe(
    inner({ promotions: maybe(oneOf('auto', 'none')), terms_of_service: maybe(oneOf('none', 'required')) }),
  ),
  customer: maybe(text),
  customer_email: maybe(email),
  customer_update: maybe(
    inner({
      address: maybe(oneOf('auto', 'never')),
      name: maybe(oneOf('auto', 'never')),
      shipping: maybe(oneOf('auto', 'never')),
    }),
  ),
  custom_text: maybe(ignored),
  discounts: maybe(listOf(inner({ coupon: maybe(text), promotion_code: maybe(text) }), 1)),
  expires_at: maybe(moment),
  line_items: listOf(inner({ price: text, quantity: maybe(whole(1, 999_999)) }), 20),
  locale: maybe(oneOf(...LOCALES)),
  metadata: maybe(metadata),
  mode: oneOf('subscription'),
  payment_method_collection: maybe(oneOf('always', 'if_required')),
  payment_method_types: maybe(listOf(oneOf('card'))),
  phone_number_collection: maybe(inner({ enabled: truth })),
  subscription_data: maybe(
    inner({
      description: maybe(text),
      metadata: maybe(metadata),
      trial_end: maybe(moment),
      trial_period_days: maybe(whole(1, 730)),
      trial_settings: maybe(
        inner({ end_behavior: inner({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }) }),
      ),
    }),
  ),
  success_url: address,
  tax_id_collection: maybe(inner({ enabled: truth })),
  ui_mode: maybe(oneOf('hosted_page')),
};

/** Checkout sessions: where a customer agrees to a subscription. */
export const checkoutSessions = [
  route('POST', 'checkout/sessions', CREATE, ({ world, params }) => create(world, params)),
  route('GET', 'checkout/sessions/:id', {}, (asked) => find(asked.world, 'checkoutSessions', theId(asked))),
  route('GET', 'checkout/sessions/:id/line_items', PAGING, (asked) =>
    pageOf(
      [...find(asked.world, 'orders', find(asked.world, 'checkoutSessions', theId(asked)).id).lines].reverse(),
      asked.params,
      `/v1/checkout/sessions/${theId(asked)}/line_items`,
    ),
  ),
  route('POST', 'checkout/sessions/:id/expire', {}, (asked) => {
    const session = find(asked.world, 'checkoutSessions', theId(asked));
    if (session.status !== 'open')
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    expireSession(asked.world, session);
    return session;
  }),
  route(
    'GET',
    'checkout/sessions',
    {
      ...PAGING,
      created: maybe(range),
      customer: maybe(text),
      status: maybe(oneOf('complete', 'expired', 'open')),
      subscription: maybe(text),
      payment_intent: maybe(text),
    },
    ({ world, params }) =>
      pageOf(
        world.checkoutSessions.values(),
        params,
        '/v1/checkout/sessions',
        ({ created, customer, status, subscription }) =>
          (params.customer === undefined || params.customer === idOrNull(customer)) &&
          (params.status === undefined || params.status === status) &&
          (params.subscription === undefined || params.subscription === idOrNull(subscription)) &&
          params.payment_intent === undefined &&
          (params.created?.(created) ?? true),
      ),
  ),
];

function create(world: World, params: Read<typeof CREATE>): Stripe.Checkout.Session {
  const customer = params.customer === undefined ? null : findCustomer(world, params.customer, 'customer');
  assertCustomer(params, customer);
  const lines = params.line_items.map(({ price, quantity }, at) => ({
    price: priceFor(world, price, `line_items[${at}][price]`),
    quantity: quantity ?? 1,
  }));
  const first = lines[0];
  if (!first) throw invalid('Missing required param: line_items.', 'line_items', 'parameter_missing');
  for (const { price } of lines)
    if (
      price.currency !== first.price.currency ||
      !price.recurring ||
      !first.price.recurring ||
      !sameInterval(price.recurring, first.price.recurring)
    )
      throw invalid('Checkout does not support multiple prices with different billing intervals.', 'line_items');
  const now = world.now();
  const expiresAt = params.expires_at ?? now + 24 * HOUR;
  if (expiresAt < now + HOUR / 2)
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    );
  if (expiresAt > now + 24 * HOUR)
    throw invalid(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    );
  const discount = discountFor(world, params);
  const subtotal = lines.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity, 0);
  const trial =
    params.subscription_data?.trial_end !== undefined || params.subscription_data?.trial_period_days !== undefined;
  const off = discount && !trial ? discountOn(discount.coupon, subtotal) : 0;
  const consent = params.consent_collection;
  const session = newCheckoutSession(world, {
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automaticTax: params.automatic_tax?.enabled ?? false,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    consent_collection: consent
      ? {
          payment_method_reuse_agreement: null,
          promotions: consent.promotions ?? null,
          terms_of_service: consent.terms_of_service ?? null,
        }
      : null,
    currency: first.price.currency,
    customer: customer?.id ?? null,
    customer_email: params.customer_email ?? null,
    discounts: discount
      ? [{ coupon: discount.code === null ? discount.coupon.id : null, promotion_code: discount.code }]
      : [],
    expires_at: expiresAt,
    locale: params.locale ?? null,
    metadata: merged({}, params.metadata),
    payment_method_collection: params.payment_method_collection ?? 'always',
    phone: params.phone_number_collection?.enabled ?? false,
    submit_type: null,
    // What is asked of the customer today.
    subtotal: trial ? 0 : subtotal,
    success_url: params.success_url,
    taxIds: params.tax_id_collection?.enabled ?? false,
    total: trial ? 0 : subtotal - off,
  });
  world.add('checkoutSessions', session);
  const data = params.subscription_data;
  world.add('orders', {
    id: session.id,
    lines: lines.map(({ price, quantity }) => newLineItem(price, quantity, 0, describeItem(world, price, quantity))),
    metadata: merged({}, data?.metadata),
    description: data?.description ?? null,
    trialEnd: data?.trial_end ?? null,
    trialDays: data?.trial_period_days ?? null,
    missingPaymentMethod: data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
  });
  return session;
}

function assertCustomer(params: Read<typeof CREATE>, customer: Stripe.Customer | null): void {
  const update = params.customer_update;
  if (!customer) {
    if (update) throw invalid('`customer_update` can only be used with `customer`.', 'customer_update');
    return;
  }
  if (params.customer_email !== undefined)
    throw invalid('You may only specify one of these parameters: customer, customer_email.', 'customer');
  if (params.automatic_tax?.enabled && !customer.address?.country && update?.address !== 'auto') {
    throw invalid(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      'automatic_tax',
      'customer_tax_location_invalid',
    );
  }
  if (params.tax_id_collection?.enabled && update?.name !== 'auto')
    throw invalid(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      'tax_id_collection',
    );
}

function priceFor(world: World, id: string, param: string): Stripe.Price {
  const price = find(world, 'prices', id, param);
  if (!price.active) throw invalid('The price specified is inactive. This field only accepts active prices.', param);
  if (!price.recurring)
    throw invalid('You must provide at least one recurring price in `subscription` mode when using prices.', param);
  return price;
}

function discountFor(world: World, params: Read<typeof CREATE>): { coupon: Stripe.Coupon; code: string | null } | null {
  const [wanted] = params.discounts ?? [];
  if (!wanted) return null;
  if (params.allow_promotion_codes !== undefined)
    throw invalid('You may only specify one of these parameters: allow_promotion_codes, discounts.', 'discounts');
  const code =
    wanted.promotion_code === undefined
      ? null
      : find(world, 'promotionCodes', wanted.promotion_code, 'discounts[0][promotion_code]');
  const coupon = find(
    world,
    'coupons',
    code ? idOf(code.promotion.coupon ?? '') : (wanted.coupon ?? ''),
    'discounts[0][coupon]',
  );
  if (code && !code.active) throw invalid('This promotion code is inactive.', 'discounts[0][promotion_code]');
  assertUsable(world, coupon);
  return { coupon, code: code?.id ?? null };
}
