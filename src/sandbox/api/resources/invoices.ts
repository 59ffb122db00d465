import type Stripe from 'stripe';
import { finishDraft, markUncollectible, voidInvoice } from '../../engine/advance';
import { collect } from '../../engine/invoices/collect';
import { finalize } from '../../engine/invoices/invoicing';
import { paidInFull } from '../../engine/invoices/paid';
import { intentOf, subscriptionOf } from '../../engine/ties';
import { declined, invalid } from '../../failure';
import { find, idOf } from '../../find';
import type { World } from '../../world';
import { assertNamed, PAGING, pageOf } from '../lists';
import { inner, maybe, oneOf, range, text, truth } from '../params';
import { route, theId } from '../route';
import { PREVIEW, previewInvoice } from './invoice-preview';

/** Invoices: what was asked of a customer, and when. */
export const invoices = [
  route('POST', 'invoices/create_preview', PREVIEW, ({ world, params }) => previewInvoice(world, params)),
  route('GET', 'invoices/:id', {}, (request) => find(request.world, 'invoices', theId(request))),
  route('GET', 'invoices/:id/lines', PAGING, (request) =>
    pageOf(
      [...find(request.world, 'invoices', theId(request)).lines.data].reverse(),
      request.params,
      `/v1/invoices/${theId(request)}/lines`,
    ),
  ),
  route(
    'GET',
    'invoices',
    {
      ...PAGING,
      created: maybe(range),
      customer: maybe(text),
      status: maybe(oneOf('draft', 'open', 'paid', 'uncollectible', 'void')),
      subscription: maybe(text),
      collection_method: maybe(oneOf('charge_automatically', 'send_invoice')),
    },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.invoices.values(),
        params,
        '/v1/invoices',
        (one) =>
          (params.customer === undefined || params.customer === idOf(one.customer ?? '')) &&
          (params.status === undefined || params.status === one.status) &&
          (params.subscription === undefined || params.subscription === subscriptionOf(world, one)?.id) &&
          (params.created?.(one.created) ?? true) &&
          (params.collection_method === undefined || params.collection_method === one.collection_method),
      );
    },
  ),
  route('POST', 'invoices/:id/finalize', { auto_advance: maybe(truth) }, (request) => {
    const invoice = find(request.world, 'invoices', theId(request));
    if (invoice.status !== 'draft')
      throw invalid(
        "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
        'id',
        'invoice_not_editable',
      );
    if (request.params.auto_advance === false) finalize(request.world, invoice);
    else finishDraft(request.world, invoice);
    return invoice;
  }),
  route(
    'POST',
    'invoices/:id/pay',
    { off_session: maybe(truth), paid_out_of_band: maybe(truth), payment_method: maybe(text) },
    (request) => pay(request.world, find(request.world, 'invoices', theId(request)), request.params),
  ),
  route('POST', 'invoices/:id/void', {}, (request) => {
    const invoice = find(request.world, 'invoices', theId(request));
    if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
      throw invalid(
        "You can only pass in open or uncollectible invoices. This invoice isn't open.",
        'id',
        'invoice_not_editable',
      );
    voidInvoice(request.world, invoice);
    cancelIntent(request.world, invoice);
    return invoice;
  }),
  route('POST', 'invoices/:id/mark_uncollectible', {}, (request) => {
    const invoice = find(request.world, 'invoices', theId(request));
    if (invoice.status !== 'open')
      throw invalid('You can only mark open invoices as uncollectible.', 'id', 'invoice_not_editable');
    markUncollectible(request.world, invoice);
    return invoice;
  }),
];

/** Invoice payments: the ties between invoices and what paid them. */
export const invoicePayments = [
  route('GET', 'invoice_payments/:id', {}, (request) => find(request.world, 'invoicePayments', theId(request))),
  route(
    'GET',
    'invoice_payments',
    {
      ...PAGING,
      created: maybe(range),
      invoice: maybe(text),
      status: maybe(oneOf('canceled', 'open', 'paid')),
      payment: maybe(inner({ type: oneOf('payment_intent'), payment_intent: maybe(text) })),
    },
    ({ world, params }) => {
      assertNamed(world, params);
      return pageOf(
        world.invoicePayments.values(),
        params,
        '/v1/invoice_payments',
        (one) =>
          (params.invoice === undefined || params.invoice === idOf(one.invoice)) &&
          (params.status === undefined || params.status === one.status) &&
          (params.created?.(one.created) ?? true) &&
          (params.payment?.payment_intent === undefined ||
            params.payment.payment_intent === one.payment.payment_intent),
      );
    },
  ),
];

function pay(
  world: World,
  invoice: Stripe.Invoice,
  params: {
    readonly off_session?: boolean | undefined;
    readonly paid_out_of_band?: boolean | undefined;
    readonly payment_method?: string | undefined;
  },
): Stripe.Invoice {
  if (invoice.status === 'paid') throw invalid('Invoice is already paid', 'id', 'invoice_already_paid');
  if (invoice.status === 'draft') finalize(world, invoice);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalid(`This invoice is ${invoice.status} and cannot be paid.`, 'id', 'invoice_not_editable');
  if (params.paid_out_of_band) {
    cancelIntent(world, invoice);
    paidInFull(world, invoice);
    return invoice;
  }
  const method =
    params.payment_method === undefined
      ? undefined
      : find(world, 'paymentMethods', params.payment_method, 'payment_method');
  const outcome = collect(world, invoice, { present: false }, method);
  const intent = intentOf(world, invoice)?.intent.id;
  if (outcome.outcome === 'declined') throw declined(outcome.code, outcome.message, intent);
  if (outcome.outcome === 'authenticate')
    throw declined(
      'invoice_payment_intent_requires_action',
      'Payment for this invoice requires additional user action before it can be completed successfully. ' +
        'Payment can be completed using the PaymentIntent associated with the invoice.',
      intent,
    );
  return invoice;
}

function cancelIntent(world: World, invoice: Stripe.Invoice): void {
  const tie = intentOf(world, invoice);
  if (!tie) return;
  world.alter('invoicePayments', tie.payment, {
    status: 'canceled',
    status_transitions: { ...tie.payment.status_transitions, canceled_at: world.now() },
  });
  world.alter('paymentIntents', tie.intent, {
    canceled_at: world.now(),
    cancellation_reason: 'void_invoice',
    next_action: null,
    status: 'canceled',
  });
  world.emit('payment_intent.canceled', tie.intent);
}
