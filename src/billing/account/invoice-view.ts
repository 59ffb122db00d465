import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import type { Invoice } from '../../stores/prisma/client';
import type { InvoiceView } from '../page-types';

type State = 'paid' | 'refunded' | 'partly-refunded' | 'open' | 'underway' | 'failed' | 'void' | 'uncollectible';

/** An invoice as its owner sees it; its addresses are our own, and lead on to Stripe's. */
export function invoiceView(row: Invoice, language: Language): InvoiceView {
  const { say, prefix, code } = language;
  const state = stateOf(row);
  const number = row.number ?? say('billing.invoice.unnumbered');
  const date = language.day(row.createdAt);
  const at = (way: string) => `${prefix}/account/billing/${way}?id=${row.stripeId}`;
  const owed = state === 'open' || state === 'failed';
  return {
    number,
    date,
    amount: formatMoney(code, row.dueCents, row.currency),
    state: say(`billing.invoice.${state}`, { amount: formatMoney(code, row.refundedCents, row.currency) }),
    tone: state === 'paid' ? 'good' : owed ? 'bad' : 'plain',
    open:
      row.hostedUrl === null
        ? null
        : {
            label: say(owed ? 'billing.invoice.pay' : 'billing.invoice.see'),
            href: at('invoice'),
            ariaLabel: say(owed ? 'billing.invoice.pay.label' : 'billing.invoice.see.label', { number, date }),
          },
    pdf:
      row.pdfUrl === null
        ? null
        : {
            label: say('billing.invoice.pdf'),
            href: at('invoice/pdf'),
            ariaLabel: say('billing.invoice.pdf.label', { number, date }),
          },
  };
}

function stateOf({ status, refundedCents, paidCents, attempts, underway }: Invoice): State {
  if (status === 'paid')
    return refundedCents === 0 ? 'paid' : refundedCents >= paidCents ? 'refunded' : 'partly-refunded';
  if (status === 'open') return underway ? 'underway' : attempts > 0 ? 'failed' : 'open';
  return status === 'uncollectible' ? 'uncollectible' : 'void';
}
