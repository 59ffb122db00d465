import type Stripe from 'stripe';
import { currencyOf } from '../../../lib/currencies';
import { invalid } from '../../failure';
import { find, idOf } from '../../find';
import { newPrice } from '../../objects/price';
import { newProduct } from '../../objects/product';
import type { World } from '../../world';
import { assertNamed, PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import {
  assertOnlyOne,
  clearable,
  currency,
  given,
  inner,
  listOf,
  maybe,
  oneOf,
  range,
  text,
  textUpTo,
  truth,
  whole,
  type Read,
} from '../params';
import { route, theId } from '../route';

const TAX_BEHAVIOR = oneOf('exclusive', 'inclusive', 'unspecified');
const LOOKUP_KEY = textUpTo(200);
const RECURRING = {
  interval: oneOf('day', 'week', 'month', 'year'),
  interval_count: maybe(whole(1)),
  trial_period_days: maybe(whole(1, 730)),
  usage_type: maybe(oneOf('licensed')),
};
const CREATE = {
  active: maybe(truth),
  currency,
  lookup_key: maybe(LOOKUP_KEY),
  metadata: maybe(metadata),
  nickname: maybe(text),
  product: maybe(text),
  product_data: maybe(inner({ name: text, metadata: maybe(metadata), active: maybe(truth) })),
  recurring: maybe(inner(RECURRING)),
  tax_behavior: maybe(TAX_BEHAVIOR),
  transfer_lookup_key: maybe(truth),
  unit_amount: whole(0, 999_999_999_999),
  billing_scheme: maybe(oneOf('per_unit')),
};
const UPDATE = {
  active: maybe(truth),
  lookup_key: maybe(clearable(LOOKUP_KEY)),
  metadata: maybe(metadata),
  nickname: maybe(clearable(text)),
  tax_behavior: maybe(TAX_BEHAVIOR),
  transfer_lookup_key: maybe(truth),
};
const LIST = {
  ...PAGING,
  active: maybe(truth),
  created: maybe(range),
  currency: maybe(currency),
  lookup_keys: maybe(listOf(text, 10)),
  product: maybe(text),
  type: maybe(oneOf('one_time', 'recurring')),
  recurring: maybe(inner({ interval: maybe(RECURRING.interval), usage_type: maybe(oneOf('licensed', 'metered')) })),
};

/** Prices: how much a product costs, and how often. */
export const prices = [
  route('POST', 'prices', CREATE, ({ world, params }) => create(world, params)),
  route('GET', 'prices/:id', {}, (request) => find(request.world, 'prices', theId(request))),
  route('POST', 'prices/:id', UPDATE, (request) =>
    update(request.world, find(request.world, 'prices', theId(request)), request.params),
  ),
  route('GET', 'prices', LIST, ({ world, params }) => {
    assertNamed(world, params);
    return pageOf(
      world.prices.values(),
      params,
      '/v1/prices',
      (one) =>
        (params.active === undefined || params.active === one.active) &&
        (params.currency === undefined || params.currency === one.currency) &&
        (params.product === undefined || params.product === idOf(one.product)) &&
        (params.lookup_keys === undefined || params.lookup_keys.some((key) => key === one.lookup_key)) &&
        (params.type === undefined || params.type === one.type) &&
        (params.recurring?.interval === undefined || params.recurring.interval === one.recurring?.interval) &&
        (params.created?.(one.created) ?? true),
    );
  }),
];

function create(world: World, params: Read<typeof CREATE>): Stripe.Price {
  const { product, product_data, recurring, lookup_key } = params;
  if (product === undefined && product_data === undefined)
    throw invalid(
      'You must specify either `product` or `product_data` when creating a price.',
      'product',
      'parameter_missing',
    );
  assertOnlyOne(params, 'product', 'product_data');
  if (recurring) assertInterval(recurring.interval, recurring.interval_count ?? 1);
  const { step } = currencyOf(params.currency);
  if (params.unit_amount % step !== 0)
    throw invalid(`Invalid amount: in ${params.currency} it must be a multiple of ${step}.`, 'unit_amount');
  const existing = product === undefined ? null : find(world, 'products', product, 'product');
  if (lookup_key !== undefined) freeKey(world, lookup_key, params.transfer_lookup_key ?? false);
  const price = newPrice(world, {
    product: (existing ?? createProduct(world, product_data?.name ?? '', merged({}, product_data?.metadata))).id,
    currency: params.currency,
    unit_amount: params.unit_amount,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: recurring.trial_period_days ?? null,
          usage_type: 'licensed',
        }
      : null,
    active: params.active ?? true,
    lookup_key: lookup_key ?? null,
    metadata: merged({}, params.metadata),
    nickname: params.nickname ?? null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
  });
  world.add('prices', price);
  world.emit('price.created', price);
  return price;
}

function createProduct(world: World, name: string, givenMetadata: Stripe.Metadata): Stripe.Product {
  const product = world.add('products', newProduct(world, { name, metadata: givenMetadata }));
  world.emit('product.created', product);
  return product;
}

/** Three years at most: https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count */
const LONGEST = { day: 1_095, week: 156, month: 36, year: 3 };
const OFTEN = { day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' };

function assertInterval(interval: keyof typeof LONGEST, count: number): void {
  if (count > LONGEST[interval])
    throw invalid(
      `The interval_count for ${OFTEN[interval]} prices can't be greater than ${LONGEST[interval]}`,
      'recurring[interval_count]',
    );
}

function update(world: World, price: Stripe.Price, params: Read<typeof UPDATE>): Stripe.Price {
  const { metadata: givenMetadata, transfer_lookup_key, ...values } = params;
  const product = find(world, 'products', idOf(price.product));
  if (values.active === false && product.default_price && idOf(product.default_price) === price.id)
    throw invalid('This price cannot be archived because it is the default price of its product.', 'active');
  if (values.tax_behavior && price.tax_behavior !== 'unspecified' && values.tax_behavior !== price.tax_behavior)
    throw invalid(
      `The tax_behavior of a price cannot be changed once it is ${String(price.tax_behavior)}.`,
      'tax_behavior',
    );
  if (values.lookup_key && values.lookup_key !== price.lookup_key)
    freeKey(world, values.lookup_key, transfer_lookup_key ?? false);
  const previous = world.alter('prices', price, { ...given(values), metadata: merged(price.metadata, givenMetadata) });
  if (previous) world.emit('price.updated', price, previous);
  return price;
}

function freeKey(world: World, key: string, transfer: boolean): void {
  const holder = [...world.prices.values()].find(({ lookup_key }) => lookup_key === key);
  if (!holder) return;
  if (!transfer)
    throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key', 'resource_already_exists');
  world.emit('price.updated', holder, world.alter('prices', holder, { lookup_key: null }));
}
