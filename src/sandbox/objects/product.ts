import type Stripe from 'stripe';
import { newId } from '../ids';
import type { World } from '../world';

export type ProductValues = Pick<Stripe.Product, 'name'> &
  Partial<
    Pick<
      Stripe.Product,
      | 'id'
      | 'active'
      | 'description'
      | 'images'
      | 'metadata'
      | 'statement_descriptor'
      | 'tax_code'
      | 'unit_label'
      | 'url'
    >
  >;

/** A product as the API answers it. */
export function newProduct(world: World, values: ProductValues): Stripe.Product {
  return {
    id: newId('prod', 14),
    object: 'product',
    active: true,
    created: world.now(),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: world.now(),
    url: null,
    ...values,
  };
}
