import { invalid } from '../../failure';
import { find, idOf } from '../../find';
import { newProduct } from '../../objects/product';
import { PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import { address, clearable, given, listOf, maybe, range, text, textUpTo, truth } from '../params';
import { route, theId } from '../route';

const PRODUCT = {
  active: maybe(truth),
  description: maybe(clearable(text)),
  images: maybe(listOf(text, 8)),
  metadata: maybe(metadata),
  statement_descriptor: maybe(textUpTo(22)),
  tax_code: maybe(clearable(text)),
  unit_label: maybe(clearable(textUpTo(12))),
  url: maybe(clearable(address)),
};

/** Products: what is sold. */
export const products = [
  route(
    'POST',
    'products',
    { ...PRODUCT, id: maybe(text), name: text },
    ({ world, params: { metadata: givenMetadata, ...values } }) => {
      if (values.id !== undefined && world.products.has(values.id))
        throw invalid(`Product already exists.`, 'id', 'resource_already_exists');
      const product = world.add(
        'products',
        newProduct(world, { ...given(values), name: values.name, metadata: merged({}, givenMetadata) }),
      );
      world.emit('product.created', product);
      return product;
    },
  ),
  route('GET', 'products/:id', {}, (request) => find(request.world, 'products', theId(request))),
  route('POST', 'products/:id', { ...PRODUCT, name: maybe(text), default_price: maybe(text) }, (request) => {
    const {
      world,
      params: { metadata: givenMetadata, ...values },
    } = request;
    const product = find(world, 'products', theId(request));
    if (
      values.default_price !== undefined &&
      idOf(find(world, 'prices', values.default_price, 'default_price').product) !== product.id
    )
      throw invalid('The price is not one of this product.', 'default_price');
    const previous = world.alter('products', product, {
      ...given(values),
      metadata: merged(product.metadata, givenMetadata),
    });
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
