import { expireSession } from '../../engine/checkout/checkout-expiry';
import { linesOfSession } from '../../engine/checkout/checkout-lines';
import { invalid } from '../../failure';
import { find, idOrNull } from '../../find';
import { assertNamed, PAGING, pageOf } from '../lists';
import { maybe, oneOf, range, text } from '../params';
import { route, theId } from '../route';
import { createSession } from './checkout-create';
import { CREATE } from './checkout-params';

/** Checkout sessions: where a customer agrees to a subscription. */
export const checkoutSessions = [
  route('POST', 'checkout/sessions', CREATE, ({ world, params }) => createSession(world, params)),
  route('GET', 'checkout/sessions/:id', {}, (request) => find(request.world, 'checkoutSessions', theId(request))),
  route('GET', 'checkout/sessions/:id/line_items', PAGING, (request) =>
    pageOf(
      linesOfSession(request.world, find(request.world, 'checkoutSessions', theId(request))).reverse(),
      request.params,
      `/v1/checkout/sessions/${theId(request)}/line_items`,
    ),
  ),
  route('POST', 'checkout/sessions/:id/expire', {}, (request) => {
    const session = find(request.world, 'checkoutSessions', theId(request));
    if (session.status !== 'open')
      throw invalid(
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status ' +
          `of ${session.status}.`,
      );
    expireSession(request.world, session);
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
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.checkoutSessions.values(),
        params,
        '/v1/checkout/sessions',
        ({ created, customer, status, subscription }) =>
          (params.customer === undefined || params.customer === idOrNull(customer)) &&
          (params.status === undefined || params.status === status) &&
          (params.subscription === undefined || params.subscription === idOrNull(subscription)) &&
          params.payment_intent === undefined &&
          (params.created?.(created) ?? true),
      );
    },
  ),
];
