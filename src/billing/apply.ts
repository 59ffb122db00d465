import type { Behind } from '../stores/wall';
import { raiseOnce, type AlarmDraft } from './alarms';
import { closeGrants, writeGrants } from './grants';
import { goesOn, isPaidBack, type Judged } from './judge';
import { writeDisputes, writeInvoices, writeSubscriptions } from './rows';
import type { Seen } from './seen';
import { closeSpans, writeSpans } from './spans';
import { letterAboutRefund, lettersAbout, tell } from './tell';

/** A customer's row. */
export interface CustomerRow {
  readonly id: string;
  readonly accountId: string | null;
}

/**
 * Writes down what was seen of a customer: subscriptions, what they grant, invoices, disputes, letters and alarms, all in
 * the registrar's transaction. Done twice, it is done once.
 * @returns whether anything of Stripe's, or what it grants, was another one before.
 */
export async function applySeen(db: Behind, { id, accountId }: CustomerRow, seen: Seen, judged: readonly Judged[], graceDays: number, now: Date): Promise<boolean> {
  if (seen.customer.deleted) return applyDeleted(db, { id, accountId }, now);
  const [subscriptions, invoices, disputes] = [await writeSubscriptions(db, id, judged, now), await writeInvoices(db, id, judged), await writeDisputes(db, id, judged, seen)];
  await writeSpans(db, id, judged, now);
  let granted = false;
  if (accountId !== null) {
    const { opened, changed } = await writeGrants(db, accountId, judged, now);
    granted = changed;
    await tellSubscriber(db, accountId, seen, judged, opened, graceDays, now);
  }
  for (const alarm of alarmsAbout(seen, judged, accountId)) await raiseOnce(db, alarm, now);
  return subscriptions || invoices || disputes || granted;
}

/** Of a deleted customer Stripe says no more than that: whatever was open has ended. */
async function applyDeleted(db: Behind, { id, accountId }: CustomerRow, now: Date): Promise<boolean> {
  const open = await db.subscription.findMany({ where: { customerId: id, endedAt: null }, select: { stripeId: true, tierSlug: true } });
  const ids = open.map(({ stripeId }) => stripeId);
  await db.subscription.updateMany({ where: { stripeId: { in: ids } }, data: { status: 'canceled', endedAt: now, accessUntil: null, accessReason: 'deleted', syncedAt: now } });
  const closed = await closeGrants(db, ids, now);
  await closeSpans(db, ids, now);
  const { count } = await db.customer.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } });
  const subscriber = closed && accountId !== null ? await subscriberOf(db, accountId) : null;
  if (subscriber) {
    for (const { stripeId, tierSlug } of open) {
      await tell(db, subscriber, [{ kind: 'subscription-ended', about: stripeId, data: { tier: await tierName(db, tierSlug ?? '', subscriber.lang), until: now.toISOString() } }]);
    }
  }
  if (open.length > 0) await raiseOnce(db, { kind: 'customer-deleted', subject: id, accountId, details: { subscriptions: ids.join(' ') } }, now);
  return count > 0 || open.length > 0;
}

async function tellSubscriber(db: Behind, accountId: string, seen: Seen, judged: readonly Judged[], opened: ReadonlySet<string>, graceDays: number, now: Date): Promise<void> {
  const subscriber = await subscriberOf(db, accountId);
  if (!subscriber) return;
  const ours = new Set(judged.flatMap(({ invoices }) => invoices).map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { price } of judged) if (price && !names.has(price.tier)) names.set(price.tier, await tierName(db, price.tier, subscriber.lang));
  await tell(db, subscriber, [
    ...judged.flatMap((one) => (one.price ? lettersAbout(one, names.get(one.price.tier)!, opened.has(one.it.id), graceDays, now) : [])),
    ...seen.refunds.filter(({ invoice }) => invoice !== null && ours.has(invoice)).map(letterAboutRefund),
  ]);
}

const subscriberOf = (db: Behind, id: string) => db.account.findUnique({ where: { id }, select: { id: true, email: true, lang: true } });

async function tierName(db: Behind, slug: string, lang: string): Promise<string> {
  const texts = await db.tierText.findMany({ where: { tierSlug: slug }, select: { lang: true, name: true } });
  return (texts.find((text) => text.lang === lang) ?? texts[0])?.name ?? slug;
}

function alarmsAbout(seen: Seen, judged: readonly Judged[], accountId: string | null): AlarmDraft[] {
  const alarms: AlarmDraft[] = [];
  const going = judged.filter(({ it }) => goesOn(it)).sort((a, b) => a.it.startedAt.getTime() - b.it.startedAt.getTime());
  const newest = going.at(-1);
  if (newest && going.length > 1) alarms.push({ kind: 'duplicate-subscription', subject: newest.it.id, details: { others: going.slice(0, -1).map(({ it }) => it.id).join(' ') } });
  for (const { it, unknownPrices, standing } of going) {
    if (standing.reason === 'unknown-status') alarms.push({ kind: 'unknown-status', subject: `${it.id} ${it.status}`, details: { subscription: it.id, status: it.status } });
    for (const price of unknownPrices) alarms.push({ kind: 'unknown-price', subject: `${it.id} ${price}`, details: { subscription: it.id, price } });
  }
  const invoices = new Map(judged.flatMap((one) => one.invoices.map((invoice) => [invoice.id, invoice])));
  for (const { id, invoice: about, amountCents, currency } of seen.refunds) {
    const invoice = invoices.get(about ?? '');
    if (invoice) alarms.push({ kind: 'refund', subject: id, details: { invoice: invoice.id, subscription: invoice.subscription, amountCents, currency, full: isPaidBack(invoice) } });
  }
  for (const { id, invoice, status, amountCents, currency } of seen.disputes) {
    if (invoice === null || !invoices.has(invoice)) continue;
    const details = { invoice, status, amountCents, currency };
    alarms.push({ kind: 'dispute', subject: id, details });
    if (status === 'lost') alarms.push({ kind: 'dispute-lost', subject: id, details });
  }
  return alarms.map((alarm) => ({ ...alarm, accountId }));
}
