import type { Router } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { idOf } from '../find';
import { languageOf, show, type PageParts } from '../hosted/frame';
import { dayOf, priceOf } from '../hosted/money';
import type { World } from '../world';
import type { Act, ControlRow, OverviewPage } from './page-types';
import { doings, frameOf } from './frame';

const UNITS = ['hours', 'days', 'months'] as const;
const MOST = 400;

const move = z.strictObject({
  amount: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(MOST)),
  unit: z.enum(UNITS),
});

/** `/sandbox`: the clock, the subscriptions, and where everything else is. */
export function overviewRoutes(parts: PageParts): Router {
  const { world, acts } = parts.sandbox;
  const { router, on } = doings(parts);

  on(
    '/sandbox/clock',
    move,
    () => '/sandbox',
    async ({ amount, unit }, { say, code }) => {
      const before = world.happened;
      await acts.travel(later(world.now(), amount, unit));
      return say('sandbox.clock.moved', { time: timeOf(code, world.now()), n: world.happened - before });
    },
  );

  router
    .route('/sandbox')
    .get(async (req, res) => {
      const language = languageOf(parts, req, null);
      const { say, code } = language;
      const page: OverviewPage = {
        frame: frameOf(parts, language, req, say('sandbox.control'), 'overview'),
        now: timeOf(code, world.now()),
        ahead: say('sandbox.clock.ahead', {
          n: Math.floor(world.offset / 86_400),
          hours: Math.floor((world.offset % 86_400) / 3600),
        }),
        clock: clockActs(language),
        subscriptions: [...world.subscriptions.values()].reverse().map((one) => subscriptionRow(world, language, one)),
        facts: [
          { label: say('sandbox.fact.address'), text: world.url },
          { label: say('sandbox.fact.key'), text: world.apiKey },
          {
            label: say('sandbox.fact.retries'),
            text: say('sandbox.fact.retries-text', {
              days: world.settings.retryDays.join(', '),
              after: world.settings.afterLastAttempt,
            }),
          },
        ],
      };
      await show(parts, res, language, 'overview', say('sandbox.control'), page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function clockActs({ say }: Language): Act[] {
  const quick = (amount: number, unit: (typeof UNITS)[number]): Act => ({
    action: '/sandbox/clock',
    fields: [],
    submit: say(`sandbox.clock.${unit}`, { n: amount }),
    hidden: [
      { name: 'amount', value: String(amount) },
      { name: 'unit', value: unit },
    ],
  });
  return [
    quick(1, 'hours'),
    quick(1, 'days'),
    quick(7, 'days'),
    quick(1, 'months'),
    quick(12, 'months'),
    {
      action: '/sandbox/clock',
      fields: [
        { kind: 'number', name: 'amount', label: say('sandbox.clock.amount'), value: 3, most: MOST },
        {
          kind: 'select',
          name: 'unit',
          label: say('sandbox.clock.unit'),
          options: UNITS.map((value) => ({
            value,
            label: say(`sandbox.clock.unit-${value}`),
            chosen: value === 'days',
          })),
        },
      ],
      submit: say('sandbox.clock.move'),
    },
  ];
}

/** A subscription as a row of a list. */
export function subscriptionRow(world: World, language: Language, one: Stripe.Subscription): ControlRow {
  const { say } = language;
  const customer = world.customers.get(idOf(one.customer));
  const [item] = one.items.data;
  return {
    href: `/sandbox/subscriptions/${one.id}`,
    name: (customer && !customer.deleted ? (customer.email ?? customer.name) : null) ?? idOf(one.customer),
    note: item
      ? say('sandbox.subscription.row', {
          price: priceOf(language, item.price, item.quantity ?? 1),
          date: dayOf(language, item.current_period_end),
        })
      : one.id,
    state: one.status,
  };
}

/** That much later, in Unix seconds; a month keeps its day, or takes the last of a shorter one. */
export function later(from: number, amount: number, unit: (typeof UNITS)[number]): number {
  if (unit !== 'months') return from + amount * (unit === 'hours' ? 3600 : 86_400);
  const date = new Date(from * 1000);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + amount + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), last);
  return (
    Date.UTC(
      date.getUTCFullYear(),
      date.getUTCMonth() + amount,
      day,
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ) / 1000
  );
}

/** A moment in Unix seconds, day and time in UTC. */
export function timeOf(code: string, seconds: number): string {
  const format = new Intl.DateTimeFormat(code, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
  return `${format.format(new Date(seconds * 1000))} UTC`;
}
