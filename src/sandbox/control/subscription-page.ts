import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { idOf, idOrNull } from '../find';
import { cardChoices } from '../pages/cards';
import { dayOf, money, priceOf } from '../pages/money';
import type { World } from '../world';
import { timeOf } from './overview';
import type { Act, ActGroup, ControlFact, ControlFrame, SubscriptionPage } from './page-types';

/** One subscription as the control room shows it. */
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

function groupsOf(world: World, language: Language, one: Stripe.Subscription): ActGroup[] {
  const { say } = language;
  const act = (name: string, more: Partial<Act> = {}): Act => ({
    action: `/sandbox/subscriptions/${one.id}/${name}`,
    fields: [],
    submit: say(`sandbox.act.${name}`),
    ...more,
  });
  const ends = one.cancel_at !== null || one.cancel_at_period_end;
  const [item] = one.items.data;
  const prices = [...world.prices.values()].filter(
    ({ active, currency, recurring }) => active && recurring && currency === one.currency,
  );
  return [
    {
      id: 'time',
      heading: say('sandbox.group.time'),
      intro: say('sandbox.group.time-intro'),
      acts: [act('renew'), ...(one.status === 'trialing' ? [act('end-trial')] : [])],
    },
    {
      id: 'payment',
      heading: say('sandbox.group.payment'),
      intro: say('sandbox.group.payment-intro'),
      acts: [
        act('fail', {
          fields: [
            {
              kind: 'select',
              name: 'how',
              label: say('sandbox.field.how'),
              options: [
                { value: 'declined', label: say('sandbox.field.declined') },
                { value: 'authenticate', label: say('sandbox.field.authenticate') },
              ],
            },
            { kind: 'number', name: 'times', label: say('sandbox.field.times'), value: 1, most: 9 },
          ],
        }),
        act('card', {
          fields: [
            {
              kind: 'select',
              name: 'card',
              label: say('sandbox.field.card'),
              options: cardChoices(language).map(({ name, label, chosen }) => ({ value: name, label, chosen })),
            },
          ],
        }),
      ],
    },
    {
      id: 'plan',
      heading: say('sandbox.group.plan'),
      intro: say('sandbox.group.plan-intro'),
      acts:
        prices.length < 2
          ? []
          : [
              act('price', {
                fields: [
                  {
                    kind: 'select',
                    name: 'price',
                    label: say('sandbox.field.price'),
                    options: prices.map((price) => ({
                      value: price.id,
                      label: `${price.lookup_key ?? price.id}: ${priceOf(language, price)}`,
                      chosen: price.id === item?.price.id,
                    })),
                  },
                  {
                    kind: 'select',
                    name: 'proration',
                    label: say('sandbox.field.proration'),
                    options: ['create_prorations', 'always_invoice', 'none'].map((value) => ({ value, label: value })),
                  },
                ],
              }),
            ],
    },
    {
      id: 'pause',
      heading: say('sandbox.group.pause'),
      intro: say('sandbox.group.pause-intro'),
      acts: [
        act('pause', {
          fields: [
            {
              kind: 'select',
              name: 'behavior',
              label: say('sandbox.field.behavior'),
              options: ['void', 'keep_as_draft', 'mark_uncollectible'].map((value) => ({ value, label: value })),
            },
            { kind: 'number', name: 'days', label: say('sandbox.field.days'), value: 0, most: 365 },
          ],
        }),
        ...(one.pause_collection === null && one.status !== 'paused' ? [] : [act('resume')]),
      ],
    },
    {
      id: 'end',
      heading: say('sandbox.group.end'),
      intro: say('sandbox.group.end-intro'),
      acts: [
        ends ? act('keep') : act('cancel-at-end'),
        act('cancel', { grave: true }),
        act('status', {
          fields: [
            {
              kind: 'text',
              name: 'status',
              label: say('sandbox.field.status'),
              value: 'unheard_of',
              hint: say('sandbox.field.status-hint'),
            },
          ],
        }),
        {
          action: `/sandbox/customers/${idOf(one.customer)}/delete`,
          fields: [],
          hidden: [{ name: 'from', value: one.id }],
          submit: say('sandbox.act.delete-customer'),
          grave: true,
        },
        ...(item?.price.active
          ? [
              {
                action: `/sandbox/prices/${item.price.id}/archive`,
                fields: [],
                hidden: [{ name: 'from', value: one.id }],
                submit: say('sandbox.act.archive-price'),
              },
            ]
          : []),
      ],
    },
  ].filter(({ acts }) => acts.length > 0);
}

function chargeActs(world: World, language: Language, charge: Stripe.Charge, from: string): Act[] {
  const { say } = language;
  const about = say('sandbox.charge.about', {
    amount: money(language, charge.amount, charge.currency),
    date: dayOf(language, charge.created),
  });
  const hidden = [{ name: 'from', value: from }];
  const left = charge.amount_captured - charge.amount_refunded;
  const dispute = [...world.disputes.values()].find(
    (one) => idOf(one.charge) === charge.id && !['won', 'lost'].includes(one.status),
  );
  if (charge.status !== 'succeeded') return [];
  return [
    ...(left > 0
      ? [
          {
            action: `/sandbox/charges/${charge.id}/refund`,
            hidden,
            about,
            submit: say('sandbox.act.refund'),
            fields: [
              { kind: 'number' as const, name: 'amount', label: say('sandbox.field.cents'), value: left, most: left },
            ],
          },
        ]
      : []),
    ...(charge.disputed
      ? []
      : [
          {
            action: `/sandbox/charges/${charge.id}/dispute`,
            hidden,
            about,
            fields: [],
            submit: say('sandbox.act.dispute'),
          },
        ]),
    ...(dispute
      ? (['won', 'lost'] as const).map((status) => ({
          action: `/sandbox/disputes/${dispute.id}/close`,
          hidden: [...hidden, { name: 'status', value: status }],
          about,
          fields: [],
          submit: say(`sandbox.act.dispute-${status}`),
        }))
      : []),
  ];
}
