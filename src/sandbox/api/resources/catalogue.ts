import { invalid } from '../../failure';
import { find, idOf } from '../../find';
import { newPrice } from '../../objects/price';
import { newProduct } from '../../objects/product';
import type { World } from '../../world';
import { PAGING, pageOf } from '../lists';
import {
  address,
  clearable,
  given,
  inner,
  listOf,
  maybe,
  merged,
  metadata,
  oneOf,
  range,
  text,
  truth,
  whole,
} from '../params';
import { route, theId } from '../route';

const PRODUCT = {
  active: maybe(truth),
  description: maybe(clearable(text)),
  images: maybe(listOf(text, 8)),
  metadata: maybe(metadata),
  statement_descriptor: maybe(text),
  tax_code: maybe(clearable(text)),
  unit_label: maybe(clearable(text)),
  url: maybe(clearable(address)),
};

/** Products: what is sold. */
export const products = [
  route(
    'POST',
    'products',
    { ...PRODUCT, id: maybe(text), name: text },
    ({ world, params: { metadata: said, ...values } }) => {
      if (values.id !== undefined && world.products.has(values.id))
        throw invalid(`Product already exists.`, 'id', 'resource_already_exists');
      const product = world.add(
        'products',
        newProduct(world, { ...given(values), name: values.name, metadata: merged({}, said) }),
      );
      world.emit('product.created', product);
      return product;
    },
  ),
  route('GET', 'products/:id', {}, (asked) => find(asked.world, 'products', theId(asked))),
  route('POST', 'products/:id', { ...PRODUCT, name: maybe(text), default_price: maybe(text) }, (asked) => {
    const {
      world,
      params: { metadata: said, ...values },
    } = asked;
    const product = find(world, 'products', theId(asked));
    if (
      values.default_price !== undefined &&
      idOf(find(world, 'prices', values.default_price, 'default_price').product) !== product.id
    )
      throw invalid('The price is not one of this product.', 'default_price');
    const previous = world.alter('products', product, { ...given(values), metadata: merged(product.metadata, said) });
    if (previous) {
      const updated = world.alter('products', product, { updated: world.now() });
      world.emit('product.updated', product, { ...previous, ...updated });
    }
    return product;
  }),
  route(
    'GET',
    'products',
    { ...PAGING, active: maybe(truth), created: maybe(range), ids: maybe(listOf(text)), url: maybe(text) },
    ({ world, params }) =>
      pageOf(
        world.products.values(),
        params,
        '/v1/products',
        ({ id, active, created, url }) =>
          (params.active === undefined || params.active === active) &&
          (params.ids === undefined || params.ids.includes(id)) &&
          (params.url === undefined || params.url === url) &&
          (params.created?.(created) ?? true),
      ),
  ),
];

const TAX_BEHAVIOR = oneOf('exclusive', 'inclusive', 'unspecified');
const RECURRING = {
  interval: oneOf('day', 'week', 'month', 'year'),
  interval_count: maybe(whole(1, 1_095)),
  trial_period_days: maybe(whole(1, 730)),
  usage_type: maybe(oneOf('licensed')),
};

/** Prices: how much a product costs, and how often. */
export const prices = [
  route(
    'POST',
    'prices',
    {
      active: maybe(truth),
      currency: text,
      lookup_key: maybe(text),
      metadata: maybe(metadata),
      nickname: maybe(text),
      product: maybe(text),
      product_data: maybe(inner({ name: text, metadata: maybe(metadata), active: maybe(truth) })),
      recurring: maybe(inner(RECURRING)),
      tax_behavior: maybe(TAX_BEHAVIOR),
      transfer_lookup_key: maybe(truth),
      unit_amount: whole(0, 999_999_999_999),
      billing_scheme: maybe(oneOf('per_unit')),
    },
    ({ world, params }) => {
      const { product, product_data, recurring, lookup_key, transfer_lookup_key } = params;
      if ((product === undefined) === (product_data === undefined))
        throw invalid(
          'You must specify either `product` or `product_data` when creating a price.',
          'product',
          'parameter_missing',
        );
      if (!/^[a-zA-Z]{3}$/.test(params.currency)) throw invalid(`Invalid currency: ${params.currency}.`, 'currency');
      if (lookup_key !== undefined) freeKey(world, lookup_key, transfer_lookup_key ?? false);
      const made =
        product_data &&
        world.add(
          'products',
          newProduct(world, { name: product_data.name, metadata: merged({}, product_data.metadata) }),
        );
      if (made) world.emit('product.created', made);
      const price = newPrice(world, {
        product: made?.id ?? find(world, 'products', product ?? '', 'product').id,
        currency: params.currency.toLowerCase(),
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
    },
  ),
  route('GET', 'prices/:id', {}, (asked) => find(asked.world, 'prices', theId(asked))),
  route(
    'POST',
    'prices/:id',
    {
      active: maybe(truth),
      lookup_key: maybe(clearable(text)),
      metadata: maybe(metadata),
      nickname: maybe(clearable(text)),
      tax_behavior: maybe(TAX_BEHAVIOR),
      transfer_lookup_key: maybe(truth),
    },
    (asked) => {
      const {
        world,
        params: { metadata: said, transfer_lookup_key, ...values },
      } = asked;
      const price = find(world, 'prices', theId(asked));
      if (values.lookup_key && values.lookup_key !== price.lookup_key)
        freeKey(world, values.lookup_key, transfer_lookup_key ?? false);
      const previous = world.alter('prices', price, { ...given(values), metadata: merged(price.metadata, said) });
      if (previous) world.emit('price.updated', price, previous);
      return price;
    },
  ),
  route(
    'GET',
    'prices',
    {
      ...PAGING,
      active: maybe(truth),
      created: maybe(range),
      currency: maybe(text),
      lookup_keys: maybe(listOf(text, 10)),
      product: maybe(text),
      type: maybe(oneOf('one_time', 'recurring')),
      recurring: maybe(inner({ interval: maybe(RECURRING.interval), usage_type: maybe(oneOf('licensed', 'metered')) })),
    },
    ({ world, params }) =>
      pageOf(
        world.prices.values(),
        params,
        '/v1/prices',
        ({ active, created, currency, lookup_key, product, recurring, type }) =>
          (params.active === undefined || params.active === active) &&
          (params.currency === undefined || params.currency === currency) &&
          (params.product === undefined || params.product === idOf(product)) &&
          (params.lookup_keys === undefined || params.lookup_keys.some((key) => key === lookup_key)) &&
          (params.type === undefined || params.type === type) &&
          (params.recurring?.interval === undefined || params.recurring.interval === recurring?.interval) &&
          (params.created?.(created) ?? true),
      ),
  ),
];

function freeKey(world: World, key: string, transfer: boolean): void {
  const holder = [...world.prices.values()].find(({ lookup_key }) => lookup_key === key);
  if (!holder) return;
  if (!transfer)
    throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key', 'resource_already_exists');
  world.emit('price.updated', holder, world.alter('prices', holder, { lookup_key: null }));
}
