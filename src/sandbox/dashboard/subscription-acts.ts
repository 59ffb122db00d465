import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { idOf } from '../find';
import { cardChoices } from '../hosted/cards';
import { dayOf, money, priceOf } from '../hosted/money';
import type { World } from '../world';
import type { Act, ActGroup } from './page-types';

/** What the acts of one subscription are made from. */
interface Making {
  readonly world: World;
  readonly language: Language;
  readonly one: Stripe.Subscription;
  /** An act by its name, which is its address and its label. */
  readonly act: (name: string, more?: Partial<Act>) => Act;
}

/** Everything that can be done with a subscription, group by group; a group without acts is left out. */
export function groupsOf(world: World, language: Language, one: Stripe.Subscription): ActGroup[] {
  const { say } = language;
  const act: Making['act'] = (name, more = {}) => ({
    action: `/sandbox/subscriptions/${one.id}/${name}`,
    fields: [],
    submit: say(`sandbox.act.${name}`),
    ...more,
  });
  const making: Making = { world, language, one, act };
  return (
    [
      ['time', [act('renew'), ...(one.status === 'trialing' ? [act('end-trial')] : [])]],
      ['payment', paymentActs(making)],
      ['plan', planActs(making)],
      ['pause', pauseActs(making)],
      ['end', endActs(making)],
    ] as const
  )
    .filter(([, acts]) => acts.length > 0)
    .map(([id, acts]) => ({
      id,
      heading: say(`sandbox.group.${id}`),
      intro: say(`sandbox.group.${id}-intro`),
      acts,
    }));
}

function paymentActs({ language, act }: Making): Act[] {
  const { say } = language;
  return [
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
  ];
}

function planActs({ world, language, one, act }: Making): Act[] {
  const { say } = language;
  const [item] = one.items.data;
  const prices = [...world.prices.values()].filter(
    ({ active, currency, recurring }) => active && recurring && currency === one.currency,
  );
  return prices.length < 2
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
      ];
}

function pauseActs({ language: { say }, one, act }: Making): Act[] {
  return [
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
  ];
}

function endActs({ language: { say }, one, act }: Making): Act[] {
  const ends = one.cancel_at !== null || one.cancel_at_period_end;
  const [item] = one.items.data;
  return [
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
  ];
}

/** What can be done with a charge. @param from the subscription whose page leads there, and back. */
export function chargeActs(world: World, language: Language, charge: Stripe.Charge, from: string): Act[] {
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
