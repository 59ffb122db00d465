import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { idOf, idOrNull } from '../find';
import { dayOf, money } from '../hosted/money';
import type { World } from '../world';
import { timeOf } from './overview';
import { chargeActs, groupsOf } from './subscription-acts';
import type { ControlFact, ControlFrame, SubscriptionPage } from './page-types';

/** One subscription as the dashboard shows it. */
export function subscriptionPage(
  world: World,
  language: Language,
  one: Stripe.Subscription,
  frame: ControlFrame,
): SubscriptionPage {
  const { say } = language;
  const invoices = [...world.invoices.values()]
    .filter(({ parent }) => idOrNull(parent?.subscription_details?.subscription) === one.id)
    .reverse();
  const charges = [...world.charges.values()]
    .filter(({ customer }) => idOrNull(customer) === idOf(one.customer))
    .reverse();
  return {
    frame,
    back: { href: '/sandbox', label: say('sandbox.control') },
    status: one.status,
    facts: factsOf(world, language, one),
    groups: groupsOf(world, language, one),
    invoices: invoices.map((invoice) => ({
      href: invoice.status === 'draft' ? `/sandbox/objects/invoices/${invoice.id}` : `/i/${invoice.id}`,
      name: invoice.number ?? invoice.id,
      note: `${money(language, invoice.total, invoice.currency)} · ${dayOf(language, invoice.created)}`,
      state: invoice.status,
    })),
    charges: charges.map((charge) => ({
      row: {
        href: `/sandbox/objects/charges/${charge.id}`,
        name: money(language, charge.amount, charge.currency),
        note: [
          dayOf(language, charge.created),
          ...(charge.amount_refunded > 0
            ? [say('sandbox.charge.refunded', { amount: money(language, charge.amount_refunded, charge.currency) })]
            : []),
        ].join(' · '),
        state: charge.disputed ? 'disputed' : charge.status,
      },
      acts: chargeActs(world, language, charge, one.id),
    })),
  };
}

function factsOf(world: World, { say, code }: Language, one: Stripe.Subscription): ControlFact[] {
  const customer = world.customers.get(idOf(one.customer));
  const [item] = one.items.data;
  const failure = world.failures.get(idOf(one.customer));
  const when = (seconds: number) => timeOf(code, seconds);
  return [
    {
      label: say('sandbox.fact.customer'),
      text: (customer && !customer.deleted ? customer.email : null) ?? idOf(one.customer),
      href: `/sandbox/objects/customers/${idOf(one.customer)}`,
    },
    { label: say('sandbox.fact.subscription'), text: one.id, href: `/sandbox/objects/subscriptions/${one.id}` },
    ...(item
      ? [
          {
            label: say('sandbox.fact.price'),
            text: item.price.lookup_key ?? item.price.id,
            href: `/sandbox/objects/prices/${item.price.id}`,
          },
          {
            label: say('sandbox.fact.period'),
            text: say('sandbox.fact.until', {
              from: when(item.current_period_start),
              until: when(item.current_period_end),
            }),
          },
        ]
      : []),
    ...(one.trial_end === null ? [] : [{ label: say('sandbox.fact.trial'), text: when(one.trial_end) }]),
    ...(one.cancel_at === null ? [] : [{ label: say('sandbox.fact.cancel-at'), text: when(one.cancel_at) }]),
    ...(one.pause_collection === null
      ? []
      : [
          {
            label: say('sandbox.fact.paused'),
            text:
              one.pause_collection.resumes_at === null
                ? one.pause_collection.behavior
                : say('sandbox.fact.paused-until', {
                    behavior: one.pause_collection.behavior,
                    until: when(one.pause_collection.resumes_at),
                  }),
          },
        ]),
    ...(one.ended_at === null ? [] : [{ label: say('sandbox.fact.ended'), text: when(one.ended_at) }]),
    ...(failure
      ? [
          {
            label: say('sandbox.fact.failing'),
            text: say(`sandbox.done.will-fail-${failure.how}`, { n: failure.times }),
          },
        ]
      : []),
  ];
}
