import type Stripe from 'stripe';
import { currencyOf } from '../../../lib/currencies';
import { assertOneCurrency } from '../../engine/currencies';
import { describeItem, money } from '../../engine/describe';
import { assertCurrency, assertUsable, discountOn } from '../../engine/discounts';
import { intervalOf, sameInterval } from '../../engine/periods';
import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import { newCheckoutSession, newLineItem } from '../../objects/checkout-session';
import type { World } from '../../world';
import { merged } from '../metadata';
import { assertOnlyOne, type Read } from '../params';
import type { CREATE } from './checkout-params';

const HOUR = 3_600;

/** Opens a checkout session. @throws StripeFailure for what cannot be sold together, or to this customer. */
export function createSession(world: World, params: Read<typeof CREATE>): Stripe.Checkout.Session {
  const customer = params.customer === undefined ? null : findCustomer(world, params.customer, 'customer');
  assertCustomer(params, customer);
  const lines = params.line_items.map(({ price, quantity }, at) => ({
    price: priceFor(world, price, `line_items[${at}][price]`),
    quantity: quantity ?? 1,
  }));
  const first = assertSellable(lines);
  if (customer) assertOneCurrency(world, customer, first.price.currency);
  const expiresAt = expiryOf(world, params.expires_at);
  assertTrial(world, params.subscription_data ?? {});
  const discount = discountFor(world, params, first.price.currency);
  const subtotal = lines.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity, 0);
  const trial =
    params.subscription_data?.trial_end !== undefined || params.subscription_data?.trial_period_days !== undefined;
  const off = discount && !trial ? discountOn(discount.coupon, subtotal) : 0;
  if (!trial) assertEnough(subtotal - off, first.price.currency);
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
  addOrder(world, session.id, lines, params.subscription_data);
  return session;
}

function addOrder(
  world: World,
  session: string,
  lines: readonly Line[],
  data: Read<typeof CREATE>['subscription_data'],
): void {
  world.add('orders', {
    id: session,
    lines: lines.map(({ price, quantity }) => newLineItem(price, quantity, 0, describeItem(world, price, quantity))),
    metadata: merged({}, data?.metadata),
    description: data?.description ?? null,
    trialEnd: data?.trial_end ?? null,
    trialDays: data?.trial_period_days ?? null,
    missingPaymentMethod: data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
  });
}

function assertCustomer(params: Read<typeof CREATE>, customer: Stripe.Customer | null): void {
  const update = params.customer_update;
  if (!customer) {
    if (update) throw invalid('`customer_update` can only be used with `customer`.', 'customer_update');
    return;
  }
  assertOnlyOne(params, 'customer', 'customer_email');
  if (params.automatic_tax?.enabled && !customer.address?.country && update?.address !== 'auto') {
    throw invalid(
      'Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to ' +
        "the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to " +
        "'auto' to save the address entered in Checkout to the Customer.",
      'automatic_tax',
      'customer_tax_location_invalid',
    );
  }
  if (params.tax_id_collection?.enabled && update?.name !== 'auto')
    throw invalid(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an ' +
        'existing customer, please set `customer_update[name]` to `auto`.',
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

function discountFor(
  world: World,
  params: Read<typeof CREATE>,
  currency: string,
): { coupon: Stripe.Coupon; code: string | null } | null {
  const [wanted] = params.discounts ?? [];
  if (!wanted) return null;
  assertOnlyOne(params, 'discounts', 'allow_promotion_codes');
  if (wanted.coupon !== undefined && wanted.promotion_code !== undefined)
    throw invalid(
      'You may only specify one of these parameters: coupon, promotion_code.',
      'discounts[0]',
      'parameters_exclusive',
    );
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
  if (code) assertRedeemable(world, code, params.customer ?? null);
  assertUsable(world, coupon);
  assertCurrency(coupon, currency, `discounts[0][${code ? 'promotion_code' : 'coupon'}]`);
  return { coupon, code: code?.id ?? null };
}

function assertRedeemable(world: World, code: Stripe.PromotionCode, customer: string | null): void {
  const param = 'discounts[0][promotion_code]';
  const { active, expires_at: expires, max_redemptions: most, times_redeemed: times } = code;
  if (!active) throw invalid('This promotion code is inactive.', param);
  if (expires !== null && expires <= world.now()) throw invalid('This promotion code has expired.', param);
  if (most !== null && times >= most) throw invalid('This promotion code has been redeemed too often.', param);
  if (code.customer !== null && idOf(code.customer) !== customer)
    throw invalid('This promotion code is not valid for this customer.', param);
}

interface Line {
  readonly price: Stripe.Price;
  readonly quantity: number;
}

/** @returns the first of the lines. @throws StripeFailure for prices that cannot be in one subscription. */
function assertSellable(lines: readonly Line[]): Line {
  const first = lines[0];
  if (!first) throw invalid('Missing required param: line_items.', 'line_items', 'parameter_missing');
  const interval = intervalOf(first.price);
  for (const { price } of lines) {
    if (price.currency !== first.price.currency)
      throw invalid('All prices in a Checkout Session must be in one currency.', 'line_items');
    if (!sameInterval(intervalOf(price), interval))
      throw invalid('Checkout does not support multiple prices with different billing intervals.', 'line_items');
  }
  return first;
}

function expiryOf(world: World, wanted: number | undefined): number {
  const now = world.now();
  const expiresAt = wanted ?? now + 24 * HOUR;
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
  return expiresAt;
}

/** From two days to two years (https://docs.stripe.com/payments/checkout/free-trials). */
function assertTrial(
  world: World,
  { trial_end, trial_period_days }: { readonly trial_end?: number | undefined; trial_period_days?: number | undefined },
): void {
  if (trial_end === undefined) return;
  const param = 'subscription_data[trial_end]';
  if (trial_period_days !== undefined)
    throw invalid(
      'You may only specify one of these parameters: trial_end, trial_period_days.',
      param,
      'parameters_exclusive',
    );
  if (trial_end < world.now() + 48 * HOUR)
    throw invalid('The `trial_end` date has to be at least 2 days in the future.', param);
  if (trial_end > world.now() + 730 * 24 * HOUR)
    throw invalid('The `trial_end` date has to be at most 730 days in the future.', param);
}

function assertEnough(total: number, currency: string): void {
  const { minimum } = currencyOf(currency);
  if (total > 0 && minimum !== null && total < minimum)
    throw invalid(
      `The Checkout Session's total amount due must add up to at least ${money(minimum, currency)} ${currency}`,
      'line_items',
      'amount_too_small',
    );
}
