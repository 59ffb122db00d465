import type { AlarmDraft } from './alarms';
import { goesOn, goesOnHere, isPaidBack, type Judged } from './evaluate-subscription';
import type { Seen } from './snapshot';

/** What a person should look at, as things stand at Stripe. Each has a subject that is the same at the next look. */
export function alarmsAbout(seen: Seen, judged: readonly Judged[], accountId: string | null): AlarmDraft[] {
  const alarms: AlarmDraft[] = [];
  const going = judged.filter(goesOnHere).sort((a, b) => a.it.startedAt.getTime() - b.it.startedAt.getTime());
  const newest = going.at(-1);
  if (newest && going.length > 1)
    alarms.push({
      kind: 'duplicate-subscription',
      subject: newest.it.id,
      details: {
        others: going
          .slice(0, -1)
          .map(({ it }) => it.id)
          .join(' '),
      },
    });
  for (const { it, ours } of judged) {
    if (ours || !goesOn(it)) continue;
    const prices = it.items.map(({ price }) => price).join(' ');
    alarms.push({ kind: 'other-product', subject: `${it.id} ${prices}`, details: { subscription: it.id, prices } });
  }
  for (const { it, unknownPrices, standing } of going) {
    if (standing.reason === 'unknown-status')
      alarms.push({
        kind: 'unknown-status',
        subject: `${it.id} ${it.status}`,
        details: { subscription: it.id, status: it.status },
      });
    for (const price of unknownPrices)
      alarms.push({ kind: 'unknown-price', subject: `${it.id} ${price}`, details: { subscription: it.id, price } });
  }
  const invoices = new Map(judged.flatMap((one) => one.invoices.map((invoice) => [invoice.id, invoice])));
  for (const { id, invoice: about, amountCents, currency } of seen.refunds) {
    const invoice = invoices.get(about ?? '');
    if (invoice)
      alarms.push({
        kind: 'refund',
        subject: id,
        details: {
          invoice: invoice.id,
          subscription: invoice.subscription,
          amountCents,
          currency,
          full: isPaidBack(invoice),
        },
      });
  }
  for (const { id, invoice, status, amountCents, currency } of seen.disputes) {
    if (invoice === null || !invoices.has(invoice)) continue;
    const details = { invoice, status, amountCents, currency };
    alarms.push({ kind: 'dispute', subject: id, details });
    if (status === 'lost') alarms.push({ kind: 'dispute-lost', subject: id, details });
  }
  return alarms.map((alarm) => ({ ...alarm, accountId }));
}
