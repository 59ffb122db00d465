import type Stripe from 'stripe';
import { invalid } from '../../failure';
import { find, findCustomer } from '../../find';
import { attach, detach } from '../../engine/cards';
import { updateCustomer } from '../../engine/ties';
import { deleteCustomer, livingCustomers } from '../../engine/turning-points';
import { newCustomer } from '../../objects/customer';
import { PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import {
  clearable,
  email,
  given,
  inner,
  listOf,
  maybe,
  oneOf,
  range,
  text,
  textUpTo,
  whole,
  type Param,
} from '../params';
import { route, theId } from '../route';

const part = maybe(clearable(text));
const postal: Param<Stripe.Address | null> = clearable((value, name) => {
  const address = inner({ city: part, country: part, line1: part, line2: part, postal_code: part, state: part })(
    value,
    name,
  );
  return {
    city: address.city ?? null,
    country: address.country ?? null,
    line1: address.line1 ?? null,
    line2: address.line2 ?? null,
    postal_code: address.postal_code ?? null,
    state: address.state ?? null,
  };
});
const CUSTOMER = {
  address: maybe(postal),
  // Less than 0: to the customer's credit (https://docs.stripe.com/billing/customer/balance).
  balance: maybe(whole(-99_999_999, 99_999_999)),
  description: maybe(clearable(text)),
  email: maybe(clearable(email)),
  metadata: maybe(metadata),
  name: maybe(clearable(textUpTo(256))),
  phone: maybe(clearable(textUpTo(20))),
  preferred_locales: maybe(listOf(text)),
  tax_exempt: maybe(oneOf('exempt', 'none', 'reverse')),
};

/** Customers: who pays. */
export const customers = [
  route('POST', 'customers', CUSTOMER, ({ world, params: { metadata: givenMetadata, ...values } }) => {
    const customer = newCustomer(world, { ...given(values), metadata: merged({}, givenMetadata) });
    world.add('customers', customer);
    world.emit('customer.created', customer);
    return customer;
  }),
  // One that was deleted answers as such.
  route('GET', 'customers/:id', {}, (request) => find(request.world, 'customers', theId(request))),
  route(
    'POST',
    'customers/:id',
    { ...CUSTOMER, invoice_settings: maybe(inner({ default_payment_method: maybe(clearable(text)) })) },
    (request) => {
      const {
        world,
        params: { metadata: givenMetadata, invoice_settings, ...values },
      } = request;
      const customer = findCustomer(world, theId(request));
      const method = invoice_settings?.default_payment_method;
      if (
        method &&
        find(world, 'paymentMethods', method, 'invoice_settings[default_payment_method]').customer !== customer.id
      ) {
        throw invalid(
          `The customer does not have a payment method with the ID ${method}. The payment method must be ` +
            'attached to the customer.',
          'invoice_settings[default_payment_method]',
          'resource_missing',
        );
      }
      updateCustomer(world, customer, {
        ...given(values),
        metadata: merged(customer.metadata, givenMetadata),
        ...(method === undefined
          ? {}
          : { invoice_settings: { ...customer.invoice_settings, default_payment_method: method } }),
      });
      return customer;
    },
  ),
  route('DELETE', 'customers/:id', {}, (request) =>
    deleteCustomer(request.world, findCustomer(request.world, theId(request))),
  ),
  route('GET', 'customers', { ...PAGING, created: maybe(range), email: maybe(text) }, ({ world, params }) =>
    pageOf(
      livingCustomers(world),
      params,
      '/v1/customers',
      ({ created, email: address }) =>
        (params.email === undefined || params.email === address) && (params.created?.(created) ?? true),
    ),
  ),
  route('GET', 'customers/:id/payment_methods', { ...PAGING, type: maybe(text) }, (request) => {
    const { id } = findCustomer(request.world, theId(request));
    return pageOf(
      request.world.paymentMethods.values(),
      request.params,
      `/v1/customers/${id}/payment_methods`,
      ({ customer, type }) => customer === id && (request.params.type === undefined || request.params.type === type),
    );
  }),
];

/** Payment methods: the cards of customers. */
export const paymentMethods = [
  route('GET', 'payment_methods/:id', {}, (request) => find(request.world, 'paymentMethods', theId(request))),
  route('GET', 'payment_methods', { ...PAGING, customer: maybe(text), type: maybe(text) }, ({ world, params }) => {
    const owner = params.customer === undefined ? null : findCustomer(world, params.customer, 'customer').id;
    return pageOf(
      world.paymentMethods.values(),
      params,
      '/v1/payment_methods',
      ({ customer, type }) => customer === owner && (params.type === undefined || params.type === type),
    );
  }),
  route('POST', 'payment_methods/:id/attach', { customer: text }, (request) =>
    attach(
      request.world,
      find(request.world, 'paymentMethods', theId(request)),
      findCustomer(request.world, request.params.customer, 'customer'),
    ),
  ),
  route('POST', 'payment_methods/:id/detach', {}, (request) => {
    const method = find(request.world, 'paymentMethods', theId(request));
    if (method.customer === null)
      throw invalid(
        'The payment method you provided is not attached to a customer so detachment is impossible.',
        'payment_method',
      );
    return detach(request.world, method);
  }),
];
