import { Router, type Request, type Response } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { CardName } from '../cards';
import { StripeFailure } from '../failure';
import { billOf } from './bill';
import { cardChoices, cardField } from './cards';
import { languageOf, show, type PageParts } from './frame';
import { dayOf, money } from './money';
import type { AuthenticationPage, InvoicePage } from './page-types';
import { read } from './read';

const form = z.strictObject({ card: cardField, authenticated: z.enum(['yes', 'no']).optional() });

/** `/i/:id`, an invoice as its customer sees it: to be paid while it is open, a receipt afterwards. */
export function invoiceRoutes(parts: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { world, acts } = parts.sandbox;
  const invoiceOf = (req: Request): Stripe.Invoice => {
    const found = world.invoices.get(String(req.params['id']));
    if (!found || found.status === 'draft') throw notFound('an invoice');
    return found;
  };
  const languageFor = (req: Request, { customer }: Stripe.Invoice) => {
    const found = typeof customer === 'string' ? world.customers.get(customer) : null;
    return languageOf(parts, req, found && !found.deleted ? found.preferred_locales?.[0] : null);
  };

  // Stripe makes a PDF; this page is one as soon as it is printed.
  router
    .route(['/i/:id', '/i/:id/pdf'])
    .get(async (req, res) => {
      const invoice = invoiceOf(req);
      await showInvoice(parts, res, languageFor(req, invoice), invoice, 'good', null);
    })
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/i/:id/pay')
    .post(formBody, async (req, res) => {
      const invoice = invoiceOf(req);
      const language = languageFor(req, invoice);
      const { say } = language;
      const { card, authenticated } = read(form, req);
      if (invoice.status === 'paid') return res.redirect(303, `/i/${invoice.id}`);
      const refused = (error: string) => showInvoice(parts, res.status(422), language, invoice, card, error);
      try {
        const answer = acts.payInvoice(invoice.id, {
          card,
          ...(authenticated === undefined ? {} : { authenticated: authenticated === 'yes' }),
        });
        if (answer.outcome === 'paid') return res.redirect(303, `/i/${invoice.id}`);
        if (answer.outcome === 'declined')
          return await refused(
            say(`sandbox.pay.${authenticated === 'no' ? 'not-authenticated' : 'declined'}`, {
              message: answer.message,
            }),
          );
        const page: AuthenticationPage = {
          heading: say('sandbox.bank.heading'),
          text: say('sandbox.bank.text'),
          action: `/i/${invoice.id}/pay`,
          fields: [{ name: 'card', value: card }],
        };
        await show(parts, res, language, 'authentication', page.heading, page);
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        await refused(error.message);
      }
    })
    .all(onlyMethods('POST'));
  return router;
}

async function showInvoice(
  parts: PageParts,
  res: Response,
  language: Language,
  invoice: Stripe.Invoice,
  card: CardName,
  error: string | null,
): Promise<void> {
  const { say } = language;
  const amount = (cents: number) => money(language, cents, invoice.currency);
  const number = invoice.number ?? invoice.id;
  const open = invoice.status === 'open';
  const paidAt = invoice.status_transitions.paid_at;
  const balance = (invoice.starting_balance ?? 0) - (invoice.ending_balance ?? invoice.starting_balance ?? 0);
  const page: InvoicePage = {
    number,
    state: open ? 'open' : invoice.status === 'paid' ? 'paid' : 'other',
    status: say(`sandbox.invoice.${invoice.status ?? 'draft'}`),
    heading:
      paidAt === null
        ? say('sandbox.invoice.due', { amount: amount(invoice.amount_remaining) })
        : say('sandbox.invoice.paid-with', { amount: amount(invoice.amount_paid) }),
    facts: factsOf(language, invoice),
    bill: billOf(language, {
      lines: invoice.lines.data.map((line) => ({
        what: line.description ?? '',
        note: say('sandbox.bill.period', {
          from: dayOf(language, line.period.start),
          until: dayOf(language, line.period.end),
        }),
        amount: amount(line.amount),
      })),
      currency: invoice.currency,
      subtotal: invoice.subtotal,
      discount: (invoice.total_discount_amounts ?? []).reduce((sum, one) => sum + one.amount, 0),
      discountName: null,
      tax: invoice.automatic_tax.enabled ? (invoice.total_taxes ?? []).reduce((sum, one) => sum + one.amount, 0) : null,
      credit: balance,
      total: invoice.total,
      totalLabel: say('sandbox.bill.total'),
    }),
    pay: open
      ? {
          action: `/i/${invoice.id}/pay`,
          cards: cardChoices(language, card),
          submit: say('sandbox.pay.submit', { amount: amount(invoice.amount_remaining) }),
          error,
        }
      : null,
  };
  await show(parts, res, language, 'invoice', say('sandbox.invoice.title', { number }), page);
}

/** Number, payer and dates. */
function factsOf(language: Language, invoice: Stripe.Invoice): InvoicePage['facts'] {
  const { say } = language;
  const paidAt = invoice.status_transitions.paid_at;
  return [
    { label: say('sandbox.invoice.number'), text: invoice.number ?? invoice.id },
    ...(invoice.customer_email ? [{ label: say('sandbox.invoice.to'), text: invoice.customer_email }] : []),
    {
      label: say('sandbox.invoice.date'),
      text: dayOf(language, invoice.status_transitions.finalized_at ?? invoice.created),
    },
    ...(paidAt === null ? [] : [{ label: say('sandbox.invoice.paid-on'), text: dayOf(language, paidAt) }]),
    ...(invoice.status === 'open' && invoice.next_payment_attempt
      ? [{ label: say('sandbox.invoice.next-attempt'), text: dayOf(language, invoice.next_payment_attempt) }]
      : []),
  ];
}
