import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { idOf, idOrNull } from '../find';
import { NO_FEATURES } from '../objects/portal';
import type { World } from '../world';
import { cardChoices } from './cards';
import type { PageParts } from './frame';
import { dayOf, money, priceOf } from './money';
import type { CardShown, PortalPage, PortalSubscription } from './page-types';
import type { Notice } from './notices';

type Features = Stripe.BillingPortal.Configuration.Features;

/** What the configuration of this visit lets the customer do. */
export function featuresOf(world: World, { configuration }: Stripe.BillingPortal.Session): Features {
  return world.portalConfigurations.get(idOf(configuration))?.features ?? NO_FEATURES;
}

/** The subscriptions of a customer, the newest first. */
export function subscriptionsOf(world: World, customer: string): Stripe.Subscription[] {
  return [...world.subscriptions.values()].filter((one) => idOf(one.customer) === customer).reverse();
}

/** The prices a subscription may be changed to, its own included; none when changing is not allowed. */
export function pricesFor(
  world: World,
  { subscription_update: update }: Features,
  { items, status }: Stripe.Subscription,
): Stripe.Price[] {
  if (
    !update.enabled ||
    !update.default_allowed_updates.includes('price') ||
    !['active', 'trialing', 'past_due'].includes(status)
  )
    return [];
  const current = items.data[0]?.price;
  return (update.products ?? [])
    .flatMap(({ prices }) => prices)
    .flatMap((id) => world.prices.get(id) ?? [])
    .filter((one) => one.active && one.currency === current?.currency);
}

/** The card that is charged: the customer's, or null. */
export function cardOn(world: World, customerId: string): Stripe.PaymentMethod | null {
  const customer = world.customers.get(customerId);
  if (!customer || customer.deleted) return null;
  return world.paymentMethods.get(idOrNull(customer.invoice_settings.default_payment_method) ?? '') ?? null;
}

/** The portal as it is printed. */
export function portalPage(
  { sandbox: { world } }: Pick<PageParts, 'sandbox'>,
  language: Language,
  session: Stripe.BillingPortal.Session,
  features: Features,
  base: string,
  saying: Notice | null,
): PortalPage {
  const { say } = language;
  const id = session.customer ?? '';
  const customer = world.customers.get(id);
  const configuration = world.portalConfigurations.get(idOf(session.configuration));
  const subscriptions = subscriptionsOf(world, id);
  const living = subscriptions.filter(({ status }) => status !== 'canceled' && status !== 'incomplete_expired');
  const card =
    subscriptions
      .map(({ default_payment_method: own }) => world.paymentMethods.get(idOrNull(own) ?? ''))
      .find((one) => one !== undefined) ?? cardOn(world, id);
  return {
    headline: configuration?.business_profile.headline ?? say('sandbox.portal.headline'),
    email: customer && !customer.deleted ? customer.email : null,
    done: saying && !saying.wrong ? saying.text : null,
    error: saying?.wrong ? saying.text : null,
    subscriptions: (living.length > 0 ? living : subscriptions.slice(0, 1)).map((one) =>
      shown(world, language, one, features, base),
    ),
    card: card?.card ? cardShown(card.card) : null,
    cards: features.payment_method_update.enabled ? { action: `${base}/card`, choices: cardChoices(language) } : null,
    invoices: features.invoice_history.enabled
      ? [...world.invoices.values()]
          .filter((one) => idOrNull(one.customer) === id && one.status !== 'draft')
          .reverse()
          .map((one) => ({
            href: `/i/${one.id}`,
            number: one.number ?? one.id,
            date: dayOf(language, one.created),
            amount: money(language, one.total, one.currency),
            status: say(`sandbox.invoice.${one.status ?? 'draft'}`),
          }))
      : null,
    back: session.return_url ? { href: session.return_url, label: say('sandbox.back') } : null,
  };
}

function shown(
  world: World,
  language: Language,
  one: Stripe.Subscription,
  features: Features,
  base: string,
): PortalSubscription {
  const [item] = one.items.data;
  const product = item && world.products.get(idOf(item.price.product));
  const ends = one.cancel_at ?? (one.cancel_at_period_end ? item?.current_period_end : null) ?? null;
  const living = ['active', 'trialing', 'past_due', 'unpaid', 'paused'].includes(one.status);
  const prices = pricesFor(world, features, one);
  return {
    heading: product?.name ?? one.id,
    price: item ? priceOf(language, item.price, item.quantity ?? 1) : '',
    standing: standingOf(language, one, ends),
    cancel:
      features.subscription_cancel.enabled && living && ends === null
        ? { action: `${base}/cancel`, subscription: one.id }
        : null,
    undo:
      features.subscription_cancel.enabled && living && ends !== null
        ? { action: `${base}/undo`, subscription: one.id }
        : null,
    change:
      prices.length > 1
        ? {
            action: `${base}/plan`,
            subscription: one.id,
            prices: prices.map((price) => ({
              id: price.id,
              label: priceOf(language, price),
              chosen: price.id === item?.price.id,
            })),
          }
        : null,
  };
}

function standingOf(
  language: Language,
  { status, ended_at: ended, trial_end: trial, items }: Stripe.Subscription,
  ends: number | null,
): string {
  const { say } = language;
  const renews = items.data[0]?.current_period_end;
  if (ended !== null) return say('sandbox.portal.ended', { date: dayOf(language, ended) });
  if (ends !== null) return say('sandbox.portal.ends', { date: dayOf(language, ends) });
  if (status === 'active' && renews !== undefined)
    return say('sandbox.portal.renews', { date: dayOf(language, renews) });
  if (status === 'trialing' && trial !== null) return say('sandbox.portal.trial', { date: dayOf(language, trial) });
  if (status === 'past_due' || status === 'unpaid') return say('sandbox.portal.owed');
  return say('sandbox.portal.status', { status });
}

function cardShown({ brand, last4, exp_month: month, exp_year: year }: Stripe.PaymentMethod.Card): CardShown {
  return {
    brand: brand.charAt(0).toUpperCase() + brand.slice(1),
    last4,
    expires: `${String(month).padStart(2, '0')}/${year}`,
  };
}
