import { chargeOf, refund } from '../../engine/invoices/money-back';
import { invalid } from '../../failure';
import { find, idOf, idOrNull } from '../../find';
import { assertNamed, PAGING, pageOf } from '../lists';
import { merged, metadata } from '../metadata';
import { maybe, oneOf, range, text, whole } from '../params';
import { route, theId } from '../route';

/** Payment intents, setup intents, charges, refunds and disputes: where the money is. */
export const payments = [
  route('GET', 'payment_intents/:id', {}, (request) => find(request.world, 'paymentIntents', theId(request))),
  route('GET', 'payment_intents', { ...PAGING, created: maybe(range), customer: maybe(text) }, ({ world, params }) => {
    assertNamed(world, params);
    return pageOf(
      world.paymentIntents.values(),
      params,
      '/v1/payment_intents',
      ({ created, customer }) =>
        (params.customer === undefined || params.customer === idOrNull(customer)) &&
        (params.created?.(created) ?? true),
    );
  }),
  route('GET', 'setup_intents/:id', {}, (request) => find(request.world, 'setupIntents', theId(request))),
  route('GET', 'charges/:id', {}, (request) => find(request.world, 'charges', theId(request))),
  route(
    'GET',
    'charges',
    { ...PAGING, created: maybe(range), customer: maybe(text), payment_intent: maybe(text) },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.charges.values(),
        params,
        '/v1/charges',
        ({ created, customer, payment_intent }) =>
          (params.customer === undefined || params.customer === idOrNull(customer)) &&
          (params.payment_intent === undefined || params.payment_intent === idOrNull(payment_intent)) &&
          (params.created?.(created) ?? true),
      );
    },
  ),
  route(
    'POST',
    'refunds',
    {
      amount: maybe(whole(1)),
      charge: maybe(text),
      metadata: maybe(metadata),
      payment_intent: maybe(text),
      reason: maybe(oneOf('duplicate', 'fraudulent', 'requested_by_customer')),
    },
    ({ world, params }) => {
      if ((params.charge === undefined) === (params.payment_intent === undefined))
        throw invalid(
          'One of the following params should be provided for this request: payment_intent or charge.',
          'charge',
          'parameter_missing',
        );
      const charge =
        params.charge !== undefined
          ? find(world, 'charges', params.charge, 'charge')
          : chargeOf(world, find(world, 'paymentIntents', params.payment_intent ?? '', 'payment_intent'));
      return refund(world, charge, {
        amount: params.amount,
        reason: params.reason ?? null,
        metadata: merged({}, params.metadata),
      });
    },
  ),
  route('GET', 'refunds/:id', {}, (request) => find(request.world, 'refunds', theId(request))),
  route(
    'GET',
    'refunds',
    { ...PAGING, charge: maybe(text), created: maybe(range), payment_intent: maybe(text) },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.refunds.values(),
        params,
        '/v1/refunds',
        ({ charge, created, payment_intent }) =>
          (params.charge === undefined || params.charge === idOrNull(charge)) &&
          (params.payment_intent === undefined || params.payment_intent === idOrNull(payment_intent)) &&
          (params.created?.(created) ?? true),
      );
    },
  ),
  route('GET', 'disputes/:id', {}, (request) => find(request.world, 'disputes', theId(request))),
  route(
    'GET',
    'disputes',
    { ...PAGING, charge: maybe(text), created: maybe(range), payment_intent: maybe(text) },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.disputes.values(),
        params,
        '/v1/disputes',
        ({ charge, created, payment_intent }) =>
          (params.charge === undefined || params.charge === idOf(charge)) &&
          (params.payment_intent === undefined || params.payment_intent === idOrNull(payment_intent)) &&
          (params.created?.(created) ?? true),
      );
    },
  ),
];
